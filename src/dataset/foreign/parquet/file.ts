/** Opens a Parquet file and checks everything that its footer claims before any of it is believed. */

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { FileMetaData } from 'hyparquet';
import { loadOptional } from '../../../optional-package.ts';
import type { Defect } from '../../defect.ts';
import { createPageCheck } from './page-check.ts';

const MAGIC = 'PAR1';
/** In the place of `PAR1` when the footer is encrypted (Parquet modular encryption). */
const ENCRYPTED_MAGIC = 'PARE';
const TAIL_BYTES = 8;

/** Real footers have kilobytes; one of 100,000 row groups and 20 columns some 200 MB, which nobody writes on purpose. */
const MAX_FOOTER_BYTES = 64 * 2 ** 20;

/** Rows that one group may claim: values of a few bits would still be gigabytes of pointers. */
const MAX_GROUP_ROWS = 10_000_000;

/** A file that is open; the caller closes it. */
export interface ParquetFile {
  readonly metadata: FileMetaData;
  /** What hyparquet reads from; pages are checked before it decodes them. */
  readonly buffer: { readonly byteLength: number; slice(start: number, end?: number): Promise<ArrayBuffer> };
  /** The same for a file that has not changed. */
  readonly key: string;
  close(): Promise<void>;
}

/** @throws {InputError} when the package is not installed; a system error when the file cannot be read. */
export async function openParquet(path: string): Promise<ParquetFile | Defect> {
  const { parquetMetadata } = await loadOptional('hyparquet', () => import('hyparquet'), 'a Parquet file needs');
  const file = await open(path, 'r');
  try {
    const { size, mtimeMs } = await file.stat();
    const footer = await readFooter(file, size);
    if ('message' in footer) return await refused(file, footer);
    const metadata = parsed(footer, parquetMetadata);
    const defect = 'message' in metadata ? metadata : claimProblem(metadata, size - footer.length - TAIL_BYTES);
    if (defect !== undefined || 'message' in metadata)
      return await refused(file, defect ?? { message: 'has a footer that cannot be read' });
    const check = await createPageCheck(metadata);
    const key = createHash('sha256').update(footer).update(`${size} ${mtimeMs}`).digest('hex').slice(0, 32);
    return {
      metadata,
      key,
      buffer: {
        byteLength: size,
        async slice(start, end = size) {
          const bytes = await readBytes(file, start, end);
          check(bytes, start);
          return bytes;
        },
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function refused(file: FileHandle, defect: Defect): Promise<Defect> {
  await file.close();
  return defect;
}

async function readBytes(file: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new RangeError('it became shorter while it was read');
    done += bytesRead;
  }
  return bytes.buffer;
}

/** The footer without its tail. */
async function readFooter(file: FileHandle, size: number): Promise<Uint8Array | Defect> {
  if (size < 2 * MAGIC.length + 4) return CUT_OFF;
  const head = Buffer.from(await readBytes(file, 0, MAGIC.length)).toString('latin1');
  const tail = Buffer.from(await readBytes(file, size - TAIL_BYTES, size));
  const end = tail.toString('latin1', 4);
  if (head === ENCRYPTED_MAGIC || end === ENCRYPTED_MAGIC) return ENCRYPTED;
  if (head !== MAGIC) return { message: 'is not a Parquet file by its first bytes' };
  if (end !== MAGIC) return CUT_OFF;
  const length = tail.readUInt32LE(0);
  if (length > size - TAIL_BYTES - MAGIC.length)
    return { message: `claims a footer of ${length} bytes and has ${size} in all: it is damaged`, hint: AGAIN };
  if (length > MAX_FOOTER_BYTES)
    return { message: `has a footer of ${length} bytes; at most ${MAX_FOOTER_BYTES} are read`, hint: FEWER_GROUPS };
  return new Uint8Array(await readBytes(file, size - TAIL_BYTES - length, size - TAIL_BYTES));
}

const AGAIN = 'copy or download it again';
const FEWER_GROUPS = 'write it with fewer row groups';
const CUT_OFF: Defect = { message: 'is not a whole Parquet file: its end is missing', hint: AGAIN };
const ENCRYPTED: Defect = { message: 'is encrypted', hint: 'write it without encryption' };

type Parse = (bytes: ArrayBuffer) => FileMetaData;

function parsed(footer: Uint8Array, parse: Parse): FileMetaData | Defect {
  // The parser wants the footer with its length and the mark of the end.
  const whole = Buffer.alloc(footer.length + TAIL_BYTES);
  whole.set(footer);
  whole.writeUInt32LE(footer.length, footer.length);
  whole.write(MAGIC, footer.length + 4, 'latin1');
  try {
    return parse(whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length) as ArrayBuffer);
  } catch (error) {
    return { message: `has a footer that cannot be read: ${reasonOf(error)}`, hint: AGAIN };
  }
}

/** The first sentence of an error of the library, without its prefix. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^parquet /u, '').slice(0, 200);
}

/** What a footer claims and cannot be true; `end` is where the footer starts. */
function claimProblem({ row_groups: groups, num_rows: total, schema }: FileMetaData, end: number): Defect | undefined {
  if (!Array.isArray(groups) || !Array.isArray(schema))
    return { message: 'has a footer without a schema', hint: AGAIN };
  let rows = 0;
  for (const [index, { num_rows, columns }] of groups.entries()) {
    const name = `row group ${index + 1}`;
    rows += Number(num_rows);
    if (!(Number(num_rows) >= 0 && Number(num_rows) <= MAX_GROUP_ROWS))
      return { message: `claims ${num_rows} rows in ${name}; at most ${MAX_GROUP_ROWS} are read` };
    for (const { meta_data: meta, file_path, crypto_metadata } of columns as readonly ((typeof columns)[number] & {
      crypto_metadata?: unknown;
    })[]) {
      if (meta === undefined || crypto_metadata !== undefined) return ENCRYPTED;
      if (file_path) return { message: `has the columns of ${name} in another file`, hint: 'write it as one file' };
      const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
      const size = Number(meta.total_compressed_size);
      if (!(start >= MAGIC.length && size >= 0 && start + size <= end))
        return { message: `claims data of ${name} behind its end: it is damaged`, hint: AGAIN };
    }
  }
  if (rows !== Number(total)) return { message: `claims ${total} rows, and its row groups have ${rows}`, hint: AGAIN };
  return undefined;
}
