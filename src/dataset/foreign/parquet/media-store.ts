/** Keeps the media of Parquet files as files, once each, under their hash: `.earsight/media` beside the data set. */

import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../../errors.ts';
import { writeFile } from '../../../files/write-file.ts';
import { makeStoredMedia, STORED_MEDIA, storedName } from '../../stored-media.ts';

/** What a medium of a row is in the manifest: a path, or null where the row has none. */
export type StoredPath = string | null;

/** The media of each row: by column, a path or a list of them. */
export type RowMedia = Readonly<Record<string, StoredPath | readonly StoredPath[]>>;

export interface MediaStore {
  /** Writes a medium unless it is there; returns its path relative to the data set. */
  store(bytes: Uint8Array): Promise<string>;
  /** The media of all rows of a file that was read whole before; null = it was not, or files are missing. */
  known(key: string): readonly RowMedia[] | null;
  /** Remembers the media of all rows of a file. */
  remember(key: string, rows: readonly RowMedia[]): Promise<void>;
}

/** `folder`: of the data set. @throws {InputError} when it cannot be written, or its `.earsight` is a link. */
export function openMediaStore(folder: string): MediaStore {
  const root = prepare(folder);
  /** A dictionary page holds a medium once, however many rows have it. */
  const paths = new WeakMap<Uint8Array, string>();
  const indexOf = (key: string) => join(root, `${key}.rows.json`);
  return {
    async store(bytes) {
      const seen = paths.get(bytes);
      if (seen !== undefined) return seen;
      const name = storedName(hash('sha256', bytes), bytes);
      const path = `${STORED_MEDIA}/${name}`;
      const there = await stat(join(root, name)).catch(() => undefined);
      if (there?.isFile() !== true || there.size !== bytes.byteLength) await writeFile(join(root, name), [bytes]);
      paths.set(bytes, path);
      return path;
    },
    known(key) {
      try {
        const rows: readonly RowMedia[] = JSON.parse(readFileSync(indexOf(key), 'utf8'));
        const there = new Set(readdirSync(root).map((name) => `${STORED_MEDIA}/${name}`));
        const isThere = (path: StoredPath) => path === null || !path.startsWith(`${STORED_MEDIA}/`) || there.has(path);
        const isWhole = rows.every((row) => Object.values(row).every((value) => [value].flat().every(isThere)));
        return isWhole ? rows : null;
      } catch {
        // There is none, or it is damaged: the file is read again.
        return null;
      }
    },
    remember: (key, rows) => writeFile(indexOf(key), [JSON.stringify(rows)]),
  };
}

function prepare(folder: string): string {
  try {
    return makeStoredMedia(folder);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new InputError(
      {
        file: folder,
        message: `cannot hold the media of the Parquet file (${reason})`,
        hint: 'copy the data set into a folder that can be written',
      },
      { cause },
    );
  }
}
