/** Reads a whole journal from disk and checks every line; damage is reported, never ignored silently. */

import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import { type ByteRange, isTornStart, type JournalEntry, type LineHead, readHead } from './journal-line.ts';
import { JOURNAL_FILE, journalParts, partChunks } from './journal-parts.ts';
import { parseLine } from './journal-schema.ts';
import { splitLines } from './split-lines.ts';

/** A good line, without its line feed, and where it is. */
export interface JournalLine extends ByteRange {
  readonly head: LineHead;
  readonly entry: JournalEntry;
  readonly text: string;
  /** Lines since the last header or rebase line are damaged or missing: one of them may have been such a line. */
  readonly afterDamage: boolean;
}

/** Receives each good line. Returns false for one that contradicts the lines before: it then counts as damaged. */
export type VisitLine = (line: JournalLine) => unknown;

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
  /** The first damaged lines that have good ones after them; the cells of all such lines count as missing. */
  readonly damaged: readonly DamagedLine[];
  /** The number of all such lines. */
  readonly damagedCount: number;
  /** Lines that are missing according to the sequence numbers around them. */
  readonly lost: number;
  /** The highest sequence number; -1 in an empty journal. */
  readonly lastSeq: number;
}

/**
 * Reads every good line of every part in order. Byte ranges start at the first part, as `JournalReader.line` expects.
 * @throws {InputError} for a file that is not a journal, or that has another version or lines of another run.
 */
export async function scanJournal(directory: string, visit: VisitLine): Promise<JournalScan> {
  let total: JournalScan = {
    finishedBytes: 0,
    goodBytes: 0,
    tornBytes: 0,
    damaged: [],
    damagedCount: 0,
    lost: 0,
    lastSeq: -1,
  };
  let unread = 0;
  let afterDamage = false;
  let runId: string | null = null;
  const onHeader = (path: string, text: string) => {
    runId = checkHeader(path, text, runId) ?? runId;
  };
  for (const path of journalParts(directory)) {
    const start = total.finishedBytes;
    const visitInJournal = (line: JournalLine) => visit({ ...line, offset: start + line.offset });
    const scan = await scanPart(path, { lastSeq: total.lastSeq, unread, afterDamage }, visitInJournal, onHeader);
    const isFinished = path !== join(directory, JOURNAL_FILE);
    unread = scan.tail.count;
    afterDamage = scan.afterDamage || unread > 0;
    const damage = isFinished ? addDamage(scan.damage, scan.tail) : scan.damage;
    total = {
      finishedBytes: start + (isFinished ? scan.goodBytes + scan.tornBytes : 0),
      goodBytes: isFinished ? 0 : scan.goodBytes,
      tornBytes: isFinished ? 0 : scan.tornBytes,
      damaged: [...total.damaged, ...damage.first].slice(0, MAX_NAMED),
      damagedCount: total.damagedCount + damage.count,
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

/** Returns the id of the run in the header; null for a header that is damaged. */
function checkHeader(path: string, text: string, expected: string | null): string | null {
  const head = readHead(text);
  if (head === null) return null;
  if (isOtherVersion(text))
    throw new InputError({
      file: path,
      message: 'was written by another version of earsight',
      hint: 'use that version, or choose another folder',
    });
  const entry = parseLine(text, head);
  if (entry?.type !== 'header') return null;
  const { runId } = entry.data;
  if (expected !== null && runId !== expected)
    throw new InputError({
      file: path,
      message: `contains lines of another run (${runId}; the lines before are of ${expected})`,
      hint: 'keep each run in its own folder',
    });
  return runId;
}

/** Whether a header whose checksum holds names another version; its other members may be anything. */
function isOtherVersion(text: string): boolean {
  try {
    const { data } = JSON.parse(text);
    return isRecord(data) && typeof data['version'] === 'number' && data['version'] !== 1;
  } catch {
    return false;
  }
}

/** Lines that are named in warnings; a file of ten million bad lines has one warning for the others. */
const MAX_NAMED = 20;

/** Damaged lines: the first of them, and how many there are. */
interface Damage {
  readonly first: readonly DamagedLine[];
  readonly count: number;
}

const NO_DAMAGE: Damage = { first: [], count: 0 };

function addDamage(before: Damage, after: Damage): Damage {
  if (after.count === 0) return before;
  return { first: [...before.first, ...after.first].slice(0, MAX_NAMED), count: before.count + after.count };
}

interface PartScan
  extends Pick<JournalScan, 'goodBytes' | 'tornBytes' | 'lost' | 'lastSeq'>,
    Pick<JournalLine, 'afterDamage'> {
  readonly damage: Damage;
  /** The lines in `tornBytes`. */
  readonly tail: Damage;
}

/** The parts before the one that is scanned. */
interface EarlierParts {
  /** The last sequence number; -1 = none. */
  readonly lastSeq: number;
  /** Lines after it that could not be read. */
  readonly unread: number;
  readonly afterDamage: boolean;
}

/**
 * Reads all lines of one part in order and calls `visit` with the good ones. Memory does not grow with the file.
 * `onHeader` gets the text of every header, also of one that is out of order.
 * @throws {InputError} when no line is good, unless the file contains only the beginning of a first line.
 */
async function scanPart(
  path: string,
  earlier: EarlierParts,
  visit: VisitLine,
  onHeader: (path: string, text: string) => void,
): Promise<PartScan> {
  let damage = NO_DAMAGE;
  /** Bad lines since the last good one: damage when a good one follows, else the incomplete end. */
  let suspects = NO_DAMAGE;
  let lineNumber = 0;
  let goodBytes = 0;
  let lost = 0;
  let { lastSeq, unread, afterDamage } = earlier;
  const suspect = () => {
    suspects = addDamage(suspects, { first: [{ part: path, line: lineNumber }], count: 1 });
  };

  const rest = await splitLines(path, ({ bytes, offset, byteLength }) => {
    lineNumber += 1;
    const text = bytes?.toString('utf8') ?? '';
    const head = readHead(text);
    if (head?.type === 'header') onHeader(path, text);
    // Sequence numbers always increase: a line that is written twice or out of order is damage, too.
    const entry = head === null || head.seq <= lastSeq ? null : parseLine(text, head);
    if (head === null || entry === null) return suspect();
    const missing = Math.max(0, head.seq - lastSeq - 1 - suspects.count - unread);
    afterDamage ||= missing > 0 || suspects.count > 0;
    if (entry.type === 'header' || entry.type === 'rebase') afterDamage = false;
    if (visit({ head, entry, text, offset, byteLength, afterDamage }) === false) return suspect();
    lost += missing;
    unread = 0;
    damage = addDamage(damage, suspects);
    suspects = NO_DAMAGE;
    lastSeq = head.seq;
    goodBytes = offset + byteLength;
  });
  if (goodBytes === 0 && (lineNumber > 0 || !isTornStart(rest.start.toString('latin1')))) throw notAJournal(path);
  if (rest.byteLength > 0) {
    lineNumber += 1;
    suspect();
  }
  return { goodBytes, tornBytes: rest.end - goodBytes, tail: suspects, damage, lost, lastSeq, afterDamage };
}

const LINE_FEED = 0x0a;

function notAJournal(path: string): InputError {
  return new InputError({
    file: path,
    message: 'is not a journal that this version of earsight can read',
    hint: 'choose another folder, or move the file away',
  });
}
