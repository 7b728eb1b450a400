/** Each fixture is of one format only, and no manifest of ours is of any. */

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { foreignFormatOf } from '../../../src/dataset/find-format.ts';
import type { ForeignFormat } from '../../../src/dataset/foreign/foreign-format.ts';
import { readDocument, readObjects } from '../../../src/dataset/foreign/read-objects.ts';
import { readHeader } from '../../../src/dataset/foreign/read-table.ts';
import { FOREIGN_FORMATS } from '../../../src/dataset/foreign/registry.ts';
import { FIXTURES_OF, openFixture } from './fixtures.ts';

const BAD = fileURLToPath(new URL('../../fixtures/bad/', import.meta.url));
const DEMO = fileURLToPath(new URL('../../../datasets/', import.meta.url));

const formats: readonly (readonly [string, ForeignFormat])[] = Object.entries(FOREIGN_FORMATS);
const files = Object.entries(FIXTURES_OF)
  .flatMap(([name, names]) => names.map((file) => ({ name, file })))
  .filter(({ file }) => extname(file) !== '');

/** The names of the formats that say yes, whatever the order of the registry. */
async function matching(path: string): Promise<readonly string[]> {
  const document = ['.json', '.yaml'].includes(extname(path)) ? await readDocument(path) : undefined;
  const names = ['.csv', '.tsv'].includes(extname(path)) ? ((await readHeader(path)) ?? []) : undefined;
  const batch = names === undefined && document === undefined ? (await readObjects(path).next()).value : [];
  const item = Array.isArray(batch) ? batch[0] : undefined;
  return formats
    .filter(([, format]) => {
      if (!format.extensions.includes(extname(path))) return false;
      if (format.shape === 'table') return names !== undefined && format.matches(names);
      if (format.shape === 'folder') return false;
      if (format.shape === 'binary') return true;
      if (document !== undefined) return format.matchesDocument?.(document) ?? false;
      return item !== undefined && 'values' in item && format.matches(item.values);
    })
    .map(([name]) => name);
}

test.each(files)('only $name recognises $file', async ({ name, file }) => {
  expect(await matching(openFixture(file).path)).toEqual([name]);
});

describe('manifests of ours', () => {
  const manifests = [
    ...readdirSync(BAD)
      .filter((name) => /^dataset-.*\.(?:csv|tsv|jsonl|ndjson|yaml|yml)$/.test(name))
      .map((name) => join(BAD, name)),
    ...readdirSync(DEMO, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?:^|\/)[^/]*manifest[^/]*\.(?:csv|tsv|jsonl)$/.test(name))
      .map((name) => join(DEMO, name)),
  ];

  test.each([false, true])(
    'are none of a foreign format (with a prompt of the configuration: %s)',
    async (hasPrompt) => {
      const found = await Promise.all(manifests.map((path) => foreignFormatOf(path, hasPrompt)));

      expect(manifests.length).toBeGreaterThan(20);
      expect(manifests.filter((_, index) => found[index] !== undefined)).toEqual([]);
    },
  );
});
