import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLegend, diffLines } from '../../src/text/shown-diff.ts';
import { wordDiff } from '../../src/text/word-diff.ts';

test('marks words as git does', () => {
  expect(diffLines(wordDiff('a red hat', 'a blue hat today'), false)).toEqual(['a [-red-]{+blue+} hat{+ today+}']);
  expect(diffLegend('one', 'two', false)).toBe('[-only one-] {+only two+}');
});

test('colours whole marks, a line at a time', () => {
  expect(diffLines([{ kind: 'added', text: 'a\nb' }], true)).toEqual([
    '\u001b[32m{+a+}\u001b[0m',
    '\u001b[32m{+b+}\u001b[0m',
  ]);
});

test('shows nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      for (const line of [...diffLines(wordDiff(a, b), false), diffLegend(a, b, false)])
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
