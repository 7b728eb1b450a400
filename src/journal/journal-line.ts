/** One line of the journal: `{"crc":"<8 hex>","seq":N,"type":"...","cell":N,"data":...}`, checked as text before it is parsed. */

import { crc32 } from 'node:zlib';
import type { RunDefinition } from '../plan/request-hash.ts';
import type { Answer, Result } from '../result.ts';
import type { JudgementLine } from './lines/judgement-line.ts';
import type { PreferenceLine } from './lines/preference-line.ts';
import type { CellScoreLine, ScoreSet } from './lines/score-line.ts';

/** First line of every journal part. */
export interface JournalHeader {
  readonly format: 'earsight-journal';
  readonly version: 1;
  readonly runId: string;
  readonly runIdentity: RunDefinition;
}

/** Written before each request, so that the journal shows after a crash what may have been billed. */
export interface AttemptNote {
  readonly requestHash: string;
  readonly modelId: string;
  /** Over the whole cell, from 1. */
  readonly attempt: number;
  readonly turn: number;
}

/** The answer to one turn of a `turns` sample, written before the next turn is sent. */
export interface TurnNote {
  readonly requestHash: string;
  readonly sampleId: string;
  readonly modelId: string;
  readonly repeat: number;
  readonly turn: number;
  readonly answered: Answer;
}

/** Names a cell whose results above this line do not count as finished: the user had it asked again. */
export interface AgainNote {
  readonly requestHash: string;
  readonly sampleId: string;
  readonly modelId: string;
  readonly repeat: number;
}

export type JournalEntry =
  | { readonly type: 'header'; readonly data: JournalHeader }
  | { readonly type: 'attempt'; readonly data: AttemptNote }
  | { readonly type: 'turn'; readonly data: TurnNote }
  /** `cell` is the row index in every table. */
  | { readonly type: 'result'; readonly cell: number; readonly data: Result }
  /** The scores of one cell in a set; they count when the line of the set follows. */
  | { readonly type: 'score'; readonly cell: number; readonly data: CellScoreLine }
  /** A set of scores is complete. */
  | { readonly type: 'scoreset'; readonly data: ScoreSet }
  /** A question to a judge, with its reply. */
  | { readonly type: 'judgement'; readonly data: JudgementLine }
  /** Which of two answers a judge preferred. */
  | { readonly type: 'preference'; readonly data: PreferenceLine }
  /** The user accepted a changed run: results above this line count only when they are repeated below. */
  | { readonly type: 'rebase'; readonly data: { readonly runIdentity: RunDefinition } }
  /** The cell is sent once more; until then its newest result stays in the tables. */
  | { readonly type: 'again'; readonly data: AgainNote }
  /** Why a model's request rate changed; for diagnosis. */
  | { readonly type: 'limit'; readonly data: unknown };

const PREFIX = '{"crc":"';
/** `{"crc":"xxxxxxxx",` */
const BODY_START = PREFIX.length + 10;

/** Renders a line with its line feed. */
export function encodeLine(seq: number, entry: JournalEntry): string {
  const cell = 'cell' in entry ? `"cell":${entry.cell},` : '';
  const body = `"seq":${seq},"type":"${entry.type}",${cell}"data":${JSON.stringify(entry.data)}}`;
  return `${PREFIX}${checksum(body)}",${body}\n`;
}

/** Where a line is in the journal: `offset` counts from the start of its first part, `byteLength` includes the line feed. */
export interface ByteRange {
  readonly offset: number;
  readonly byteLength: number;
}

/** The members before a line's data: enough to index the line without parsing the data. */
export interface LineHead {
  readonly seq: number;
  readonly type: JournalEntry['type'];
  readonly cell: number | null;
}

const HEAD = /^"seq":(\d+),"type":"([a-z]+)",(?:"cell":(\d+),)?"data":/;

/** Reads the head of a line (without line feed) whose checksum holds; null for a damaged or incomplete line. */
export function readHead(line: string): LineHead | null {
  if (!line.startsWith(PREFIX)) return null;
  const body = line.slice(BODY_START);
  if (line.slice(PREFIX.length, BODY_START) !== `${checksum(body)}",`) return null;
  const match = HEAD.exec(body);
  if (match === null) return null;
  const seq = Number(match[1]);
  const cell = match[3] === undefined ? null : Number(match[3]);
  if (!Number.isSafeInteger(seq) || !(cell === null || Number.isSafeInteger(cell))) return null;
  return { seq, type: match[2] as JournalEntry['type'], cell };
}

/** Whether a file without a complete line may be a journal whose first write was interrupted (or left as zeros). */
export function isTornStart(text: string): boolean {
  return text.startsWith(PREFIX) || PREFIX.startsWith(text) || text.startsWith('\0');
}

/** Parses a line that a scan of the journal accepted. */
export function decodeLine(line: string): JournalEntry & { readonly seq: number } {
  return JSON.parse(line);
}

/** CRC-32 as eight hex digits: finds flipped bits after which the line still parses (1,631 of 2,000 in a trial). */
export function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
