// Writes a run folder as a finished run leaves it, of any size, without running it.

import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { seededRandom } from '../datasets/generator/random.mjs';
import { encodeLine } from '../dist/journal/journal-line.js';
import { scorerInfo } from '../dist/scorers/registry.js';

/** With another version, a report would score the answers again. */
const { version } = scorerInfo({ name: 'exact' });

/** Models that pass nine in ten samples, every sample with its own prompt, a tenth of them sharing an image, three slices. */
export async function writeRun(directory, sampleCount, modelCount, imageOf = invoiceOf) {
  const ids = Array.from({ length: modelCount }, (_, index) => `m${index}`);
  const infos = ids.map((id) => ({ id, provider: 'openai', model: id }));
  mkdirSync(directory);
  const info = {
    format: 'earsight-run',
    formatVersion: 1,
    runId: 'bench',
    name: 'bench',
    earsightVersion: '0.0.0',
    nodeVersion: process.versions.node,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T01:00:00.000Z',
    wallMs: 3_600_000,
    dataset: { path: 'manifest.csv', sha256: 'bench', samples: sampleCount, mediaRoot: '.' },
    models: infos,
    repeat: 1,
    counts: { completed: sampleCount * modelCount, failed: 0, skipped: 0, missing: 0 },
    selection: {},
    config: {},
  };
  writeFileSync(`${directory}/run.json`, JSON.stringify(info));
  const random = seededRandom(1);
  const out = createWriteStream(`${directory}/journal.jsonl`);
  const runIdentity = {
    dataset: 'bench',
    samples: sampleCount,
    repeat: 1,
    scorers: [{ name: 'exact' }],
    models: ids.map((id) => ({ id, wire: { model: id }, params: {}, system: null, template: null, media: null })),
  };
  let seq = 0;
  let text = encodeLine(seq++, {
    type: 'header',
    data: { format: 'earsight-journal', version: 1, runId: 'bench', runIdentity },
  });
  for (let index = 0; index < sampleCount; index += 1) {
    for (const [place, modelId] of ids.entries()) {
      const data = resultOf(index, modelId, imageOf(index), random);
      text += encodeLine(seq++, { type: 'result', cell: index * modelCount + place, data });
    }
    if (text.length < 2 ** 20) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
}

function invoiceOf(index) {
  return `images/invoice-${index % 10 === 0 ? index % 1000 : index}.png`;
}

function resultOf(index, modelId, image, random) {
  const hex = index.toString(16).padStart(32, '0');
  const value = random() < 0.9 ? 1 : 0;
  const promptTokens = 800 + (index % 50);
  const completionTokens = 10 + (index % 9);
  return {
    sampleId: `sample-${index}`,
    modelId,
    repeat: 0,
    sampleIndex: index,
    sampleKey: hex,
    requestHash: hex,
    sample: {
      prompt: `What is the total of invoice ${index}, in euros and cents?`,
      images: [image],
      audio: [],
      target: [`${index % 977}.10`],
      group: null,
      tags: [],
      metadata: { lang: ['de', 'en', 'fr'][index % 3] },
    },
    attempts: 1,
    timing: {
      startedAt: '2026-01-01T00:00:00.000Z',
      queueMs: 3.1,
      retryWaitMs: 0,
      latencyMs: 400 + Math.floor(400 * random()),
      firstTokenMs: null,
    },
    usage: {
      promptTokens,
      completionTokens,
      totalTokens: promptTokens + completionTokens,
      cachedTokens: 0,
      cacheWriteTokens: null,
      reasoningTokens: null,
      audioTokens: null,
      imageTokens: 765,
      textTokens: null,
    },
    costUsd: promptTokens * 1e-6,
    tokensSource: 'endpoint',
    servedModel: `${modelId}-2026-01-01`,
    requestId: `req-${index}`,
    scorers: ['exact'],
    scores: [{ scorer: 'exact', version, value, raw: value, unit: 'match' }],
    status: 'completed',
    outcome: 'answered',
    answer: value === 1 ? `${index % 977}.10` : 'I cannot read the total.',
    finishReason: 'stop',
    score: value,
  };
}
