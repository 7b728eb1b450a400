import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerDiff } from '../../../src/reporters/terminal/answer-diff.ts';
import type { AlignmentStep, Score } from '../../../src/result.ts';
import { scoreOf } from '../../helpers/results.ts';

const shown = (targets: readonly string[], answer: string, scores: readonly Score[] = []) =>
  answerDiff(targets, answer, scores)
    ?.parts.map(({ kind, text }) => (kind === 'same' ? text : `${kind === 'removed' ? '-' : '+'}<${text}>`))
    .join('') ?? null;

test('compares with the nearest of several targets', () => {
  expect(shown(['no such thing', 'the red hat', 'a hat'], 'the blue hat')).toBe('the -<red>+<blue> hat');
});

test.each([
  ['without a target', [], 'yes'],
  ['for an answer that is a target', ['no', 'yes'], 'yes'],
  ['without a word in common', ['yes'], 'certainly, sir'],
  ['for an empty answer', ['yes'], ''],
])('shows nothing %s', (_why, targets, answer) => {
  expect(shown(targets, answer)).toBeNull();
});

test('takes the alignment that a scorer kept', () => {
  const alignment: readonly AlignmentStep[] = [
    ['correct', 'the quick'],
    ['substituted', 'brown', 'crown'],
    ['deleted', 'fox'],
    ['inserted', 'box'],
    ['correct', 'jumps'],
  ];

  const diff = answerDiff(['The quick brown fox jumps.'], 'The quick crown box jumps', [
    scoreOf(0),
    { ...scoreOf(0.4, 'wer'), alignment },
  ]);

  expect(diff?.scorer).toBe('wer');
  expect(shown(['x'], 'y', [{ ...scoreOf(0.4, 'wer'), alignment }])).toBe(
    'the quick -<brown>+<crown> -<fox> +<box> jumps',
  );
});

test('nothing is shown of an alignment without an edit', () => {
  expect(shown(['Yes.'], 'yes', [{ ...scoreOf(1, 'wer'), alignment: [['correct', 'yes']] }])).toBeNull();
});

test('shortens long equal text to its start and its end', () => {
  const long = Array.from({ length: 500 }, (_, index) => `w${index}`).join(' ');

  const text = shown([`${long} red`], `${long} blue`);

  expect(text).toMatch(/^w0 w1 .* … .* w499 -<red>\+<blue>$/u);
  expect(text?.length).toBeLessThan(300);
});

test('parts without those of the target are the answer, as long as nothing is shortened', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', '音', '\n', ' '), { maxLength: 30 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(text, text, (target, answer) => {
      const diff = answerDiff([target], answer);
      if (diff === null) return;
      const of = (kind: 'removed' | 'added') =>
        diff.parts.flatMap((part) => (part.kind === kind ? [] : [part.text])).join('');
      expect([of('added'), of('removed')]).toEqual([target, answer]);
    }),
  );
});
