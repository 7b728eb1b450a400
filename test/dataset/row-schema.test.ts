import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ALL_FORMATS } from '../../src/dataset/find-format.ts';
import { manifestJsonSchema } from '../../src/dataset/manifest-schema.ts';
import { createSampleParser } from '../../src/dataset/parse-sample.ts';
import type { RawRow } from '../../src/dataset/raw-row.ts';
import { rowSchema } from '../../src/dataset/row-schema.ts';
import { isRecord } from '../../src/text/is-record.ts';

const validate = new Ajv({ strict: false }).compile(manifestJsonSchema());
const parsed = (row: unknown) =>
  isRecord(row) && createSampleParser()({ line: 1, values: row }, () => {}) !== undefined;
const accepted = (row: unknown) => [validate(row), rowSchema.safeParse(row).success];

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const BAD = root('test/fixtures/bad/');

/** The rows of our own manifests by the names of their columns, as a line of JSONL would have them. */
async function rowsOf(path: string, format: 'csv' | 'jsonl' | 'yaml'): Promise<readonly unknown[]> {
  const rows: RawRow[] = [];
  for await (const items of ALL_FORMATS[format].read(path, false))
    for (const item of items) if ('values' in item) rows.push(item);
  return rows.map((row) => ('columns' in row ? named(row) : row.values));
}

function named({ columns, values }: Extract<RawRow, { columns: unknown }>) {
  return Object.fromEntries(
    columns.map((column, index) => [column.type === 'metadata' ? `meta.${column.key}` : column.name, values[index]]),
  );
}

test('the JSON Schema is draft-07', () => {
  expect(manifestJsonSchema()['$schema']).toBe('http://json-schema.org/draft-07/schema#');
});

test.each(['examples/manifest.csv', 'datasets/demo/manifest.csv'])(
  'takes every row of %s, and their list',
  async (path) => {
    const rows = await rowsOf(root(path), 'csv');

    expect(rows.length).toBeGreaterThan(3);
    for (const row of [...rows, rows]) expect(validate(row), JSON.stringify([row, validate.errors])).toBe(true);
  },
);

test('takes every row of the manifests of recorded runs', async () => {
  const folder = root('test/fixtures/runs/');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?:^|[\\/])manifest\.(?:csv|jsonl|yaml)$/.test(name),
  );
  for (const name of names) {
    const ending = (['jsonl', 'yaml'] as const).find((format) => name.endsWith(format)) ?? 'csv';
    for (const row of await rowsOf(`${folder}${name}`, ending))
      expect(validate(row), JSON.stringify([name, row, validate.errors])).toBe(true);
  }
  expect(names.length).toBeGreaterThan(5);
});

test.each(['README.md', 'docs/manifest.md'])('takes the rows and the parts of %s', (path) => {
  const page = readFileSync(root(path), 'utf8');
  const blocks = [...page.matchAll(/```json\n(.*?)```/gs)].flatMap(([, text = '']) => text.trim().split('\n'));
  const rows = blocks
    .map((line) => JSON.parse(line))
    .map((value) => ('type' in value ? { messages: [{ role: 'user', content: [value] }] } : value));

  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) expect(validate(row), JSON.stringify([row, validate.errors])).toBe(true);
});

describe('the manifests of test/fixtures/bad', () => {
  const names = readdirSync(BAD).filter((name) => /^dataset-.*\.(?:jsonl|yaml)$/.test(name));

  test('rows that the reader takes are taken, and most of the others are not', async () => {
    const rows = (
      await Promise.all(
        names.map((name) => rowsOf(`${BAD}${name}`, name.endsWith('.yaml') ? 'yaml' : 'jsonl').catch(() => [])),
      )
    ).flat();
    const rejected = rows.filter((row) => !parsed(row));

    expect(rejected.length).toBeGreaterThan(50);
    for (const row of rows) if (parsed(row)) expect(accepted(row), JSON.stringify(row)).toEqual([true, true]);
    expect(rejected.filter((row) => !validate(row)).length).toBeGreaterThan(0.6 * rejected.length);
  });
});

const value = fc.oneof(
  fc.constantFrom<unknown>('', 'a', ' ', null, 1, 1.5, true, [], ['a'], [''], {}, { path: 'a.png' }, { url: 'a' }),
  fc.constantFrom<unknown>(
    [{ role: 'user', content: 'hi' }],
    [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
  ),
  fc.constantFrom<unknown>([{ user: 'hi' }], [{ prompt: 'hi', target: ['a'], images: 'a.png' }], { temperature: 0 }),
  fc.constantFrom<unknown>(
    { name: 'exact' },
    [{ name: 'exact', weight: 2 }],
    { top_p: null },
    { detail: 'low', path: 'a' },
  ),
);
const member = fc.constantFrom(
  ...[
    'id',
    'prompt',
    'system',
    'image',
    'images',
    'audio',
    'media',
    'file_name',
    'target',
    'answer',
    'scorer',
    'group',
  ],
  ...[
    'tags',
    'meta',
    'meta.x',
    'messages',
    'turns',
    'params',
    'target_2',
    'image_3',
    'x',
    'ID',
    'image_url',
    'toString',
  ],
);

test('takes whatever the reader takes', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.dictionary(member, value, { maxKeys: 4 }), fc.boolean(), (row, asks) => {
      const whole = asks ? { prompt: 'hi', ...row } : row;
      if (!parsed(whole)) return;
      taken += 1;
      expect(accepted(whole), JSON.stringify([whole, validate.errors])).toEqual([true, true]);
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test.each<[string, string]>([
  ['a number as a target', '{prompt: hi, target: 42.10}'],
  ['a prompt of blanks', '{prompt: " "}'],
  ['an unknown role', '{messages: [{role: tool, content: x}]}'],
  ['an unknown part', '{messages: [{role: user, content: [{type: film, path: a.mp4}]}]}'],
  ['an unknown member of a message', '{messages: [{role: user, content: x, name: y}]}'],
  ['an empty list of messages', '{messages: []}'],
  ['two questions', '{prompt: hi, turns: [{user: hi}]}'],
  ['an unknown member of a turn', '{turns: [{user: hi, scorer: exact}]}'],
  ['an unknown detail', '{prompt: hi, image: {path: a.png, detail: big}}'],
  ['a path and a URL', '{prompt: hi, image: {path: a.png, url: b.png}}'],
  ['a temperature out of range', '{prompt: hi, params: {temperature: 3}}'],
  ['an unknown parameter', '{prompt: hi, params: {temp: 1}}'],
  ['a negative weight', '{prompt: hi, scorer: {name: exact, weight: -1}}'],
  ['metadata that is no object', '{prompt: hi, meta: 3}'],
  ['a media column of another tool', '{prompt: hi, image_path: a.png}'],
  ['a reserved name', '{prompt: hi, constructor: x}'],
  ['a row that is text', '"prompt: hi"'],
])('rejects %s, as the reader does', (_, text) => {
  const row: unknown = parse(text);

  expect([parsed(row), validate(row)]).toEqual([false, false]);
});
