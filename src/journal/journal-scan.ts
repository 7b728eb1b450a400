/** Streams a journal from disk, checking every line; damage is reported, never dropped in silence. */

import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { decodeLine, isTornStart, type LineHead, readHead } from './journal-line.ts';
import { JOURNAL_FILE, journalParts, partChunks } from './journal-parts.ts';

/** A line of the file and where it stands. */
export interface JournalLine {
  readonly head: LineHead;
  readonly text: string;
  /** Of the line's first byte. */
  readonly offset: number;
  /** With its line feed. */
  readonly byteLength: number;
}

interface PartScan {
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
interface Before {
  /** The last sequence number; -1 = none. */
  readonly lastSeq: number;
  /** Lines behind it that could not be read. */
  readonly unread: number;
}

const LINE_FEED = 0x0a;

/**
 * Reads all lines of one part in order and hands the good ones to `visit`. Memory does not grow with the file.
 * `onHeader` sees the text of every header, also of one that stands where none belongs.
 * @throws {InputError} when the file is something else: not one line of it is good, and it is no torn first line.
 */
async function scanPart(
  path: string,
  visit: (line: JournalLine) => void,
  before: Before,
  onHeader: (text: string) => void,
): Promise<PartScan> {
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

/** A scan over all parts; offsets count from the start of the first part, and only the part being written has a torn tail. */
export interface JournalScan extends Omit<PartScan, 'goodBytes' | 'tail'> {
  /** Of all finished parts, unpacked. */
  readonly finishedBytes: number;
  /** Good bytes of the part being written. */
  readonly goodBytes: number;
}

/**
 * Reads every good line of every part in order. Offsets handed to `visit` are those of `JournalReader.line`.
 * @throws {InputError} for a file that is no journal, or one of another version or with lines of another run.
 */
export async function scanJournal(directory: string, visit: (line: JournalLine) => void): Promise<JournalScan> {
  let total: JournalScan = { finishedBytes: 0, goodBytes: 0, tornBytes: 0, damaged: [], lost: 0, lastSeq: -1 };
  let unread = 0;
  let runId: string | null = null;
  for (const path of journalParts(directory)) {
    const start = total.finishedBytes;
    const take = (line: JournalLine) => visit({ ...line, offset: start + line.offset });
    const scan = await scanPart(path, take, { lastSeq: total.lastSeq, unread }, (text) => {
      runId = checkHeader(path, text, runId);
    });
    const isWritten = path === join(directory, JOURNAL_FILE);
    unread = scan.tail.length;
    total = {
      finishedBytes: start + (isWritten ? 0 : scan.goodBytes + scan.tornBytes),
      goodBytes: isWritten ? scan.goodBytes : 0,
      tornBytes: isWritten ? scan.tornBytes : 0,
      damaged: [...total.damaged, ...scan.damaged, ...(isWritten ? [] : scan.tail)],
      lost: total.lost + scan.lost,
      lastSeq: scan.lastSeq,
    };
  }
  return total;
}

/** Returns the run that the header names. */
function checkHeader(path: string, text: string, expected: string | null): string | null {
  const entry = decodeLine(text);
  if (entry.type !== 'header') return expected;
  const { version, runId } = entry.data;
  if (version !== 1)
    throw new InputError({
      file: path,
      message: 'is not the journal of this version of earsight',
      hint: 'use the version that wrote it, or choose another folder',
    });
  if (expected !== null && runId !== expected)
    throw new InputError({
      file: path,
      message: `holds lines of another run (${runId} beside ${expected})`,
      hint: 'put each run into a folder of its own',
    });
  return runId;
}

/** The id of the run that wrote the journal; null without one, or when its first line is damaged. */
export async function journalRunId(directory: string): Promise<string | null> {
  const [first] = journalParts(directory);
  if (first === undefined) return null;
  for await (const chunk of partChunks(first)) {
    const line = chunk.toString('utf8', 0, Math.max(0, chunk.indexOf('\n')));
    return readHead(line)?.type === 'header' ? checkHeader(first, line, null) : null;
  }
  return null;
}
