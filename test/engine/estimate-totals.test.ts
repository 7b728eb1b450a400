import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellEstimate } from '../../src/engine/estimate-cell.ts';
import { createEstimateTotals } from '../../src/engine/estimate-totals.ts';
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

function cellOf(index: number, text: TokenEstimate, image: TokenEstimate): CellEstimate {
  const parts = {
    text,
    template: NO_TOKENS,
    image,
    audio: NO_TOKENS,
    completion: banded(9, [1, 20], 'guess', 'guess'),
  };
  const estimate = { parts, prompt: text, warnings: [], problems: [] };
  const sample = {
    ...{ id: `s${index}`, index, line: index + 1, messages: [], turns: [], target: [], group: null },
    ...{ tags: [], metadata: {} },
  };
  const asked = { sample, model: MODEL, conversation: NOTHING, refusal: null };
  return { status: 'estimated', asked, requests: 1, estimate, cost: priceEstimate(estimate, MODEL) };
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

test('a cell asked n times counts as n cells, to the last fraction of a cent', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 5 }), (list, times) => {
      const { dearest: _, ...atOnce } = totalsOf(list.map((cell) => [cell, times])) ?? { dearest: [] };
      const oneByOne = list.flatMap((cell) => Array.from({ length: times }, () => [cell, 1] as const));
      const { dearest: __, ...repeated } = totalsOf(oneByOne) ?? { dearest: [] };

      expect(atOnce).toEqual(repeated);
    }),
  );
});

test('bounds stay in order, the order of the cells changes nothing, and parts add up to the cost', () => {
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

test('rules are named once and the weakest confidence is told', () => {
  const totals = totalsOf([
    [cellOf(0, banded(1, [1, 1], 'a', 'exact'), NO_TOKENS), 1],
    [cellOf(1, banded(2, [1, 3], 'b + a', 'rough'), NO_TOKENS), 1],
  ]);

  expect(totals?.parts.text).toEqual({ low: 2, expected: 3, high: 4, rules: ['a', 'b'], confidence: 'rough' });
  expect(totals?.parts.image).toEqual({ low: 0, expected: 0, high: 0, rules: [], confidence: 'exact' });
});
