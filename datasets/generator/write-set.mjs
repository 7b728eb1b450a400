/** Writes a sample set: its media and manifest.csv, the same byte for byte each time. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'csv-stringify/sync';

/** Each file's noise comes from its name (FNV-1a), so that a new file changes no other. */
export function seedOf(file) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(file)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** A file's name without its folder and ending. */
export const stem = (file) => file.replace(/^.*\/|\.\w+$/g, '');

/** The bytes of manifest.csv. */
export const manifestOf = ({ rows, columns }) => Buffer.from(stringify(rows, { header: true, columns }));

/** A sentence that says what was written. */
export async function writeSet(set, folder) {
  let bytesWritten = 0;
  const write = (file, bytes) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    bytesWritten += bytes.length;
  };
  for (const { file, make } of set.files) write(file, await make());
  write('manifest.csv', manifestOf(set));
  return `${set.files.length} files, ${set.rows.length} samples, ${bytesWritten} bytes in ${folder}`;
}
