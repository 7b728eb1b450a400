import { expect, test } from 'vitest';
import type { RawRow } from '../../src/dataset/raw-row.ts';
import { createRowsHash } from '../../src/dataset/rows-hash.ts';

function hashOf(rows: readonly RawRow[]) {
  const hash = createRowsHash();
  rows.forEach(hash.add);
  return hash.digest();
}

const named = (values: Readonly<Record<string, unknown>>, line = 1): RawRow => ({ line, values });
const columns = [{ type: 'column', name: 'id', number: undefined }] as const;
const cells = (id: string, line = 1, names: typeof columns | [] = columns): RawRow => ({
  line,
  columns: names,
  values: [id],
});

test('rows on other lines of the file are the same rows', () => {
  expect(hashOf([named({ id: 'a' }, 7), cells('b', 9)])).toEqual(hashOf([named({ id: 'a' }), cells('b')]));
});

test.each([
  ['another value', [named({ id: 'b' })]],
  ['another name', [named({ ID: 'a' })]],
  ['one row more', [named({ id: 'a' }), named({ id: 'a' })]],
  ['a row of a table', [cells('a')]],
  ['a row of a table with other columns', [cells('a', 1, [])]],
])('%s is another manifest', (_, rows) => {
  expect(hashOf(rows).sha256).not.toBe(hashOf([named({ id: 'a' })]).sha256);
});

test('defects are no rows', () => {
  const hash = createRowsHash();
  hash.add({ line: 1, message: 'is not JSON' });
  expect(hash.digest().count).toBe(0);
});
