import { expect, test } from 'vitest';
import { type ProgressState, progressLine, progressLines, timeLeft } from '../../src/progress/progress-lines.ts';
import type { ProgressFigures } from '../../src/progress/run-meter.ts';

const FIGURES: ProgressFigures = {
  done: 1234,
  total: 5000,
  failures: [
    { kind: 'rate_limit', count: 2 },
    { kind: 'timeout', count: 1 },
  ],
  skips: [{ kind: 'unsupported', count: 40 }],
  perSecond: 12.34,
  leftMs: 312_000,
  tokensPerMinute: 234_567,
  spentUsd: 0.000_214,
  expectedUsd: 0.0021,
  unpriced: 0,
  models: [
    {
      id: 'azure-foundry-phi-4-multimodal-instruct-eastus2-production-a',
      done: 412,
      total: 1000,
      inFlight: 8,
      waiting: 0,
    },
    {
      id: 'azure-foundry-phi-4-multimodal-instruct-eastus2-production-b',
      done: 380,
      total: 1000,
      inFlight: 3,
      waiting: 12,
    },
    {
      id: '音声認識モデル多言語版二〇二五年秋季東京地域本番環境甲乙丙',
      done: 442,
      total: 1000,
      inFlight: 0,
      waiting: 9,
    },
    { id: 'gpt-4o-mini@terse', done: 0, total: 1000, inFlight: 0, waiting: 0 },
    { id: 'local', done: 1000, total: 1000, inFlight: 0, waiting: 0 },
  ],
};

const STATE: ProgressState = {
  figures: FIGURES,
  waits: new Map([[FIGURES.models[2]?.id ?? '', 31_000]]),
  stopped: new Set(['gpt-4o-mini@terse']),
  maxCostUsd: null,
};

const withFigures = (figures: Partial<ProgressFigures>): ProgressState => ({
  ...STATE,
  figures: { ...FIGURES, ...figures },
});

test('equals its golden file', async () => {
  const blocks = [120, 80, 60, 50].map(
    (width) => `${width} columns\n${progressLines(STATE, { width, rows: 24 }).join('\n')}\n`,
  );

  await expect(`${blocks.join('\n')}\nlog\n${progressLine(STATE)}\n`).toMatchFileSnapshot('../golden/progress.txt');
});

test('there is one line when the terminal is low or the models are many', () => {
  const model = FIGURES.models[0];
  const many = withFigures({ models: model === undefined ? [] : Array(9).fill(model) });

  expect(progressLines(STATE, { width: 120, rows: 7 })).toHaveLength(1);
  expect(progressLines(many, { width: 120, rows: 50 })).toHaveLength(1);
  expect(progressLine(many)).toContain('72 in flight to 9 models');
});

test.each([
  [{ spentUsd: null, expectedUsd: null }, null],
  [{ spentUsd: 0, expectedUsd: 0 }, null],
  [{ spentUsd: 0.000_000_12, expectedUsd: null }, '$0.00000012'],
  [{ spentUsd: 1.5, expectedUsd: 12 }, '$1.50 of about $12.00'],
  [{ spentUsd: 1.5, expectedUsd: 12, unpriced: 3 }, '≥$1.50 of at least $12.00'],
  [{ spentUsd: 1.5, expectedUsd: 1.5, done: 5000 }, '$1.50'],
])('costs of %j are shown as %s', (figures, shown) => {
  const parts = progressLine(withFigures(figures)).split(' · ');

  expect(parts.find((part) => part.includes('$')) ?? null).toBe(shown);
});

test('a limit of the cost is shown beside it', () => {
  expect(progressLine({ ...STATE, maxCostUsd: 5 })).toContain('$0.000214 of about $0.0021, limit $5.00');
});

test.each([
  [0, '0 s'],
  [500, '1 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [312_000, '6 min'],
  [7_199_000, '120 min'],
  [7_200_000, '2 h 0 min'],
  [100_000_000, '27 h 46 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms are shown as %s', (ms, shown) => {
  expect(timeLeft(ms)).toBe(shown);
});

test.each([
  [9876, '9,876 tokens/min'],
  [9999.6, '10k tokens/min'],
  [234_567, '235k tokens/min'],
  [999_600, '1.00M tokens/min'],
  [12_345_678, '12.3M tokens/min'],
])('%d tokens a minute are shown as %s', (tokensPerMinute, shown) => {
  expect(progressLine(withFigures({ tokensPerMinute }))).toContain(shown);
});

test('names, which may be anything, are escaped', () => {
  const id = '\u001b[2J\u202e';
  const hostile = withFigures({ models: [{ id, done: 0, total: 1, inFlight: 1, waiting: 0 }] });
  const state = { ...hostile, waits: new Map([[id, 1]]) };

  for (const line of [progressLine(state), ...progressLines(state, { width: 80, rows: 24 })])
    expect(line).not.toMatch(/[\u001b\u202e]/u);
});
