import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classReport, createClasses } from '../../src/summary/classes.ts';
import { answered, scoreOf } from '../helpers/results.ts';

test('precision, recall and F1 of each label, with unread answers wrong for their target', () => {
  const cells = new Map([
    ['cat → cat', 3],
    ['cat → dog', 1],
    ['dog → dog', 1],
    ['dog → ', 1],
    ['dog → cow', 1],
  ]);

  const report = classReport('m', 'choice', cells);

  expect(report.classes).toEqual([
    { label: 'cat', targets: 4, answers: 3, right: 3, precision: 1, recall: 0.75, f1: 6 / 7 },
    { label: 'cow', targets: 0, answers: 1, right: 0, precision: 0, recall: null, f1: 0 },
    { label: 'dog', targets: 3, answers: 2, right: 1, precision: 0.5, recall: 1 / 3, f1: 2 / 5 },
  ]);
  expect(report.macroF1).toBeCloseTo((6 / 7 + 0 + 2 / 5) / 3, 12);
  expect(report.unread).toBe(1);
});

test('figures are shares, and right answers are no more than targets or answers', () => {
  const label = fc.constantFrom('a', 'b', 'c → d', '');
  const cell = fc.tuple(label, label, fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(fc.array(cell), (list) => {
      const { classes, macroF1 } = classReport('m', 's', new Map(list.map(([a, b, n]) => [`${a} → ${b}`, n])));
      for (const { targets, answers, right, precision, recall, f1 } of classes) {
        expect(right).toBeLessThanOrEqual(Math.min(targets, answers));
        for (const share of [precision ?? 0, recall ?? 0, f1, macroF1 ?? 0]) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }
    }),
  );
});

test('counts labels by model and scorer, and nothing of other scorers', () => {
  const classes = createClasses(['m', 'k']);
  classes.add(answered(1, { scores: [scoreOf(1, 'choice', { 'A → A': 1 }), scoreOf(0.5, 'wer', { errors: 1 })] }));
  classes.add(answered(0, { scores: [scoreOf(0, 'choice', { 'A → B': 1 })] }));
  classes.add(answered(1, { model: 'k', scores: [scoreOf(1, 'choice', { 'B → B': 1 })] }));

  expect(classes.list()).toMatchObject([
    {
      model: 'm',
      scorer: 'choice',
      matrix: [
        { target: 'A', answer: 'A', count: 1 },
        { target: 'A', answer: 'B', count: 1 },
      ],
    },
    { model: 'k', scorer: 'choice', macroF1: 1 },
  ]);
});
