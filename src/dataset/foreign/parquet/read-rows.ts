/** Reads the rows of one Parquet file: plain columns by row group, media in windows, each medium at most once. */

import type { FileMetaData } from 'hyparquet';
import { loadOptional } from '../../../optional-package.ts';
import type { ParquetColumn } from './columns.ts';
import type { ParquetFile } from './file.ts';
import type { MediaStore, RowMedia, StoredPath } from './media-store.ts';
import { limited, MAX_UNPACKED_BYTES } from './page-check.ts';
import { loadUnpackers } from './unpack.ts';
import { mediumOf } from './values.ts';

/** Rows whose media are read at once where the pages allow it. */
const WINDOW_ROWS = 20;

type Values = Readonly<Record<string, unknown>>;

/** A row with its plain values and the paths of its media. */
export interface ParquetRow {
  readonly values: Values;
  readonly media: RowMedia;
}

/** Yields the rows in batches. @throws {RangeError} for data that cannot be read. */
export async function* readRows(
  file: ParquetFile,
  columns: readonly ParquetColumn[],
  store: () => MediaStore,
): AsyncGenerator<readonly ParquetRow[]> {
  const { parquetReadObjects } = await loadOptional('hyparquet', () => import('hyparquet'), 'a Parquet file needs');
  const used = file.metadata.row_groups.flatMap(({ columns }) =>
    columns.map(({ meta_data }) => meta_data?.codec ?? ''),
  );
  const codecs = limited(await loadUnpackers(new Set(used)));
  const names = (isMedia: boolean) => columns.filter((column) => column.isMedia === isMedia).map(({ name }) => name);
  const [plain, media] = [names(false), names(true)];
  const read = async (wanted: readonly string[], rowStart: number, rowEnd: number): Promise<readonly Values[]> => {
    if (wanted.length === 0) return Array.from({ length: rowEnd - rowStart }, () => ({}));
    codecs.reset();
    return parquetReadObjects({
      file: file.buffer,
      metadata: file.metadata,
      columns: [...wanted],
      rowStart,
      rowEnd,
      compressors: codecs.compressors,
      // Without it every embedded image would be decoded as text, which destroys it silently.
      utf8: false,
      useOffsetIndex: true,
    });
  };
  const opened = media.length === 0 ? null : store();
  const known = opened?.known(file.key) ?? null;
  const found: RowMedia[] = [];
  let first = 0;
  for (const [index, { num_rows }] of file.metadata.row_groups.entries()) {
    const end = first + Number(num_rows);
    requireSize(
      file.metadata,
      index,
      known === null ? [...plain, ...media] : plain,
      await windowsOf(file, index, media),
    );
    const values = await read(plain, first, end);
    const windows = known === null ? await windowsOf(file, index, media) : [Number(num_rows)];
    let at = 0;
    for (const rows of windows) {
      const stored: RowMedia[] = [];
      // One after the other: each write holds a copy of its bytes.
      if (known === null && opened !== null)
        for (const row of await read(media, first + at, first + at + rows)) stored.push(await storeAll(row, opened));
      yield Array.from({ length: rows }, (_, offset) => {
        const row = { values: values[at + offset] ?? {}, media: known?.[first + at + offset] ?? stored[offset] ?? {} };
        if (known === null) found.push(row.media);
        return row;
      });
      at += rows;
    }
    first = end;
  }
  if (known === null && opened !== null) await opened.remember(file.key, found);
}

/** Counts of rows that are read one after the other: whole pages of about 20 rows, or the whole group. */
async function windowsOf(file: ParquetFile, index: number, media: readonly string[]): Promise<readonly number[]> {
  const group = file.metadata.row_groups[index];
  const rows = Number(group?.num_rows ?? 0);
  if (group === undefined || media.length === 0) return [rows];
  const { readOffsetIndex } = await loadOptional('hyparquet', () => import('hyparquet'), 'a Parquet file needs');
  const starts: number[][] = [];
  for (const { meta_data: meta, offset_index_offset: offset, offset_index_length: length } of group.columns) {
    const path = meta?.path_in_schema ?? [];
    if (!media.includes(path[0] ?? '') || Number(meta?.total_compressed_size) < MIN_PAGED_BYTES) continue;
    if (offset === undefined || length === undefined || Number(offset) + length > file.buffer.byteLength) return [rows];
    const bytes = await file.buffer.slice(Number(offset), Number(offset) + length);
    const { page_locations: pages } = readOffsetIndex({ view: new DataView(bytes), offset: 0 });
    if (pages.length < 2) return [rows];
    starts.push(pages.map(({ first_row_index }) => Number(first_row_index)));
  }
  // Windows begin where a page of the largest column begins, so that no page is read twice.
  const longest = starts.sort((a, b) => b.length - a.length)[0] ?? [];
  return windowsFrom(longest, rows);
}

/** Smaller columns, such as the paths beside the bytes, may be read again with each window. */
const MIN_PAGED_BYTES = 2 ** 16;

function windowsFrom(starts: readonly number[], rows: number): readonly number[] {
  const windows: number[] = [];
  let from = 0;
  for (const start of starts)
    if (start - from >= WINDOW_ROWS && start < rows) {
      windows.push(start - from);
      from = start;
    }
  return [...windows, rows - from];
}

/** @throws {RangeError} when a row group would be read at once and is too large for that. */
function requireSize(
  metadata: FileMetaData,
  index: number,
  names: readonly string[],
  windows: readonly number[],
): void {
  if (windows.length > 1) return;
  const columns = metadata.row_groups[index]?.columns ?? [];
  const bytes = columns.reduce((sum, { meta_data: meta }) => {
    if (meta === undefined || !names.includes(meta.path_in_schema[0] ?? '')) return sum;
    return sum + Math.max(Number(meta.total_uncompressed_size), Number(meta.total_compressed_size));
  }, 0);
  if (bytes > MAX_UNPACKED_BYTES)
    throw new RangeError(
      `row group ${index + 1} has ${Math.round(bytes / 2 ** 20)} MiB; at most ${MAX_UNPACKED_BYTES / 2 ** 20} MiB are read at once`,
    );
}

async function storeAll(row: Values, store: MediaStore): Promise<RowMedia> {
  const media: Record<string, StoredPath | readonly StoredPath[]> = {};
  for (const [name, value] of Object.entries(row)) {
    if (!Array.isArray(value)) {
      media[name] = await storeOne(value, store);
      continue;
    }
    const paths: StoredPath[] = [];
    for (const item of value) paths.push(await storeOne(item, store));
    media[name] = paths;
  }
  return media;
}

async function storeOne(value: unknown, store: MediaStore): Promise<StoredPath> {
  const medium = mediumOf(value);
  if (medium === null) return null;
  return medium.bytes === null ? medium.path : store.store(medium.bytes);
}
