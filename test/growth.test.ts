/** Readers whose work must not grow with the square of their input, by counts of steps and bytes instead of time. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config/load-config.ts';
import { createSampleParser } from '../src/dataset/parse-sample.ts';
import { readManifest } from '../src/dataset/read-manifest.ts';
import { InputError } from '../src/errors.ts';
import { chatFold } from '../src/providers/chat-stream.ts';
import { generateFold } from '../src/providers/generate-reply.ts';
import { overview } from '../src/reporters/overview.ts';
import { countWork } from './helpers/count-work.ts';

const folder = mkdtempSync(join(tmpdir(), 'earsight-growth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = 1000;
/** Twice the input takes at most this much more; the square would take four times as much. */
const MOST_GROWTH = 2.4;

async function growthOf(run: (size: number) => unknown): Promise<number> {
  await run(10);
  const small = await countWork(() => run(SMALL));
  return (await countWork(() => run(2 * SMALL))) / small;
}

const lines = (size: number, line: (index: number) => string) =>
  Array.from({ length: size }, (_, i) => line(i)).join('');

async function config(text: string): Promise<unknown> {
  writeFileSync(join(folder, 'm.csv'), 'prompt\nhi\n');
  writeFileSync(join(folder, 'c.yaml'), text);
  try {
    return await loadConfig('c.yaml', { cwd: folder, env: {} });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

async function manifest(name: string, text: string): Promise<number> {
  const path = join(folder, name);
  writeFileSync(path, text);
  let problems = 0;
  const report = () => {
    problems += 1;
  };
  for await (const _ of readManifest({ path, displayPath: name }, report));
  return problems;
}

const MODEL = (more: string) => `dataset: m.csv\nmodels: [{id: a, provider: openai, model: a, ${more}}]\n`;

describe('the work grows with the input, not with its square:', () => {
  test.each<[string, (size: number) => string]>([
    ['members', (size) => lines(size, (index) => `k${index}: 1\n`)],
    ['members in braces', (size) => `{${lines(size, (index) => `k${index}: 1, `)}}`],
    ['extra members', (size) => MODEL(`extraBody: {${lines(size, (index) => `k${index}: 1, `)}}`)],
    [
      'missing variables',
      (size) => MODEL(`headers: {${lines(size, (index) => `x-${index}: "\${NOT_SET_${index}}", `)}}`),
    ],
    [
      'keys in plain text',
      (size) => MODEL(`extraBody: {${lines(size, (index) => `k${index}: "sk-${'a'.repeat(20)}", `)}}`),
    ],
    ['scorers', (size) => `${MODEL('')}scorers: [${lines(size, (index) => `s${index}, `)}]\n`],
    ['models', (size) => `models:\n${lines(size, (index) => `  - {id: m${index}, provider: opnai}\n`)}`],
    ['aliases', (size) => `a: &a 1\nb: [${'*a, '.repeat(size)}]\n`],
    ['aliases without an anchor', (size) => `b: [${'*a, '.repeat(size)}]\n`],
  ])('a configuration with many %s', async (_, text) => {
    expect(await growthOf((size) => config(text(size)))).toBeLessThan(MOST_GROWTH);
  });

  test.each<[string, (size: number) => string]>([
    ['members in YAML', (size) => `- prompt: hi\n${lines(size, (index) => `  k${index}: 1\n`)}`],
  ])('a manifest with many %s', async (_, text) => {
    expect(await growthOf((size) => manifest('m.yaml', text(size)))).toBeLessThan(MOST_GROWTH);
  });

  test('numbered targets of one sample', async () => {
    const run = (size: number) => {
      const targets = Object.fromEntries(Array.from({ length: size }, (_, index) => [`target_${index}`, 'a']));
      createSampleParser()({ line: 1, values: { prompt: 'hi', ...targets } }, () => undefined);
    };
    expect(await growthOf(run)).toBeLessThan(MOST_GROWTH);
  });

  test('tool calls of a stream', async () => {
    const run = (size: number) => {
      const fold = chatFold();
      for (let index = 0; index < size; index += 1) fold.add({ choices: [{ delta: { tool_calls: [{ index }] } }] });
      return fold.body();
    };
    expect(await growthOf(run)).toBeLessThan(MOST_GROWTH);
  });

  test('parts of a stream', async () => {
    const run = (size: number) => {
      const fold = generateFold();
      for (let index = 0; index < size; index += 1) fold.add({ candidates: [{ content: { parts: [{ text: 'a' }] } }] });
      return fold.body();
    };
    expect(await growthOf(run)).toBeLessThan(MOST_GROWTH);
  });

  test('models of a summary', async () => {
    const run = (size: number) => {
      const models = Array.from({ length: size }, (_, index) => ({ id: `m${index}`, provider: 'openai', model: 'a' }));
      const row = { slice: 'all', n: 1, value: 1, ciLow: null, ciHigh: null, ciMethod: '', missing: 0 };
      const summary = models.map(({ id }) => ({ ...row, model: id, metric: 'score' }));
      return overview(
        {
          ...{ format: 'earsight-run', formatVersion: 1, runId: 'r', name: 'n', earsightVersion: '', nodeVersion: '' },
          ...{ createdAt: '', finishedAt: null, wallMs: 0, dataset: { path: '', sha256: '', samples: 1 }, models },
          ...{ repeat: 1, counts: { completed: 1, failed: 0, skipped: 0, missing: 0 }, selection: {}, config: {} },
        },
        summary,
      );
    };
    expect(await growthOf(run)).toBeLessThan(MOST_GROWTH);
  });
});

describe('a manifest is bounded:', () => {
  test('a header of a million columns is one problem', async () => {
    expect(await manifest('wide.csv', `prompt${',a'.repeat(1_000_000)}\nhi\n`)).toBe(1);
  });

  test('a sample of more members than a spreadsheet has columns is one problem', async () => {
    const members = lines(20_000, (index) => `"k${index}":1,`);
    expect(await manifest('wide.jsonl', `{${members}"prompt":"hi"}\n`)).toBe(1);
  });

  test('more metadata names than a spreadsheet has columns are a problem of the row that adds one', async () => {
    expect(
      await manifest(
        'names.jsonl',
        lines(16_385, (index) => `{"prompt":"hi","k${index}":1}\n`),
      ),
    ).toBe(1);
  });

  test('more anchors and aliases than the parser can look up are one problem', async () => {
    const pairs = lines(10_000, (index) => `- &a${index} {prompt: p${index}}\n- *a${index}\n`);
    expect(await manifest('anchors.yaml', pairs)).toBe(1);
  });

  test('too many models crossed with variants are one problem', async () => {
    const models = lines(101, (index) => `  - {id: m${index}, provider: local, model: ocr-ppv4}\n`);
    const variants = lines(100, (index) => `  - {id: v${index}}\n`);
    const error = await config(`dataset: m.csv\nmodels:\n${models}variants:\n${variants}`);

    expect(String(error)).toContain('models and variants give 10100 models, more than 10000 · compare fewer at once');
  });

  test('a configuration shows a thousand problems and the number of the others', async () => {
    const error = await config(lines(1500, (index) => `k${index}: 1\n`));

    expect(error instanceof InputError ? error.problems.length : 0).toBe(1001);
    expect(String(error)).toMatch(/has 502 more problems$/);
  });

  test('two megabytes of brackets are one problem in every format', async () => {
    const brackets = '['.repeat(2_000_000);
    for (const name of ['b.jsonl', 'b.yaml']) expect(await manifest(name, brackets)).toBe(1);
    expect(await config(brackets)).toBeInstanceOf(InputError);
  });
});
