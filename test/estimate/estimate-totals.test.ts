import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellEstimate } from '../../src/estimate/estimate-cell.ts';
import { createEstimateTotals } from '../../src/estimate/estimate-totals.ts';
import { NO_UNIT_ESTIMATE } from '../../src/tokens/billed-units.ts';
import { priceEstimate } from '../../src/tokens/price-estimate.ts';
import { banded, NO_TOKENS, type TokenEstimate } from '../../src/tokens/token-estimate.ts';
import type { ModelConfig } from '../../src/types.ts';

const MODEL: ModelConfig = {
  id: 'm',
  provider: 'openai',
  model: 'nobody-knows',
  modalities: ['text', 'image'],
  params: {},
  limits: { concurrency: 1, timeoutMs: 1, retries: 0 },
  price: { promptPerMillion: 0.07, imagePromptPerMillion: 0.3, completionPerMillion: 1.1 },
};

const NOTHING = { messages: [], followUps: [], targets: [] };

type Estimated = Extract<CellEstimate, { readonly status: 'estimated' }>;

const exactly = (tokens: number) => banded(tokens, [tokens, tokens], 'a', 'exact');

function cellOf(index: number, text: TokenEstimate, image: TokenEstimate, model = MODEL): Estimated {
  const parts = {
    text,
    template: NO_TOKENS,
    image,
    audio: NO_TOKENS,
    completion: banded(9, [1, 20], 'guess', 'guess'),
  };
  const estimate = { parts, prompt: text, spoken: NO_TOKENS, units: NO_UNIT_ESTIMATE, warnings: [], problems: [] };
  const sample = {
    ...{ id: `s${index}`, index, line: index + 1, messages: [], turns: [], target: [], group: null },
    ...{ tags: [], metadata: {} },
  };
  const request = { sample, model, conversation: NOTHING, params: {}, unsupported: null, requestHash: '' };
  return { status: 'estimated', request, requestCount: 1, estimate, cost: priceEstimate(estimate, model) };
}

const tokens = fc
  .tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999), fc.constantFrom('a', 'b', 'c'))
  .map(([low, middle, high, rule]) => banded(low + middle, [low, low + middle + high], rule, 'close'));
const cells = fc
  .array(fc.tuple(tokens, tokens), { minLength: 1, maxLength: 30 })
  .map((list) => list.map(([text, image], index) => cellOf(index, text, image)));

function totalsOf(added: readonly (readonly [CellEstimate, number])[]) {
  const totals = createEstimateTotals(['m']);
  for (const [cell, times] of added) totals.add(cell, times);
  return totals.models().get('m');
}

test('a cell with n repeats counts as n cells, to the last fraction of a cent', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 5 }), (list, times) => {
      const { dearest: _, ...atOnce } = totalsOf(list.map((cell) => [cell, times])) ?? { dearest: [] };
      const oneByOne = list.flatMap((cell) => Array.from({ length: times }, () => [cell, 1] as const));
      const { dearest: __, ...repeated } = totalsOf(oneByOne) ?? { dearest: [] };

      expect(atOnce).toEqual(repeated);
    }),
  );
});

test('bounds stay in order, the order of cells does not matter, and parts add up to the cost', () => {
  fc.assert(
    fc.property(cells, (list) => {
      const totals = totalsOf(list.map((cell) => [cell, 1]));
      const reversed = totalsOf(list.toReversed().map((cell) => [cell, 1]));
      const { text, image, completion } = totals?.costByPart ?? {};

      expect(reversed?.cost).toEqual(totals?.cost);
      expect(reversed?.parts.text.expected).toBe(totals?.parts.text.expected);
      expect(totals?.cost?.low).toBeLessThanOrEqual(totals?.cost?.expected ?? 0);
      expect(totals?.cost?.expected).toBeLessThanOrEqual(totals?.cost?.high ?? 0);
      expect((text ?? 0) + (image ?? 0) + (completion ?? 0)).toBeCloseTo(totals?.cost?.expected ?? 0, 12);
    }),
  );
});

test('lists each rule once and reports the lowest confidence', () => {
  const totals = totalsOf([
    [cellOf(0, banded(1, [1, 1], 'a', 'exact'), NO_TOKENS), 1],
    [cellOf(1, banded(2, [1, 3], 'b + a', 'rough'), NO_TOKENS), 1],
  ]);

  expect(totals?.parts.text).toEqual({ low: 2, expected: 3, high: 4, rules: ['a', 'b'], confidence: 'rough' });
  expect(totals?.parts.image).toEqual({ low: 0, expected: 0, high: 0, rules: [], confidence: 'exact' });
});

test('keeps the ten most expensive samples over all repeats; without a price those with the most tokens', () => {
  const { price: _, ...unpriced } = MODEL;
  const many = Array.from({ length: 12 }, (__, index) => [cellOf(index, exactly(10 + index), NO_TOKENS), 1] as const);
  const dearest = totalsOf([...many, [cellOf(20, exactly(15), NO_TOKENS), 3]])?.dearest ?? [];
  const largest = totalsOf([
    [cellOf(0, exactly(100), NO_TOKENS, unpriced), 1],
    [cellOf(1, exactly(60), NO_TOKENS, unpriced), 3],
    [cellOf(2, exactly(200), NO_TOKENS, unpriced), 1],
  ])?.dearest;

  expect(dearest.map(({ sampleId }) => sampleId)).toEqual([
    's20',
    ...[11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `s${n}`),
  ]);
  expect(dearest[0]).toEqual({ sampleId: 's20', line: 21, tokens: 3 * (15 + 9), costUsd: 0.00003285 });
  expect(largest?.map(({ sampleId, tokens }) => [sampleId, tokens])).toEqual([
    ['s2', 209],
    ['s1', 207],
    ['s0', 109],
  ]);
});

test('counts cells without an estimate with their repeats and at no cost', () => {
  const { request } = cellOf(0, NO_TOKENS, NO_TOKENS);
  const totals = totalsOf([
    [{ status: 'skipped', request, reason: 'no images' }, 3],
    [{ status: 'unusable', request, reason: 'torn' }, 2],
    [cellOf(1, exactly(5), NO_TOKENS), 0],
  ]);

  expect(totals).toMatchObject({ cells: 0, requests: 0, skipped: 3, unusable: 2, cost: null, dearest: [] });
});

test('counts cells without a rate with their repeats, and their part has no cost', () => {
  const audio = { ...cellOf(0, exactly(5), NO_TOKENS), requestCount: 2 };
  const cost = { ...audio.cost, ...{ low: null, expected: null, high: null, expectedPico: null } };
  const unpriced = { ...audio, cost: { ...cost, byPart: { audio: null }, unpricedParts: ['audio'] as const } };
  const priced = { ...audio, cost: { ...audio.cost, byPart: { audio: 1 } } };

  expect(totalsOf([[unpriced, 2]])).toMatchObject({ cells: 2, requests: 4, unpricedCells: 2, cost: null });
  expect(
    totalsOf([
      [unpriced, 2],
      [priced, 1],
    ]),
  ).toMatchObject({
    unpricedCells: 2,
    cost: { low: priced.cost.low },
    costByPart: { audio: null },
    unpricedParts: ['audio'],
  });
});

test('reports a kind of warning once with the number of the others, for the first model that has it', () => {
  const totals = createEstimateTotals(['m', 'n']);
  const [own, other] = [MODEL, { ...MODEL, id: 'n' }];
  const add = (model: ModelConfig, code: 'no_facts' | 'unknown_text', message: string) => {
    const cell = cellOf(0, NO_TOKENS, NO_TOKENS, model);
    totals.add({ ...cell, estimate: { ...cell.estimate, warnings: [{ code, message }] } }, 1);
  };
  for (const message of ['a.png is away', 'b.png is away', 'c.png is away']) add(own, 'no_facts', message);
  add(other, 'no_facts', 'a.png is away');
  for (const model of [own, other, own]) add(model, 'unknown_text', `text of ${model.id}`);

  expect(totals.warnings()).toEqual(['a.png is away (and 2 more)', 'text of m', 'text of n']);
});
