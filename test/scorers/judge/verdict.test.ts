import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readVerdict } from '../../../src/scorers/judge/verdict.ts';

const GRADES = ['A', 'B+', '4', 'good'];

test.each<[string, object]>([
  ['GRADE: a', { grade: 'A' }],
  ['**GRADE:** `B+`.', { grade: 'B+' }],
  ['GRADE： 4', { grade: '4' }],
  ['GRADE: A\nGRADE: good', { grade: 'good' }],
  ['GRADE: A\nGRADE: 4.5', { other: '4.5' }],
  ['GRADE: A\nGRADE: -', { other: null }],
  ['UPGRADE: A', { other: null }],
  ['the grade is A', { other: null }],
])('%j is %j', (reply, verdict) => {
  expect(readVerdict(reply, GRADES)).toEqual(verdict);
});

test('whatever is said before, the last verdict counts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...GRADES), (before, grade) => {
      expect(readVerdict(`${before} GRADE: A\nGRADE: ${grade}`, GRADES)).toEqual({ grade });
    }),
  );
});

test.each(['GRADE: ', 'GRADE:', 'GRADE ', 'GRADE**', '*', 'A+'])('reads 400,000 characters of %j at once', (unit) => {
  expect(() => readVerdict(unit.repeat(Math.floor(400_000 / unit.length)), GRADES)).not.toThrow();
});
