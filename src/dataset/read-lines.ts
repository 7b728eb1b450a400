/** Streams the lines of a text file with bounded memory and marks lines that are not text. */

import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { utf16Decoder } from './decode-utf16.ts';
import type { Defect } from './defect.ts';
import { foreignType } from './foreign-types.ts';

/** One line without its line feed; a carriage return before it is kept. */
export interface Line {
  /** 1-based. */
  readonly line: number;
  /** Empty for a line that is too long to keep. */
  readonly bytes: Buffer;
  /** Why the line cannot be used: it is too long, not UTF-8, or contains a NUL. */
  readonly defect?: Defect;
}

const CHUNK_BYTES = 2 ** 16; // the records of a chunk stay in memory until the last one is used
const NEWLINE = 0x0a;
const TEXT_HINT = 'a manifest is UTF-8 text: CSV, JSONL or YAML';
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Longest line, and longest CSV row: one image of 20 MiB as a data URL (27 MiB) and its text. */
export const MAX_ROW_BYTES = 32 * 2 ** 20;

/**
 * Yields the lines in batches, without a byte-order mark. UTF-16 with its mark is decoded. A file that is not text at all
 * (a spreadsheet, an image) yields one line with that defect.
 * @throws {Error} a system error when the file cannot be read.
 */
export async function* readLines(path: string): AsyncGenerator<readonly Line[]> {
  const splitter = createSplitter();
  // The file was checked before, but what is there now may be a named pipe, which waits for its other end.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) {
      yield [wholeFile({ message: 'is not a regular file' })];
      return;
    }
    for await (const chunk of readChunks(file)) {
      if ('message' in chunk) {
        yield [wholeFile(chunk)];
        return;
      }
      yield splitter.push(chunk);
    }
    yield splitter.end();
  } finally {
    await file.close();
  }
}

type FileFault = { readonly message: string; readonly hint?: string };

/** The one line of a file that cannot be read as lines. */
const wholeFile = (defect: FileFault): Line => ({ line: 1, bytes: Buffer.alloc(0), defect });

/** Yields the bytes of a file as UTF-8, without a byte-order mark; a fault ends it. */
async function* readChunks(file: FileHandle): AsyncGenerator<Buffer | FileFault> {
  const first = await readChunk(file);
  const decoder = utf16Decoder(first);
  if (decoder === undefined) {
    const hasMark = first.subarray(0, UTF8_MARK.length).equals(UTF8_MARK);
    yield foreignText(first) ?? (hasMark ? first.subarray(UTF8_MARK.length) : first);
    for (let chunk = await readChunk(file); chunk.length > 0; chunk = await readChunk(file)) yield chunk;
    return;
  }
  for (let chunk = first; chunk.length > 0; chunk = await readChunk(file)) yield decoder.push(chunk) ?? BROKEN_UTF16;
  yield decoder.end() ?? BROKEN_UTF16;
}

const BROKEN_UTF16: FileFault = {
  message: 'begins like UTF-16 text and contains bytes that are not',
  hint: 'save it as UTF-8 (in Excel: "CSV UTF-8")',
};

async function readChunk(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK_BYTES) });
  return buffer.subarray(0, bytesRead);
}

/** The defect of a file whose first bytes are not a manifest; undefined when they may be one. */
function foreignText(chunk: Buffer): FileFault | undefined {
  const firstEnd = chunk.indexOf(NEWLINE);
  const head = firstEnd === -1 ? chunk : chunk.subarray(0, firstEnd);
  const type = foreignType(chunk);
  if (type !== undefined && NEVER_A_MANIFEST.test(type.name)) return { message: `is ${type.name}`, hint: type.hint };
  // A single NUL in a text file is a defect of its line only.
  const isForeign = head.includes(0) || (chunk.includes(0) && !isUtf8(wholeLines(chunk)));
  if (!isForeign) return undefined;
  if (type === undefined) return { message: 'is not a text file', hint: TEXT_HINT };
  return { message: `is ${type.name}`, hint: WITH_MANIFESTS.test(type.name) ? SAVE_AS : TEXT_HINT };
}

/** What is in the place of a file that was not downloaded. */
const NEVER_A_MANIFEST = /^(?:a pointer of|an? (?:web|HTML) page|compressed with)/;
/** What may hold a table. */
const WITH_MANIFESTS = /Office document|Parquet/;
const SAVE_AS = 'save the table as UTF-8 text: "CSV UTF-8" in Excel, or JSON Lines';

/** The bytes up to the last line end, where no character is cut; all of them when there is none. */
function wholeLines(chunk: Buffer): Buffer {
  const end = chunk.lastIndexOf(NEWLINE);
  return end === -1 ? chunk : chunk.subarray(0, end);
}

/** Splits chunks into lines and keeps the unfinished one. */
function createSplitter() {
  let line = 1;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const keep = (bytes: Buffer) => {
    restBytes += bytes.length;
    if (restBytes > MAX_ROW_BYTES) rest = [];
    else rest.push(bytes);
  };

  const finish = (isKnownGood: boolean): Line => {
    const bytes = rest.length === 1 && rest[0] !== undefined ? rest[0] : Buffer.concat(rest);
    const isGood = isKnownGood || (restBytes <= MAX_ROW_BYTES && isText(bytes));
    const done = isGood ? { line, bytes } : { line, bytes, defect: defectOf(line, bytes, restBytes) };
    line += 1;
    rest = [];
    restBytes = 0;
    return done;
  };

  return {
    push(chunk: Buffer): Line[] {
      const lines: Line[] = [];
      let start = 0;
      let end = chunk.indexOf(NEWLINE);
      const last = chunk.lastIndexOf(NEWLINE);
      // One native check for all lines but the first, which started in an earlier chunk.
      const isAllGood = end < last && isText(chunk.subarray(end + 1, last));
      while (end !== -1) {
        keep(chunk.subarray(start, end));
        lines.push(finish(isAllGood && start > 0));
        start = end + 1;
        end = chunk.indexOf(NEWLINE, start);
      }
      if (start < chunk.length) keep(chunk.subarray(start));
      return lines;
    },
    end(): Line[] {
      return restBytes > 0 ? [finish(false)] : [];
    },
  };
}

const isText = (bytes: Buffer) => isUtf8(bytes) && !bytes.includes(0);

function defectOf(line: number, bytes: Buffer, length: number): Defect {
  if (length > MAX_ROW_BYTES) {
    const message = `the line is longer than ${MAX_ROW_BYTES / 2 ** 20} MiB`;
    return { line, message, hint: 'put media into files and write their paths' };
  }
  const text = bytes.toString('utf8');
  if (isUtf8(bytes))
    return { line, column: text.indexOf('\0') + 1, message: 'contains a NUL character', hint: TEXT_HINT };
  const column = text.indexOf('\ufffd') + 1; // the decoder replaces a bad byte with it
  return { line, column, message: 'is not UTF-8 text', hint: 'save the file as UTF-8' };
}
