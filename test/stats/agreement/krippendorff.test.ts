import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAlpha } from '../../../src/stats/agreement/krippendorff.ts';

function alphaOf(items: readonly (readonly (string | number)[])[]) {
  const alpha = createAlpha();
  for (const labels of items) alpha.add(labels);
  return alpha.estimate();
}

// Reference: the worked examples B (two observers) and C (four, with gaps) in Krippendorff 2011; its figures have 3 decimals.
test.each([
  [['ab', 'aa', 'bb', 'bb', 'db', 'cc', 'cc', 'cc', 'ee', 'dd', 'dd', 'ad'], 0.692],
  [['111', '2232', '3333', '3333', '2222', '1234', '4444', '1121', '2222', '555', '11', '3'], 0.743],
])('the agreement in %j is %d', (items, value) => {
  expect(alphaOf(items.map((labels) => [...labels])).value).toBeCloseTo(value, 3);
});

test('items with one label are left out, and equal labels throughout are explained by chance', () => {
  expect(alphaOf([['a'], ['b'], []])).toMatchObject({ n: 0, value: null, reason: 'no values' });
  expect(
    alphaOf([
      ['a', 'a'],
      ['a', 'a', 'a'],
    ]),
  ).toMatchObject({ n: 2, value: null, reason: 'one label' });
});

test('the order of raters and items changes nothing, and full agreement is 1', () => {
  const item = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(item, { minLength: 1 }), (items) => {
      const { value } = alphaOf(items);
      expect(alphaOf(items.map((labels) => labels.toReversed()).toReversed()).value ?? 2).toBeCloseTo(value ?? 2, 10);
      expect(value ?? 0).toBeLessThanOrEqual(1);
      const same = alphaOf([...items.map((labels) => labels.map(() => labels[0] ?? 0)), [8, 8], [9, 9]]);
      expect(same.value).toBeCloseTo(1, 12);
    }),
  );
});
