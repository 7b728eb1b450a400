import { expect, test } from 'vitest';
import { createPageTotals } from '../../../src/reporters/html/page-totals.ts';
import type { Score } from '../../../src/result.ts';
import { answered } from '../../helpers/results.ts';

const wer = (substitutions: number, deletions: number, insertions: number, reference: number): Score => ({
  scorer: 'wer',
  value: 0,
  raw: 1,
  unit: 'wer',
  counts: { substitutions, deletions, insertions, reference },
});

test('adds up the edits of each model and scorer, also of texts too long for an alignment', () => {
  const totals = createPageTotals(2);
  totals.add(answered(0, { scores: [wer(1, 2, 3, 10)] }), 0);
  totals.add(answered(0, { scores: [wer(1, 0, 0, 10), { scorer: 'exact', value: 1, raw: 1, unit: 'match' }] }), 0);

  expect(totals.edits()).toEqual([
    { m: 0, scorer: 'wer', unit: 'wer', reference: 20, substituted: 2, deleted: 2, inserted: 3 },
  ]);
});
