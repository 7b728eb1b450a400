/** docs/formats.md has a row and a source for every foreign format. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ForeignFormat } from '../../src/dataset/foreign/foreign-format.ts';
import { FOREIGN_FORMATS } from '../../src/dataset/foreign/registry.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/formats.md', import.meta.url)), 'utf8');
const formats: readonly (readonly [string, ForeignFormat])[] = Object.entries(FOREIGN_FORMATS);

test.each(formats)('%s has a row that says what is read, and one with its source', (name, { precedence }) => {
  const rows = PAGE.split('\n').filter((line) => line.startsWith(`| \`${name}\``));

  expect(rows).toHaveLength(2);
  expect(rows[0]?.startsWith(`| \`${name}\` * |`)).toBe(precedence !== undefined);
});
