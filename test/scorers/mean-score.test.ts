import { expect, test } from 'vitest';
import type { Score } from '../../src/result.ts';
import { meanScore } from '../../src/scorers/mean-score.ts';

const score = (rest: Partial<Score>): Score => ({ scorer: 's', value: 1, raw: 1, unit: 'u', ...rest });

test('figures and parts are means, counts are sums, alignments follow each other', () => {
  const folded = meanScore([
    score({ value: 1, raw: 0, counts: { a: 1 }, parts: { x: 1 }, alignment: [['correct', 'one']] }),
    score({ value: 0, raw: 2, counts: { a: 2, b: 1 }, parts: { x: 0 }, alignment: [['deleted', 'two']] }),
  ]);

  expect(folded).toEqual({
    ...{ scorer: 's', unit: 'u', value: 0.5, raw: 1, counts: { a: 3, b: 1 }, parts: { x: 0.5 } },
    alignment: [
      ['correct', 'one'],
      ['deleted', 'two'],
    ],
  });
});

test('one turn without value leaves the whole without, and says why', () => {
  const folded = meanScore([score({}), score({ value: null, raw: null, explanation: 'too long', failed: true })]);

  expect(folded).toEqual({ scorer: 's', unit: 'u', value: null, raw: null, explanation: 'too long', failed: true });
});
