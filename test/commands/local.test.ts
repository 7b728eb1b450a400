import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { readRows } from '../helpers/tables.ts';

const FILES = {
  'sign.png': pngBytes(),
  'clip.wav': wavBytes(),
  'manifest.csv': 'id,prompt,image,audio\nsign,Read it.,sign.png,\nclip,Transcribe.,,clip.wav\nword,Hello?,,\n',
};
const configOf = (endpoint: string, more = '') => `dataset: manifest.csv
models:
  - {id: reader, provider: local, endpoint: "${endpoint}/v1", model: ocr-tesseract}
  - {id: listener, provider: local, endpoint: "${endpoint}/v1", model: asr-open}
${more}`;

/** Long enough for requests that are in flight together to arrive together. */
const TURNS = 50;

test('asks each embedded model only for its own medium, and calls it free', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(endpoint.url) });

  const { code, stdout, stderr } = await folder.run(['run', '--out', 'out']);

  expect(code).toBe(0);
  expect(
    readRows(folder, 'out').map(({ sample_id, model, status, cost_usd }) => [sample_id, model, status, cost_usd]),
  ).toEqual([
    ['sign', 'reader', 'completed', '0'],
    ['sign', 'listener', 'skipped', ''],
    ['clip', 'reader', 'skipped', ''],
    ['clip', 'listener', 'completed', '0'],
    ['word', 'reader', 'completed', '0'],
    ['word', 'listener', 'completed', '0'],
  ]);
  expect(stderr).not.toContain('$');
  expect(stderr).toContain('reader skips 1 of 3 samples, the first on this line: audio; the model takes text, image');
  for (const text of [stdout, folder.read('out/report.md')]) {
    expect(text.match(/\bfree\b/g)).toHaveLength(2);
    expect(text).not.toContain('unpriced');
  }
  expect((await folder.run(['report', 'out'])).stdout).not.toContain('unpriced');
});

test('sends one request at a time to each embedded model, also when variants share it', async () => {
  const inFlight = new Map<string, number>();
  const most = new Map<string, number>();
  await using endpoint = await startEndpoint(async ({ json }) => {
    const { model } = json as { readonly model: string };
    inFlight.set(model, (inFlight.get(model) ?? 0) + 1);
    most.set(model, Math.max(most.get(model) ?? 0, inFlight.get(model) ?? 0));
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
    inFlight.set(model, (inFlight.get(model) ?? 0) - 1);
    return { json: chatCompletion('yes') };
  });
  using folder = workspace({
    'manifest.csv': `id,prompt\n${Array.from({ length: 12 }, (_, index) => `s${index},Hello?\n`).join('')}`,
    'earsight.config.yaml': configOf(endpoint.url, 'variants: [{id: a}, {id: b, system: Be brief.}]\n'),
  });

  const { code } = await folder.run(['run', '--out', 'out']);

  expect(code).toBe(0);
  expect(endpoint.requests).toHaveLength(48);
  expect(Object.fromEntries(most)).toEqual({ 'ocr-tesseract': 1, 'asr-open': 1 });
});

test('a budget needs no price for an embedded model, and an estimate calls it free', async () => {
  using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf('http://127.0.0.1:1', 'maxCost: 1\n') });

  const validated = await folder.run(['validate']);
  const { stdout } = await folder.run(['estimate', '--details']);
  const json = JSON.parse((await folder.run(['estimate', '--json'])).stdout);

  expect(validated.code).toBe(0);
  expect(stdout).not.toContain('unpriced');
  expect(stdout).toMatch(/^ {2}price: free$/m);
  expect(json).toMatchObject({
    costUsd: { low: 0, expected: 0, high: 0 },
    unpricedCells: 0,
    models: [
      { costUsd: { expected: 0 }, priceSource: 'free' },
      { costUsd: { expected: 0 }, priceSource: 'free' },
    ],
  });
});

test('a configured price is the price', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({
    ...FILES,
    'earsight.config.yaml': configOf(endpoint.url).replaceAll(
      '}\n',
      ', price: {promptPerMillion: 1000, completionPerMillion: 0}}\n',
    ),
  });

  const { stdout } = await folder.run(['run', '--out', 'out', '--sample', 'word']);

  expect(stdout).not.toContain('free');
  expect(Number(readRows(folder, 'out')[0]?.['cost_usd'])).toBeGreaterThan(0);
});

test('the report of a run calls its embedded models free', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(endpoint.url) });
  await folder.run(['run', '--out', 'out']);

  const { stdout, stderr } = await folder.run(['report', 'out', '--reporter', 'json'], {
    now: () => Date.parse('2030-01-01'),
  });

  expect(stdout).toContain('free');
  expect(stderr).not.toContain('warning');
  expect(JSON.parse(folder.read('out/report.json'))).toMatchObject({ warnings: [] });
});

test('the reports of a run warn of models that are retired by then', async () => {
  await using endpoint = await startEndpoint();
  using folder = workspace({
    ...FILES,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels: [{id: a, provider: azure, endpoint: "${endpoint.url}/models", model: gpt-4o, auth: {type: none}}]\n`,
  });
  await folder.run(['run', '--out', 'out', '--sample', 'word']);
  expect(folder.read('out/report.md')).not.toContain('retired');

  const { stderr } = await folder.run(['report', 'out', '--reporter', 'markdown', 'json'], {
    now: () => Date.parse('2026-10-01'),
  });

  const warning = "a: gpt-4o was retired on Azure on 2026-10-01 by Microsoft's schedule of 2026-07-07";
  expect(stderr).toContain(`warning: ${warning}\n`);
  expect(folder.read('out/report.md')).toContain(`- ${warning}`);
  expect(JSON.parse(folder.read('out/report.json'))).toMatchObject({ warnings: [warning] });
});
