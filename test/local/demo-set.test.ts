/** No recogniser knows the answers of the demo set. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';

const DEMO = fileURLToPath(new URL('../../datasets/demo/', import.meta.url));
const SOURCES = fileURLToPath(new URL('../../src/local/', import.meta.url));
/** The command grammar's words are spoken in the demo too; they are rules, not answers. */
const GRAMMAR = ['grammar.ts', 'grammar-words.ts'];

const rows: readonly Record<string, string>[] = parse(readFileSync(join(DEMO, 'manifest.csv')), { columns: true });

function sources(): readonly string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .toSorted();
}

/**
 * Whether the text stands there as words of its own, in any case. Code counts and indexes with numbers of one or two
 * digits; those are looked for as quoted text.
 */
function stands(text: string, code: string): boolean {
  if (/^\d{1,2}$/.test(text)) return new RegExp(`['"\`]${text}['"\`]`).test(code);
  const literal = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
  return new RegExp(`(?<![\\w.])${literal}(?![\\w.])`, 'i').test(code);
}

test('no source of the embedded endpoint contains a target of the demo', () => {
  const targets = [...new Set(rows.map(({ target }) => target ?? ''))].filter((target) => target !== '');
  expect(targets.length).toBeGreaterThan(40);
  const found = sources()
    .filter((file) => !GRAMMAR.includes(file))
    .flatMap((file) => {
      const code = readFileSync(join(SOURCES, file), 'utf8');
      return targets.filter((target) => stands(target, code)).map((target) => `${file}: ${target}`);
    });
  expect(found).toEqual([]);
});

test('the grammar contains no whole spoken sentence of the demo', () => {
  const spoken = rows.filter(({ audio }) => audio !== '').map(({ target }) => target ?? '');
  expect(spoken.length).toBeGreaterThanOrEqual(16);
  for (const file of GRAMMAR) {
    const code = readFileSync(join(SOURCES, file), 'utf8');
    expect(spoken.filter((sentence) => stands(sentence, code))).toEqual([]);
  }
});
