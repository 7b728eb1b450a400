/** The cases of csv-spectrum (https://github.com/maxogden/csv-spectrum): each file with the rows that a reader must find. */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { csv } from '../../src/dataset/csv.ts';

const FOLDER = dirname(createRequire(import.meta.url).resolve('csv-spectrum/package.json'));
const names = readdirSync(join(FOLDER, 'csvs')).map((file) => file.replace(/\.csv$/, ''));

/** The rows by the names of their columns, as the reader hands them on; anything else is a defect. */
async function read(name: string): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  for await (const items of csv.read(join(FOLDER, 'csvs', `${name}.csv`), true))
    for (const item of items) {
      if (!('columns' in item)) rows.push(item);
      else
        rows.push(
          Object.fromEntries(
            item.columns.map((column, index) => [
              column.type === 'metadata' ? column.key : column.name,
              item.values[index] ?? '',
            ]),
          ),
        );
    }
  return rows;
}

test('there are twelve cases', () => {
  expect(names).toHaveLength(12);
});

test.each(names.filter((name) => name !== 'location_coordinates'))('%s', async (name) => {
  expect(await read(name)).toEqual(JSON.parse(readFileSync(join(FOLDER, 'json', `${name}.json`), 'utf8')));
});

test('location_coordinates', async () => {
  // The file is not UTF-8, and its JSON has another phone number than the file and no list.
  const expected = JSON.parse(readFileSync(join(FOLDER, 'json/location_coordinates.json'), 'utf8'));

  expect(await read('location_coordinates')).toEqual([{ ...expected, 'Contact Phone Number': '2095257564' }]);
});
