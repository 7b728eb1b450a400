import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml, markup } from '../../src/view/markup.ts';

test('escapes values and keeps markup', () => {
  const bold = markup`<b>${'<i>'}</b>`;
  expect(markup`<p title="${`"'&`}">${[bold, bold]}${3}</p>`.html).toBe(
    '<p title="&quot;&#39;&amp;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b>3</p>',
  );
});

test('shows control and direction characters', () => {
  expect(escapeHtml('a\u001b[31m\u202eb')).toBe('a\\x1b[31m\\u202eb');
});

test('no text ends a tag, an attribute or an entity', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ';', '#') }), (text) => {
      expect(escapeHtml(text)).toMatch(/^(?:[^<>"'&]|&(?:amp|lt|gt|quot|#39);)*$/);
    }),
  );
});
