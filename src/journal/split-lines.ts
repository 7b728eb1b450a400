/** Splits a part of a journal into lines with bounded memory. */

import { partChunks } from './journal-parts.ts';

/** Longest line, with its line feed. A longer one is damaged: nothing that earsight writes needs more. */
export const MAX_LINE_BYTES = 64 * 2 ** 20;

/** A line without its line feed, and where it is. */
export interface SplitLine {
  /** null = the line is too long. */
  readonly bytes: Buffer | null;
  readonly offset: number;
  /** With the line feed. */
  readonly byteLength: number;
}

/** What follows the last line feed. */
export interface Rest {
  /** Its first bytes. */
  readonly start: Buffer;
  readonly byteLength: number;
  /** Bytes of the whole part. */
  readonly end: number;
}

const LINE_FEED = 0x0a;

/** Calls `visit` with each complete line. */
export async function splitLines(path: string, visit: (line: SplitLine) => void): Promise<Rest> {
  let pieces: Buffer[] = [];
  let offset = 0;
  let length = 0;
  const keep = (piece: Buffer) => {
    length += piece.length;
    // The first piece is kept: it tells whether the file may be a journal.
    if (length < MAX_LINE_BYTES || pieces.length === 0) pieces.push(piece);
    else pieces = pieces.slice(0, 1);
  };
  const joined = () => {
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
  };
  for await (const chunk of partChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      visit({ bytes: length < MAX_LINE_BYTES ? joined() : null, offset, byteLength: length + 1 });
      offset += length + 1;
      pieces = [];
      length = 0;
      start = end + 1;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  return { start: pieces[0] ?? Buffer.alloc(0), byteLength: length, end: offset + length };
}
