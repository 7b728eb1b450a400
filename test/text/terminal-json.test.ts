import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeTerminal } from '../../src/text/escape-terminal.ts';
import { terminalJson } from '../../src/text/terminal-json.ts';

test('writes what a terminal obeys as escapes', () => {
  expect(terminalJson({ id: 'a\u202eb\u001b[2J\u0085' })).toBe('{"id":"a\\u202eb\\u001b[2J\\u0085"}');
});

test('reads back as the same value, and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = terminalJson(value);

      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(escapeTerminal(text)).toBe(text);
    }),
  );
});
