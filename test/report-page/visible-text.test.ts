import { expect, test } from 'vitest';
import { firstLine, visibleText } from '../../src/report-page/visible-text.ts';

test('shows what hides and reorders text, and keeps lines and tabs', () => {
  expect(visibleText('a\u202egnp.exe\u0000\tb\r\nc\u001b[2J')).toBe('a\\u202egnp.exe\\x00\tb\nc\\x1b[2J');
});

test('makes one short line', () => {
  expect(firstLine('one\ntwo   three', 100)).toBe('one two three');
  expect(firstLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
});
