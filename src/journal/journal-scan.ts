/** Reads a whole journal from disk and checks every line; damage is reported, never ignored silently. */

import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { type ByteRange, decodeLine, isTornStart, type LineHead, readHead } from './journal-line.ts';
import { JOURNAL_FILE, journalParts, partChunks } from './journal-parts.ts';

/** A good line, without its line feed, and where it is. */
export interface JournalLine extends ByteRange {
  readonly head: LineHead;
  readonly text: string;
}

export interface DamagedLine {
  /** Path of the part. */
  readonly part: string;
  /** 1-based. */
  readonly line: number;
}

/** The result of a scan over all parts. */
export interface JournalScan {
  /** Of all finished parts, unpacked. */
  readonly finishedBytes: number;
  /** Of the part being written, up to the end of its last good line: a writer cuts off the rest. */
  readonly goodBytes: number;
  /** Of the part being written, after its last good line: lines whose write was interrupted. */
  readonly tornBytes: number;
  /** Damaged lines with good ones after them; their cells count as missing. */
  readonly damaged: readonly DamagedLine[];
  /** Lines that are missing according to the sequence numbers around them. */
  readonly lost: number;
  /** The highest sequence number; -1 in an empty journal. */
  readonly lastSeq: number;
}

/**
 * Reads every good line of every part in order. Byte ranges start at the first part, as `JournalReader.line` expects.
 * @throws {InputError} for a file that is not a journal, or that has another version or lines of another run.
 */
export async function scanJournal(directory: string, visit: (line: JournalLine) => void): Promise<JournalScan> {
  let total: JournalScan = { finishedBytes: 0, goodBytes: 0, tornBytes: 0, damaged: [], lost: 0, lastSeq: -1 };
  let unread = 0;
  let runId: string | null = null;
  const onHeader = (path: string, text: string) => {
    runId = checkHeader(path, text, runId);
  };
  for (const path of journalParts(directory)) {
    const start = total.finishedBytes;
    const visitInJournal = (line: JournalLine) => visit({ ...line, offset: start + line.offset });
    const scan = await scanPart(path, { lastSeq: total.lastSeq, unread }, visitInJournal, onHeader);
    const isFinished = path !== join(directory, JOURNAL_FILE);
    unread = scan.tail.length;
    total = {
      finishedBytes: start + (isFinished ? scan.goodBytes + scan.tornBytes : 0),
      goodBytes: isFinished ? 0 : scan.goodBytes,
      tornBytes: isFinished ? 0 : scan.tornBytes,
      damaged: [...total.damaged, ...scan.damaged, ...(isFinished ? scan.tail : [])],
      lost: total.lost + scan.lost,
      lastSeq: scan.lastSeq,
    };
  }
  return total;
}

/** The id of the run that wrote the journal; null without a journal, or when its first line is damaged. */
export async function journalRunId(directory: string): Promise<string | null> {
  const [first] = journalParts(directory);
  if (first === undefined) return null;
  for await (const chunk of partChunks(first)) {
    const line = chunk.toString('utf8', 0, Math.max(0, chunk.indexOf(LINE_FEED)));
    return readHead(line)?.type === 'header' ? checkHeader(first, line, null) : null;
  }
  return null;
}

/** Returns the id of the run in the header. */
function checkHeader(path: string, text: string, expected: string | null): string | null {
  const entry = decodeLine(text);
  if (entry.type !== 'header') return expected;
  const { version, runId } = entry.data;
  if (version !== 1)
    throw new InputError({
      file: path,
      message: 'was written by another version of earsight',
      hint: 'use that version, or choose another folder',
    });
  if (expected !== null && runId !== expected)
    throw new InputError({
      file: path,
      message: `contains lines of another run (${runId}; the lines before are of ${expected})`,
      hint: 'keep each run in its own folder',
    });
  return runId;
}

interface PartScan extends Pick<JournalScan, 'goodBytes' | 'tornBytes' | 'damaged' | 'lost' | 'lastSeq'> {
  /** The lines in `tornBytes`. */
  readonly tail: readonly DamagedLine[];
}

/** The parts before the one that is scanned. */
interface EarlierParts {
  /** The last sequence number; -1 = none. */
  readonly lastSeq: number;
  /** Lines after it that could not be read. */
  readonly unread: number;
}

/**
 * Reads all lines of one part in order and calls `visit` with the good ones. Memory does not grow with the file.
 * `onHeader` gets the text of every header, also of one that is out of order.
 * @throws {InputError} when no line is good, unless the file contains only the beginning of a first line.
 */
async function scanPart(
  path: string,
  earlier: EarlierParts,
  visit: (line: JournalLine) => void,
  onHeader: (path: string, text: string) => void,
): Promise<PartScan> {
  const damaged: DamagedLine[] = [];
  /** Bad lines since the last good one: damage when a good one follows, else the incomplete end. */
  let suspects: DamagedLine[] = [];
  let lineNumber = 0;
  let offset = 0;
  let goodBytes = 0;
  let lost = 0;
  let { lastSeq, unread } = earlier;

  const rest = await splitLines(path, (bytes) => {
    lineNumber += 1;
    const text = bytes.toString('utf8');
    const head = readHead(text);
    const byteLength = bytes.length + 1;
    if (head?.type === 'header') onHeader(path, text);
    // Sequence numbers always increase: a line that is written twice or out of order is damage, too.
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
  });
  if (goodBytes === 0 && (lineNumber > 0 || !isTornStart(rest.toString('latin1')))) throw notAJournal(path);
  const tail = rest.length === 0 ? suspects : [...suspects, { part: path, line: lineNumber + 1 }];
  return { goodBytes, tornBytes: offset + rest.length - goodBytes, tail, damaged, lost, lastSeq };
}

const LINE_FEED = 0x0a;

/** Calls `visit` with each complete line, without its line feed. Returns the bytes after the last line feed. */
async function splitLines(path: string, visit: (line: Buffer) => void): Promise<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of partChunks(path)) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const piece = chunk.subarray(start, end);
      visit(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  return Buffer.concat(rest);
}

function notAJournal(path: string): InputError {
  return new InputError({
    file: path,
    message: 'is not a journal that this version of earsight can read',
    hint: 'choose another folder, or move the file away',
  });
}
