import { expect, test } from 'vitest';
import type { AlignmentStep } from '../../src/result.ts';
import { createConfusions } from '../../src/summary/confusions.ts';
import { createSummary } from '../../src/summary/summary.ts';
import { answered, scoreOf } from '../helpers/results.ts';

function aligned(...alignment: readonly AlignmentStep[]) {
  return answered(0.5, { scores: [{ ...scoreOf(0.5, 'wer', { errors: 1, reference: 2 }), alignment }] });
}

test('lists the most frequent confusions first: words for others, missing and too many', () => {
  const confusions = createConfusions(['m']);
  confusions.add(aligned(['correct', 'the'], ['substituted', 'bat', 'cat'], ['inserted', 'um']));
  confusions.add(aligned(['substituted', 'bat', 'cat'], ['deleted', 'mat']));

  expect(confusions.list()).toEqual([
    { model: 'm', scorer: 'wer', reference: 'bat', answer: 'cat', count: 2 },
    { model: 'm', scorer: 'wer', reference: 'mat', answer: null, count: 1 },
    { model: 'm', scorer: 'wer', reference: null, answer: 'um', count: 1 },
  ]);
});

test('lists at most twenty of each model and scorer', () => {
  const confusions = createConfusions(['m']);
  for (let index = 0; index < 30; index += 1) confusions.add(aligned(['deleted', `w${index}`]));

  expect(confusions.list()).toHaveLength(20);
});

test('the corpus figure of BLEU is computed from summed counts, under the options of the scorer', () => {
  const counts = { hypothesis: 4, reference: 4, matched1: 4, total1: 4, matched2: 3, total2: 3 };
  const cell = (more: object) => answered(0.5, { scores: [scoreOf(0.5, 'bleu', { ...counts, ...more })] });
  const seen: (readonly [string, string, number | undefined])[] = [];
  const summary = createSummary(['m'], (name, unit, sums) => {
    seen.push([name, unit, sums['matched1']]);
    return { raw: 12.5, value: 0.125 };
  });
  summary.add([cell({})]);
  summary.add([cell({ matched1: 2 })]);

  expect(summary.rows().find(({ metric }) => metric === 'score.bleu.raw')).toMatchObject({
    value: 12.5,
    n: 2,
    ciLow: null,
  });
  expect(seen).toEqual([['bleu', 'bleu', 6]]);
});
