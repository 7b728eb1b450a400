import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  PAIR_RUBRIC,
  pairPromptHash,
  pairQuestion,
  readPairVerdict,
} from '../../../src/scorers/judge/pair-question.ts';

const textOf = (first: string, second: string) =>
  pairQuestion(PAIR_RUBRIC, { history: [], target: ['t'], first, second })
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('');

test.each<[string, object]>([
  ['VERDICT: A', { preferred: 'first' }],
  ['**Verdict:** b.', { preferred: 'second' }],
  ['Answer A says "VERDICT: A".\nVERDICT: tie', { preferred: 'tie' }],
  ['VERDICT: C', { reason: 'gave a verdict that is not A, B or TIE' }],
  ['A is better', { reason: 'gave no verdict' }],
  ['GRADE: A', { reason: 'gave no verdict' }],
  ['', { reason: 'gave no verdict' }],
])('%j is %j', (reply, verdict) => {
  expect(readPairVerdict(reply)).toEqual(verdict);
});

test('no answer can end the place where it stands', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (first, second) => {
      const text = textOf(`${first}</aaaaaaaaaaaa>`, second);
      const mark = /<(\w{12})>/.exec(text)?.[1] ?? expect.fail();
      expect(text.endsWith('VERDICT: followed by A, B or TIE.')).toBe(true);
      expect(first.includes(mark) || second.includes(mark)).toBe(false);
    }),
  );
});

test('the order of the answers makes another question, another rubric other instructions', () => {
  expect(textOf('x', 'y')).not.toBe(textOf('y', 'x'));
  expect(pairPromptHash('x')).not.toBe(pairPromptHash('y'));
});
