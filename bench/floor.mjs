// The least that a run must do, with no line of the program: node bench/floor.mjs URL MANIFEST FOLDER
// Reads the manifest twice (nothing is sent before all of it is known), asks, writes an attempt and a result with their
// checksums as they come, reads the results back and writes two tables. No limits, retries, resume, locks or options.
import { hash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import pLimit from 'p-limit';
import { Pool } from 'undici';

const [url, manifest, folder] = process.argv.slice(2);
const read = () => parse(readFileSync(manifest), { columns: true });
const seen = new Set(read().map(({ id, prompt, target }) => hash('sha256', JSON.stringify([id, prompt, target]))));
const pool = new Pool(url, { connections: 64 });
const limit = pLimit(64);
mkdirSync(folder);
const descriptor = openSync(join(folder, 'journal.jsonl'), 'wx+');
let size = 0;
let seq = 0;
const append = (type, data) => {
  const body = `"seq":${seq},"type":"${type}","data":${JSON.stringify(data)}}`;
  const bytes = Buffer.from(`{"crc":"${crc32(body).toString(16).padStart(8, '0')}",${body}\n`);
  seq += 1;
  writeSync(descriptor, bytes, 0, bytes.length, size);
  const place = [size, bytes.length];
  size += bytes.length;
  return place;
};
const places = [];
const ask = async ({ id, prompt, target }, index) => {
  const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: prompt }] });
  const requestHash = hash('sha256', body).slice(0, 32);
  append('attempt', { requestHash, modelId: 'm0', attempt: 1, turn: 0 });
  const start = performance.now();
  const startedAt = new Date().toISOString();
  const reply = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const { choices, usage, model, id: requestId } = await reply.body.json();
  const answer = choices[0].message.content;
  const score = answer.trim().toLowerCase() === target.toLowerCase() ? 1 : 0;
  places[index] = append('result', {
    ...{ sampleId: id, modelId: 'm0', repeat: 0, sampleIndex: index, requestHash },
    sample: { prompt, images: [], audio: [], target: [target], group: null, tags: [], metadata: {} },
    ...{ scorers: ['exact'], status: 'completed', outcome: 'answered', answer, usage: { ...usage, raw: usage } },
    scores: [{ scorer: 'exact', value: score, raw: score, unit: '', explanation: '' }],
    ...{ score, finishReason: choices[0].finish_reason, attempts: 1, servedModel: model, requestId, costUsd: null },
    timing: { startedAt, queueMs: 0, retryWaitMs: 0, latencyMs: performance.now() - start, firstTokenMs: null },
  });
};
await Promise.all(read().map((row, index) => limit(() => ask(row, index))));
await pool.close();
const buffer = Buffer.alloc(1 << 16);
const long = [];
const wide = [];
let score = 0;
for (const [offset, length] of places) {
  readSync(descriptor, buffer, 0, length, offset);
  const { data: result } = JSON.parse(buffer.toString('utf8', 0, length));
  score += result.score;
  const { sampleId, sample, answer, usage, timing } = result;
  wide.push([sampleId, sample.prompt, '', '', sample.target[0], answer, result.score, timing.latencyMs]);
  const counts = [usage.prompt_tokens, usage.completion_tokens, usage.total_tokens];
  const clocks = [timing.latencyMs, timing.queueMs, timing.retryWaitMs, result.attempts];
  const text = [sampleId, 'm0', result.status, answer, sample.target[0], result.finishReason, result.outcome];
  long.push([...text, result.score, ...clocks, ...counts, '', '', '', '', timing.startedAt, '', '', sample.prompt]);
}
writeFileSync(join(folder, 'results.csv'), stringify(long));
writeFileSync(join(folder, 'compare.csv'), stringify(wide));
if (seen.size !== places.length) throw new Error(`${places.length} results of ${seen.size} samples, score ${score}`);
