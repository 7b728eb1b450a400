/** Checks the headers of pages before they are decoded: a page of a few bytes may claim gigabytes. */

import type { Compressors, FileMetaData } from 'hyparquet';
import { loadOptional } from '../../../optional-package.ts';

/** Largest page after decompression, and largest row group that is read at once. */
export const MAX_UNPACKED_BYTES = 256 * 2 ** 20;

/** Values that lists of one row group may have. */
const MAX_VALUES = 20_000_000;

interface Chunk {
  readonly start: number;
  readonly end: number;
}

/** Returns a check of bytes of the file; `start` is where they begin. It throws for pages that claim too much. */
export async function createPageCheck({
  row_groups,
}: FileMetaData): Promise<(bytes: ArrayBuffer, start: number) => void> {
  const { deserializeTCompactProtocol: parse } = await loadOptional(
    'hyparquet',
    () => import('hyparquet/src/thrift.js'),
    'a Parquet file needs',
  );
  const chunks: readonly Chunk[] = row_groups.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data: meta }) => {
      if (meta === undefined) return [];
      const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
      return [{ start, end: start + Number(meta.total_compressed_size) }];
    }),
  );
  return (bytes, start) => {
    const end = start + bytes.byteLength;
    for (const chunk of chunks) {
      if (chunk.end <= start || chunk.start >= end) continue;
      const from = Math.max(chunk.start, start) - start;
      checkPages(bytes, from, Math.min(chunk.end, end) - start, parse);
    }
  };
}

type Parse = (reader: { view: DataView; offset: number }) => Readonly<Record<string, unknown>>;

/** Header, data, header, data (parquet-format, `PageHeader`). */
function checkPages(bytes: ArrayBuffer, from: number, end: number, parse: Parse): void {
  const reader = { view: new DataView(bytes), offset: from };
  let values = 0;
  while (reader.offset < end) {
    const header = parse(reader);
    const [unpacked, packed] = [Number(header['field_2']), Number(header['field_3'])];
    if (!(packed >= 0 && reader.offset + packed <= end))
      throw new RangeError(`a page claims ${packed} bytes, which is more than there are`);
    if (!(unpacked >= 0 && unpacked <= MAX_UNPACKED_BYTES))
      throw new RangeError(`a page claims ${unpacked} bytes; at most ${MAX_UNPACKED_BYTES} are unpacked`);
    for (const member of ['field_5', 'field_7', 'field_8']) {
      const count = countOf(header[member]);
      if (count < 0 || count > MAX_VALUES) throw new RangeError(`a page claims ${count} values`);
      values += count;
    }
    if (values > 2 * MAX_VALUES) throw new RangeError(`its pages claim ${values} values`);
    reader.offset += packed;
  }
}

function countOf(header: unknown): number {
  if (typeof header !== 'object' || header === null || !('field_1' in header)) return 0;
  return Number(header.field_1);
}

/** The decompressors, each with a limit to what it returns, and to what all of them return until `reset`. */
export function limited(compressors: Compressors): { readonly compressors: Compressors; reset(): void } {
  let unpacked = 0;
  const within = (length: number) => {
    unpacked += length;
    if (length > MAX_UNPACKED_BYTES || unpacked > 2 * MAX_UNPACKED_BYTES)
      throw new RangeError(`its pages unpack to more than ${MAX_UNPACKED_BYTES} bytes`);
  };
  const entries = Object.entries(compressors).map(([name, unpack]) => {
    const checked: typeof unpack = (input, outputLength) => {
      within(outputLength);
      const output = unpack(input, outputLength);
      if (output.length > outputLength) throw new RangeError('a page is larger than it claims');
      return output;
    };
    return [name, checked] as const;
  });
  return {
    compressors: Object.fromEntries(entries),
    reset() {
      unpacked = 0;
    },
  };
}
