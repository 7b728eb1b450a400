import { describe, expect, test } from 'vitest';
import { DEFAULT_LABELS, parseChoice } from '../../../src/scorers/choice/parse-choice.ts';
import { mmeYesNo, parseYesNo, vlmEvalKitYesNo } from '../../../src/scorers/choice/parse-yes-no.ts';
import { createScorer } from '../../../src/scorers/registry.ts';

const ABCD = { labels: [...'ABCD'], texts: ['cat', 'dog', 'red fox', 'blue whale'] };
const UNKNOWN = { labels: DEFAULT_LABELS, texts: [] };

describe('a choice', () => {
  test.each<[string, string | null]>([
    ['B', 'B'],
    ['b.', 'B'],
    ['(B)', 'B'],
    ['**B**', 'B'],
    ['Option B', 'B'],
    ['$\\boxed{\\text{B}}$', 'B'],
    ['red fox', 'C'],
    ['The answer is **A)**', 'A'],
    ['The answer is **A)** cat', 'A'],
    ['The correct option is B because C is too small.', 'B'],
    ['A car is not there, so it is C', 'C'],
    ['I think the answer is C because A is wrong', 'C'],
    ['First A. Answer: A\nOn second thoughts, Answer: D', 'D'],
    ['Answer: A or B', null],
    ['(A) cat\n(B) dog\nSo (B)', 'B'],
    ['It is not B, it is D', 'D'],
    ['I would go with B rather than C', 'B'],
    ['I see a dog', 'B'],
    ['a cat or a dog', null],
    ['I cannot see the image', null],
    ['A', 'A'],
    ['My answer is a dog', 'B'],
    ['', null],
  ])('%j is %j', (answer, label) => {
    expect(parseChoice(answer, ABCD)).toBe(label);
  });

  test.each<[string, string | null]>([
    ['The answer is H.', 'H'],
    ['I do not know', null],
    ['So do I.', null],
    ['A dog', null],
  ])('%j without known options is %j', (answer, label) => {
    expect(parseChoice(answer, UNKNOWN)).toBe(label);
  });

  test('of numbers is read as a number', () => {
    const choices = { labels: [...'ABC'], texts: ['1,000', '1,500', '2,000'] };

    expect(parseChoice('That makes 1500 in all.', choices)).toBe('B');
    expect(parseChoice('That makes 1600 in all.', choices)).toBeNull();
  });

  test('takes the texts of the options from the sample', async () => {
    const sample = { id: 's', metadata: { choices: 'cat|dog|red fox' } };

    const score = await createScorer({ name: 'choice' }).score({ answer: 'a red fox', target: ['C'], sample });

    expect(score).toMatchObject({ value: 1, counts: { 'C → C': 1 } });
  });

  test('that cannot be read counts as such in the confusion matrix', async () => {
    const sample = { id: 's', metadata: {} };

    const score = await createScorer({ name: 'choice' }).score({ answer: 'no idea', target: ['C'], sample });

    expect(score).toMatchObject({ value: null, raw: null, counts: { 'C → ': 1 } });
  });
});

describe('yes or no', () => {
  test.each<[string, string | null]>([
    ['Yes.', 'yes'],
    ['**No**, it is not', 'no'],
    ['Not yes. No.', 'no'],
    ['The answer is no.', 'no'],
    ['There is no cat. Answer: Yes', 'yes'],
    ['No doubt it is: yes', 'yes'],
    ['False', 'no'],
    ['yes or no?', 'yes'],
    ['It is either yes or no', null],
    ['I know nothing', null],
    ['', null],
  ])('%j is %j', (answer, said) => {
    expect(parseYesNo(answer)).toBe(said);
  });

  test('can be read as peers do', () => {
    expect([vlmEvalKitYesNo('Well, yes!'), vlmEvalKitYesNo('yes and no'), vlmEvalKitYesNo('')]).toEqual([
      'yes',
      null,
      null,
    ]);
    expect([mmeYesNo('Yes, it is'), mmeYesNo('no'), mmeYesNo('It is no')]).toEqual(['yes', 'no', null]);
  });
});
