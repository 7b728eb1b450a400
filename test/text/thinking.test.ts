import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinThinking, splitThinking } from '../../src/text/thinking.ts';

describe('thinking is taken out of', () => {
  test.each<readonly [name: string, text: string, thinking: string | null, answer: string]>([
    ['a closed block', '<think>No... but yes.</think>\n\nYes', 'No... but yes.', 'Yes'],
    ['a block behind blanks, in capitals', ' \n<THINK>\nhm\n</THINK> Yes', 'hm', 'Yes'],
    ['a text without the opening tag', 'It might be Yes... no.</think>\n\nNo', 'It might be Yes... no.', 'No'],
    ['a block of nothing', '<think>\n\n</think>\n\nYes', null, 'Yes'],
    ['a lone closing tag at the start', '</think>\n\nYes', null, 'Yes'],
    ['a block that is never closed', '<think>The lamp is', 'The lamp is', ''],
    ['a closed block without an answer', '<think>The lamp is off.</think>', 'The lamp is off.', ''],
    ['several blocks', '<think>a</think>\n<think>b</think>\nYes', 'a\n\nb', 'Yes'],
    ['a block between lines of the answer', 'One\n<think>a</think>\ntwo', 'a', 'One\n\ntwo'],
    [
      'a thought that names the opening tag',
      '<think>I write <think> first.</think>Yes',
      'I write <think> first.',
      'Yes',
    ],
    ['a block that is not closed after one that is', '<think>a</think>\n<think>b', 'a\n\nb', ''],
  ])('%s', (_name, text, thinking, answer) => {
    expect(splitThinking(text)).toEqual({ thinking, answer });
  });
});

test.each([
  ['', 'an empty text'],
  ['  Yes\n', 'a text without tags'],
  ['The tags are <think> and </think>.', 'tags within a line'],
  ['Close it with `</think>`.', 'a quoted closing tag'],
  ['Write:\n```\n<think>\nplan\n</think>\n```\n', 'a block of code'],
  ['Yes\n<think>and then', 'an open tag after an answer'],
  ['<thinking>a</thinking>Yes', 'another tag'],
])('%j stays as it is: %s', (text) => {
  expect(splitThinking(text)).toEqual({ thinking: null, answer: text });
});

test('what is joined is split again', () => {
  const part = fc
    .string({ unit: fc.constantFrom('a', ' ', '\n', 'é', '<', 'think', '`') })
    .filter((text) => !/think>/i.test(text));

  fc.assert(
    fc.property(part, part, (thought, said) => {
      const [thinking, answer] = [thought.trim(), said.trimStart()];
      fc.pre(thinking !== '');
      expect(splitThinking(joinThinking(thinking, answer))).toEqual({ thinking, answer });
    }),
  );
});

test.each(['\n<think>', '</think>', '<think>x</think>\n', ' \n', '```\n', '<think'])(
  'a long text of nothing but %j is read in one pass',
  (piece) => {
    const text = piece.repeat(300_000);
    const start = performance.now();
    splitThinking(text);

    // One pass takes some hundred milliseconds; one pass for each tag would take hours.
    expect(performance.now() - start).toBeLessThan(20_000);
  },
);
