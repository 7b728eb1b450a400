import fc from 'fast-check';
import { expect, test } from 'vitest';
import { majority, type Vote } from '../../../src/scorers/judge/majority.ts';

const votes = (...grades: readonly (string | null)[]): readonly Vote[] =>
  grades.map((grade, index) => ({ judge: `j${index}`, ...(grade === null ? { reason: 'failed' } : { grade }) }));

test('more than half of the verdicts decide, and a judge without one is no vote', () => {
  expect(majority(votes('C', 'I', 'C'), 2)).toEqual({ grade: 'C', summary: 'C 2, I 1 of 3 judges' });
  expect(majority(votes('I', null, 'I'), 2)).toEqual({ grade: 'I', summary: 'I 2 of 3 judges; j1 failed' });
});

test.each<[readonly (string | null)[], number, string]>([
  [['C', 'I'], 2, 'the judges have no majority: C 1, I 1'],
  [['C', 'P', 'I'], 2, 'the judges have no majority: C 1, P 1, I 1'],
  [['C', 'C', 'P', 'I'], 3, 'the judges have no majority: C 2, P 1, I 1'],
  [['C', null, null], 2, '1 of 3 judges gave a verdict, at least 2 must; j1 failed; j2 failed'],
])('%j of at least %d has no grade', (grades, minimum, reason) => {
  expect(majority(votes(...grades), minimum)).toEqual({ grade: null, reason });
});

test('a grade always has more than half of the verdicts, whatever their order', () => {
  const grade = fc.option(fc.constantFrom('C', 'P', 'I'));
  fc.assert(
    fc.property(fc.array(grade, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 7 }), (grades, minimum) => {
      const decision = majority(votes(...grades), minimum);
      expect(majority(votes(...grades.toReversed()), minimum).grade).toBe(decision.grade);
      if (decision.grade === null) return;
      const given = grades.filter((one) => one !== null);
      expect(given.length).toBeGreaterThanOrEqual(minimum);
      expect(given.filter((one) => one === decision.grade).length * 2).toBeGreaterThan(given.length);
    }),
  );
});
