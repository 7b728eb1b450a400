import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Score } from '../../src/result.ts';
import { agreementRows, createHumanAgreements } from '../../src/summary/human-agreement.ts';
import { readLabel } from '../../src/summary/human-label.ts';
import { answered, failed, type ResultParts, scoreOf } from '../helpers/results.ts';

const GRADES = { C: 1, P: 0.5, I: 0 };

const graded = (value: number | null): Score => ({ ...scoreOf(value, 'judge'), unit: 'grade' });
const labelled = (index: number, human: string, score: Score, parts: ResultParts = {}) =>
  answered(score.value, { index, scores: [score], sample: { metadata: { human } }, ...parts });

function agreementsOf(results: readonly ReturnType<typeof answered>[], models: readonly string[] = ['m']) {
  const agreements = createHumanAgreements(models);
  for (const result of results) agreements.add(result);
  return agreements.list([{ name: 'judge', model: 'j', grades: GRADES }]);
}

test('pass or fail of people is compared with scores from 0.5 on', () => {
  const [agreement] = agreementsOf([
    labelled(0, 'pass', scoreOf(1)),
    labelled(1, 'FAIL', scoreOf(0.4)),
    labelled(2, 'no', scoreOf(0.5)),
    labelled(3, '1', scoreOf(0.8)),
  ]);

  expect(agreement).toMatchObject({ scorer: 'exact', basis: 'passes', n: 4, agreement: { value: 0.75 } });
  expect(agreement?.agreement.ciMethod).toBe('wilson');
  expect(agreement?.kappa).toMatchObject({ value: 0.5, ciMethod: 'kappa' });
});

test('grades of people are compared with the grades of a judge, and as pass or fail with other scores', () => {
  const both = (index: number, human: string, grade: number, exact: number) =>
    labelled(index, human, graded(grade), { scores: [graded(grade), scoreOf(exact)] });

  const [exact, judge] = agreementsOf([
    both(0, 'c', 1, 1),
    both(1, 'P', 1, 0),
    both(2, '0.5', 0.5, 1),
    both(3, 'I', 0, 0),
  ]);

  expect(judge).toMatchObject({ scorer: 'judge', basis: 'grades', agreement: { value: 0.75 } });
  expect(exact).toMatchObject({ scorer: 'exact', basis: 'passes', agreement: { value: 0.75 } });
});

test('the grade is compared, whatever the threshold made of it', () => {
  const passed = { ...graded(0.5), value: 1 };

  expect(agreementsOf([labelled(0, 'P', passed), labelled(1, 'C', graded(1))])[0]?.agreement.value).toBe(1);
});

test('what is missing is counted: labels, readable labels, and scores; failed answers are none of them', () => {
  const [agreement] = agreementsOf([
    labelled(0, 'pass', scoreOf(1)),
    answered(1, { index: 1 }),
    labelled(2, 'maybe', scoreOf(1)),
    labelled(3, 'fail', scoreOf(null)),
    failed('timeout', { index: 4, sample: { metadata: { human: 'pass' } } }),
  ]);

  expect(agreement).toMatchObject({ n: 1, unlabelled: 1, unread: 1, unscored: 1, kappa: { value: null } });
  expect(agreementRows(agreement ?? expect.fail())).toMatchObject([
    { metric: 'agreement.exact', n: 1, value: 1, missing: 2 },
    { metric: 'kappa.exact', n: 1, value: null, ciMethod: '', missing: 2 },
  ]);
});

test('a label of one model comes before that of the sample, and a score of people before both', () => {
  const metadata = { human: 'fail', 'human.k': 'pass' };
  const results = [
    answered(1, { model: 'm', sample: { metadata } }),
    answered(1, { model: 'k', sample: { metadata } }),
    answered(1, { model: 'k', index: 1, scores: [scoreOf(1), scoreOf(0, 'human')], sample: { metadata } }),
  ];

  expect(agreementsOf(results, ['m', 'k'])).toMatchObject([
    { model: 'm', n: 1, agreement: { value: 0 } },
    { model: 'k', n: 2, agreement: { value: 0.5 } },
  ]);
});

test('repeats of a sample count together in the interval', () => {
  const results = [0, 1, 2, 3].flatMap((index) =>
    [0, 1].map((repeat) => labelled(index, index < 2 ? 'pass' : 'fail', scoreOf(index === 1 ? repeat : 1), { repeat })),
  );

  expect(agreementsOf(results)[0]).toMatchObject({
    n: 8,
    agreement: { value: 0.375, ciMethod: 'clustered-t' },
    kappa: { ciMethod: 'kappa-clusters' },
  });
});

test('without labels there is nothing to compare', () => {
  expect(agreementsOf([answered(1), answered(0, { index: 1, sample: { metadata: { human: ' ' } } })])).toEqual([]);
});

test.each([
  ['C', { value: 1, isPassOrFail: false }],
  ['p', { value: 0.5, isPassOrFail: false }],
  ['Correct', { value: 1, isPassOrFail: true }],
  ['0', { value: 0, isPassOrFail: true }],
  ['1.0', { value: 1, isPassOrFail: true }],
  ['.25', { value: 0.25, isPassOrFail: false }],
  ['1.5', null],
  ['-0', null],
  ['5', null],
  ['n/a', null],
])('the label %s is read as %j', (text, label) => {
  expect(readLabel(text, GRADES)).toEqual(label);
});

test('a grade may have the name of a number', () => {
  expect(readLabel('1', { 1: 0, 5: 1 })).toEqual({ value: 0, isPassOrFail: false });
});

test('no label is read as a value outside of 0 to 1', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
      const value = readLabel(text, GRADES)?.value ?? 0;
      expect(value >= 0 && value <= 1).toBe(true);
    }),
  );
});
