import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatProblem } from '../src/errors.ts';

test('a message echoes at most 80 characters of an input', () => {
  const cell = `${'iVBORw0KGgo/'.repeat(7000)}=`;

  expect(
    formatProblem({ file: 'm.csv', line: 2, message: `image "${cell}" does not exist`, hint: `no "${cell}"` }),
  ).toBe(`m.csv:2 image "${cell.slice(0, 79)}…" does not exist · no "${cell.slice(0, 79)}…"`);
  expect(formatProblem({ message: `unexpected ${cell}` })).toBe(`unexpected ${cell.slice(0, 79)}…`);
});

test('a message without long quotations stays as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z" .·-]{0,80}$/u), (message) => {
      expect(formatProblem({ message, hint: message })).toBe(`${message} · ${message}`);
    }),
  );
  const long = `rename "a" ${'or one of them '.repeat(20)}and "b"`;
  expect(formatProblem({ message: long })).toBe(long);
});
