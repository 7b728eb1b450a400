/** Streams a journal from disk, checking every line; damage is reported, never dropped in silence. */

import { InputError } from '../errors.ts';
import { isTornStart, type LineHead, readHead } from './journal-line.ts';
import { partChunks } from './packed-part.ts';

/** A line of the file and where it stands. */
export interface JournalLine {
  readonly head: LineHead;
  readonly text: string;
  /** Of the line's first byte. */
  readonly offset: number;
  /** With its line feed. */
  readonly byteLength: number;
}

export interface JournalScan {
  /** Bytes up to the end of the last good line: what a writer truncates to. */
  readonly goodBytes: number;
  /** Bytes behind it: a torn tail. */
  readonly tornBytes: number;
  /** The lines that those are. */
  readonly tail: readonly DamagedLine[];
  /** Damaged lines with good ones behind them; their cells count as missing. */
  readonly damaged: readonly DamagedLine[];
  /** Lines that their neighbours' sequence numbers say were here and are not. */
  readonly lost: number;
  /** The highest sequence number seen; that of before in an empty part. */
  readonly lastSeq: number;
}

export interface DamagedLine {
  /** Path of the part. */
  readonly part: string;
  /** 1-based. */
  readonly line: number;
}

/** What came before a part. */
export interface Before {
  /** The last sequence number; -1 = none. */
  readonly lastSeq: number;
  /** Lines behind it that could not be read. */
  readonly unread: number;
}

const NOTHING_BEFORE: Before = { lastSeq: -1, unread: 0 };

const LINE_FEED = 0x0a;

/**
 * Reads all lines of one part in order and hands the good ones to `visit`. Memory does not grow with the file.
 * `onHeader` sees the text of every header, also of one that stands where none belongs.
 * @throws {InputError} when the file is something else: not one line of it is good, and it is no torn first line.
 */
export async function scanPart(
  path: string,
  visit: (line: JournalLine) => void,
  before: Before = NOTHING_BEFORE,
  onHeader: (text: string) => void = () => {},
): Promise<JournalScan> {
  const damaged: DamagedLine[] = [];
  let suspects: DamagedLine[] = [];
  let [goodBytes, offset, lineNumber, lastSeq, lost] = [0, 0, 0, before.lastSeq, 0];
  let unread = before.unread;
  let rest: Buffer[] = [];
  let restBytes = 0;

  const take = (bytes: Buffer) => {
    lineNumber += 1;
    const text = bytes.toString('utf8');
    const head = readHead(text);
    const byteLength = bytes.length + 1;
    if (head?.type === 'header') onHeader(text);
    // A line written twice or out of order is damage too: sequence numbers only rise.
    if (head === null || head.seq <= lastSeq) {
      suspects.push({ part: path, line: lineNumber });
    } else {
      lost += Math.max(0, head.seq - lastSeq - 1 - suspects.length - unread);
      unread = 0;
      damaged.push(...suspects);
      suspects = [];
      lastSeq = head.seq;
      visit({ head, text, offset, byteLength });
      goodBytes = offset + byteLength;
    }
    offset += byteLength;
  };

  for await (const chunk of partChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const piece = chunk.subarray(start, end);
      take(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start));
      restBytes += chunk.length - start;
    }
  }
  const torn = Buffer.concat(rest);
  if (goodBytes === 0 && (lineNumber > 0 || !isTornStart(torn.toString('latin1')))) throw noJournal(path);
  const tail = restBytes === 0 ? suspects : [...suspects, { part: path, line: lineNumber + 1 }];
  return { goodBytes, tornBytes: offset + restBytes - goodBytes, tail, damaged, lost, lastSeq };
}

function noJournal(path: string): InputError {
  return new InputError({
    file: path,
    message: 'is not a journal that this version of earsight can read',
    hint: 'choose another folder, or move the file away',
  });
}
