import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Result } from '../../src/result.ts';
import { workspace } from '../helpers/cli.ts';
import { answered } from '../helpers/results.ts';
import { writeRun } from '../helpers/run-folder.ts';

const CONFIG = `dataset: manifest.csv
models:
  - {id: old, provider: openai, endpoint: "http://127.0.0.1:9/v1", model: x, auth: {type: none}, params: {maxTokens: 10}, price: {promptPerMillion: 1, completionPerMillion: 2}}
  - {id: new, provider: openai, endpoint: "http://127.0.0.1:9/v1", model: y, auth: {type: none}, params: {maxTokens: 10}, price: {promptPerMillion: 2, completionPerMillion: 4}}
`;
const MANIFEST = `id,prompt,target\n${Array.from({ length: 40 }, (_, index) => `s${index},p,yes\n`).join('')}`;

/** The old model fails every fifth sample, the new one every fourth of the others. */
const scoreOf = {
  old: (index: number) => (index % 5 === 0 ? 0 : 1),
  new: (index: number) => (index % 4 === 1 ? 0 : 1),
};

function project(results: readonly Result[] = pilot(40)) {
  const folder = workspace({ 'earsight.config.yaml': CONFIG, 'manifest.csv': MANIFEST });
  writeRun(join(folder.directory, 'pilot'), results);
  return folder;
}

function pilot(samples: number): readonly Result[] {
  return Array.from({ length: samples }, (_, index) =>
    (['old', 'new'] as const).map((model) => answered(scoreOf[model](index), { model, index })),
  ).flat();
}

describe('from a pilot', () => {
  test('says samples, calls and cost, with pairs and without', async () => {
    using folder = project();

    const { code, stdout } = await folder.run(['estimate', '--detect', '5', '--pilot', 'pilot']);

    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('../golden/estimate-detect.txt');
  });

  test('the document has the same figures', async () => {
    using folder = project();

    const { stdout } = await folder.run(['estimate', '--detect', '5', '--pilot', 'pilot', '--json']);

    const { detection } = JSON.parse(stdout);
    expect(detection).toMatchObject({
      difference: 0.05,
      power: 0.8,
      source: { pilot: 'pilot', samples: 40, repeats: 1 },
    });
    const [pair] = detection.pairs;
    expect(pair).toMatchObject({ a: 'old', b: 'new', discordant: 0.35, rows: [{ repeats: 1, method: 'mcnemar' }] });
    const { paired, unpaired } = pair.rows[0];
    expect(paired.calls).toBe(2 * paired.samples);
    expect(paired.samplesLow).toBeLessThan(paired.samples);
    expect(paired.samplesHigh).toBeGreaterThan(paired.samples);
    // sd^2 is 0.16 + 0.19 without pairs, and 0.35 with them: these two models fail independently.
    expect(unpaired.samples / paired.samples).toBeCloseTo(1, 0);
  });

  test.each([
    [
      'a pilot that lacks a model',
      pilot(40).filter(({ modelId }) => modelId === 'old'),
      'the pilot has no model "new"',
    ],
    ['a small one', pilot(8), 'too few'],
    [
      'one without any difference',
      Array.from({ length: 12 }, (_, index) => ['old', 'new'].map((model) => answered(1, { model, index }))).flat(),
      'same scores on all 12',
    ],
  ])('%s is no ground for a promise', async (_, results, words) => {
    using folder = project(results);

    const { code, stdout, stderr } = await folder.run(['estimate', '--detect', '5', '--pilot', 'pilot']);

    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
  });
});

test('assumptions are printed beside what follows from them', async () => {
  using folder = project();

  const { code, stdout } = await folder.run([
    'estimate',
    '--detect',
    '10',
    '--assume',
    'discordant=0.25',
    'score=0.8',
    'noise=0.5',
  ]);

  expect(code).toBe(0);
  expect(stdout).toContain('assumed, not measured: discordant=0.25, score=0.8, noise=0.5');
  expect(stdout).toMatch(/\n +1 +207 /);
  expect(stdout).toMatch(/\n +5 +\d+ /);
});

test.each([
  [['--detect', '3'], 'needs to know how much the scores vary'],
  [['--detect', '0', '--assume', 'discordant=0.2'], '--detect is 0'],
  [['--detect', '100', '--assume', 'discordant=0.2'], '--detect is 100'],
  [['--detect', '3', '--assume', 'discordant=0.2', '--power', '1'], '--power is 1'],
  [['--detect', '30', '--assume', 'discordant=0.2'], 'cannot make a difference of 30 points'],
  [['--detect', '3', '--assume', 'discordant=0.2', '--pilot', 'pilot'], 'leave out one of them'],
  [['--pilot', 'pilot'], '--pilot needs --detect'],
  [['--detect', '3', '--assume', 'discordant=0.2', '--model', 'old'], 'only "old"'],
])('%j is rejected', async (options, words) => {
  using folder = project();

  const { code, stderr } = await folder.run(['estimate', ...options]);

  expect(code).toBe(2);
  expect(stderr).toContain(words);
});
