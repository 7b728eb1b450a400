/** What holds for every registered dataset format. */

import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentHash } from '../../src/dataset/content-hash.ts';
import { FORMATS, formatOf, knownExtensions } from '../../src/dataset/formats.ts';
import type { DatasetFormatReader, RawRow } from '../../src/dataset/raw-row.ts';
import { createFieldReader } from '../../src/dataset/read-fields.ts';
import { makeFolder, readAll, readFolder } from './folder.ts';

const formats: readonly (readonly [string, DatasetFormatReader])[] = Object.entries(FORMATS);

/** The same two samples in each format: a new format adds its own here. */
const SAME: Readonly<Record<string, string>> = {
  csv: 'id,prompt,target,tags,meta.lang\na,Hello?,hi,x|y|x,en\nb,Ça va ?,"[""oui"", ""non""]",,fr\n',
  jsonl:
    '{"id": "a", "prompt": "Hello?", "target": "hi", "tags": ["x", "y", "x"], "meta": {"lang": "en"}}\n' +
    '{"id": "b", "prompt": "Ça va ?", "target": ["oui", "non"], "meta.lang": "fr"}\n',
  json:
    '[{"id": "a", "prompt": "Hello?", "target": "hi", "tags": ["x", "y", "x"], "meta": {"lang": "en"}},\n' +
    '{"id": "b", "prompt": "Ça va ?", "target": ["oui", "non"], "meta.lang": "fr"}]\n',
  yaml:
    '- {id: a, prompt: Hello?, target: hi, tags: [x, y, x], meta: {lang: en}}\n' +
    '- id: b\n  prompt: Ça va ?\n  target: [oui, non]\n  meta.lang: fr\n',
};

test('no two formats claim the same ending', () => {
  expect(new Set(knownExtensions()).size).toBe(knownExtensions().length);
});

describe.each(formats)('the format %s', (name, format) => {
  const extension = format.extensions[0] ?? '';

  test('is found by its endings, in upper case too', () => {
    expect(format.extensions.length).toBeGreaterThan(0);
    expect(format.extensions.map((ending) => formatOf(`data/m${ending.toUpperCase()}`))).toEqual(
      format.extensions.map(() => format),
    );
  });

  test('describes itself in a line', () => {
    expect(format.description).toMatch(/^\S.{10,100}$/);
  });

  test('gives the same samples as every other format', async () => {
    const { samples, problems } = await readFolder({ [`m${extension}`]: SAME[name] ?? '' }, `m${extension}`);
    const { samples: expected } = await readFolder({ 'm.jsonl': SAME['jsonl'] ?? '' }, 'm.jsonl');

    expect(problems).toEqual([]);
    expect(samples.map(contentHash)).toEqual(expected.map(contentHash));
    expect(expected).toHaveLength(2);
  });

  test('streams rows with the line where each starts', async () => {
    const folder = makeFolder({ [`m${extension}`]: SAME[name] ?? '' });
    const rows: RawRow[] = [];

    for await (const batch of format.read(join(folder, `m${extension}`), false))
      for (const item of batch) if ('values' in item) rows.push(item);

    const readFields = createFieldReader();
    expect(rows.map((row) => readFields(row, expect.fail).values.id)).toEqual(['a', 'b']);
    expect(rows[1]?.line).toBe((rows[0]?.line ?? 0) + 1);
  });

  test.each([
    ['nothing', ''],
    ['a byte-order mark alone', '\ufeff'],
    ['blank lines', '\n \r\n\n'],
  ])('finds no samples in %s', async (_, content) => {
    const { samples, problems } = await readFolder({ [`m${extension}`]: content }, `m${extension}`);

    expect(samples).toEqual([]);
    expect(problems).toEqual([`m${extension} has no samples · write a row with a prompt`]);
  });

  test.each([
    ['half a character of UTF-16', Buffer.from('\ufeffprompt\nhe\ud800llo\n', 'utf16le'), 'begins like UTF-16 text'],
    ['a program', Buffer.from('\x7fELF\x02\x00\x00', 'latin1'), 'is not a text file'],
    ['Latin-1', Buffer.from('- prompt: caf\xe9\n', 'latin1'), 'is not UTF-8 text'],
  ])('reports that %s is not a manifest', async (_, content, message) => {
    const { samples, problems } = await readFolder({ [`m${extension}`]: content }, `m${extension}`);

    expect(samples).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  test('never throws, whatever the file contains, and reports what it could not use', async () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\n', '\r\n', '|', '- ', '&a ', '*a ', '\\', '#', ';', '\t'),
        fc.constantFrom('id', 'prompt', '"prompt"', 'image', 'messages', 'turns', '__proto__', 'null', '1e999'),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 60 },
    );

    await fc.assert(
      fc.asyncProperty(noise, async (pieces) => {
        const path = join(makeFolder({ [`m${extension}`]: pieces.join('') }), `m${extension}`);
        const { samples, problems } = await readAll({ path, displayPath: 'm' });
        expect(samples.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });
});
