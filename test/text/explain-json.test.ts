import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainJson } from '../../src/text/explain-json.ts';

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test.each([
  ['', 1],
  ['  ', 3],
  ['{"a": 1,}', 9],
  ['[1, 2,]', 7],
  ['[1 2]', 4],
  ['{"a" 1}', 6],
  ['{"a": 1 "b": 2}', 9],
  ['{1: 2}', 2],
  ['{"a": 01}', 7],
  ['{"a": 1.}', 7],
  ['{"a": +1}', 7],
  ['{"a": tru}', 7],
  ['{"a": "b', 7],
  ['{"a": "b\\x"}', 7],
  ['{"a": "b\\u12"}', 7],
  ['{"a": "\u0001"}', 7],
  ['{"a": [1}', 9],
  ['{"a": 1}]', 9],
  ['{"a": 1} {}', 10],
  [']', 1],
  [':', 1],
  ["{'a': 1}", 2],
])('finds the position in %j', (text, column) => {
  const found = explainJson(text);

  expect(found.column).toBe(column);
  expect(found.message).toMatch(/^is not JSON: /);
});

test('finds a position in any text that JSON.parse rejects, and the text before it is the start of some JSON', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '.5',
    'true',
    'nul',
    ' ',
    '\\',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      fc.pre(!isJson(text));
      const { column, message } = explainJson(text);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual(text.length + 1);
      // At a place before the end the fault is what stands there: without it, only the end is missing.
      if (column <= text.length && !message.includes('not closed'))
        expect(explainJson(text.slice(0, column - 1)).column).toBe(column);
    }),
    { numRuns: 2000 },
  );
});

test('takes a nesting that would exhaust a stack', () => {
  expect(explainJson('['.repeat(1_000_000)).column).toBe(1_000_001);
});
