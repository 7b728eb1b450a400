/** The sample sets of datasets/: made anew they are the same, and what their data cards say is true. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spreadValues } from '../datasets/generator/seeded-values.mjs';
import { manifestOf } from '../datasets/generator/write-set.mjs';
import { SETS } from '../datasets/sets.mjs';
import { workspace } from './helpers/cli.ts';

const ROOT = fileURLToPath(new URL('../datasets/', import.meta.url));
const MAX_BYTES = 15_000_000;
/** Every eleventh file is made again: all kinds of picture and clip are among them. */
const STEP = 11;
const NAMES = Object.keys(SETS);

const at = (...path: readonly string[]) => join(ROOT, ...path);
const rowsOf = (name: string): readonly Record<string, string>[] =>
  parse(readFileSync(at(name, 'manifest.csv')), { columns: true });
const filesIn = (name: string) =>
  readdirSync(at(name), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:png|jpg|wav)$/.test(file))
    .toSorted();

test('every folder of datasets/ with a manifest is a set that the generator makes', () => {
  const folders = readdirSync(ROOT).filter((name) => existsSync(at(name, 'manifest.csv')));
  expect(folders.toSorted()).toEqual(NAMES.toSorted());
});

test('all sets together are below 15 MB', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).map((file) => statSync(at(file)));
  expect(files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)).toBeLessThan(MAX_BYTES);
});

describe.each(NAMES)('%s', (name) => {
  test('is made again byte for byte', async () => {
    const set = await SETS[name]?.();
    if (set === undefined) throw new Error(name);
    const again = await Promise.all(
      set.files
        .filter((_, index) => index % STEP === 0)
        .map(async ({ file, make }) => ({ file, isSame: readFileSync(at(name, file)).equals(await make()) })),
    );

    expect(again.filter(({ isSame }) => !isSame)).toEqual([]);
    expect(manifestOf(set).equals(readFileSync(at(name, 'manifest.csv')))).toBe(true);
    expect(filesIn(name)).toEqual(set.files.map(({ file }) => file).toSorted());
  }, 60_000);

  test('names every file of its folder, and each sample has a target', () => {
    const rows = rowsOf(name);
    const named = new Set(rows.flatMap(({ image = '', audio = '' }) => [image, audio].filter((file) => file !== '')));

    expect([...named].toSorted()).toEqual(filesIn(name));
    expect(rows.filter(({ target }) => target === '')).toEqual([]);
  });

  test('has a data card that counts its samples and its files', () => {
    const card = readFileSync(at(name, 'README.md'), 'utf8');
    const [pictures, clips] = [/\.(?:png|jpg)$/, /\.wav$/].map(
      (kind) => filesIn(name).filter((file) => kind.test(file)).length,
    );

    expect(card).toContain(`${rowsOf(name).length} samples`);
    if (pictures !== 0) expect(card).toMatch(new RegExp(`\\b${pictures} (?:images|pictures)`));
    if (clips !== 0) expect(card).toMatch(new RegExp(`\\b${clips} clips`));
  });
});

test.each(NAMES.filter((name) => name !== 'demo'))('validate has nothing to say against %s', async (name) => {
  using folder = workspace();
  const { code, stderr } = await folder.run(['validate', at(name, 'earsight.config.yaml')]);

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('each condition of the speech set has each sentence once, and each voice as often as the others', () => {
  const rows = rowsOf('speech');
  const count = (names: readonly string[]) => {
    const groups = new Map<string, number>();
    for (const row of rows) {
      const group = names.map((key) => row[key]).join();
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    return [...groups.values()];
  };

  expect(new Set(count(['meta.condition', 'target']))).toEqual(new Set([1]));
  expect(new Set(count(['meta.condition', 'meta.voice']))).toEqual(new Set([6]));
});

test('the totals of the receipts are the sums of their lines', () => {
  const texts = rowsOf('receipts-and-screens').filter(
    (row) => row['meta.kind'] === 'receipt' && row['meta.task'] === 'text' && row['meta.condition'] === 'clean',
  );
  const amounts = texts.map(({ target = '' }) =>
    [...target.matchAll(/(\S+) (\d+\.\d\d)\b/g)].map(([, label = '', amount]) => ({
      label,
      cents: Math.round(Number(amount) * 100),
    })),
  );
  const isSum = (lines: (typeof amounts)[number]) => {
    const items = lines.filter(({ label }) => !['Subtotal', 'Total'].includes(label) && !label.endsWith('%'));
    const tax = lines.find(({ label }) => label.endsWith('%'))?.cents ?? 0;
    const sum = items.reduce((total, { cents }) => total + cents, 0);
    return lines.find(({ label }) => label === 'Total')?.cents === sum + tax;
  };

  expect(texts).toHaveLength(8);
  expect(amounts.map(isSum)).toEqual(texts.map(() => true));
});

test('seeded figures are different from one another, in their range, and the same each time', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: -500, max: 500 }),
      (seed, count, from) => {
        const range = { from, to: from + 10 * count, step: 1 };
        const values = spreadValues(seed, count, range);

        expect(values).toEqual(spreadValues(seed, count, range));
        expect(new Set(values).size).toBe(count);
        expect(values.every((value) => value >= range.from && value < range.to)).toBe(true);
      },
    ),
  );
});
