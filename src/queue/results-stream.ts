/** The stream of results from workers to the coordinator: lines of journals, which it checks as it checks those on disk. */

import type { Redis } from 'ioredis';
import { encodeLine, type JournalEntry, readHead } from '../journal/journal-line.ts';
import { parseLine } from '../journal/journal-schema.ts';
import type { KeptSound } from '../result.ts';
import type { RunNames } from './names.ts';

/** A sound that an answer is spoken in. */
export interface SentSound {
  readonly sound: KeptSound;
  readonly base64: string;
}

/** What a worker sends. */
export interface SentEntry {
  readonly entry: JournalEntry;
  readonly sounds: readonly SentSound[];
}

export interface ReceivedEntry extends SentEntry {
  /** Of the stream. */
  readonly id: string;
}

/** Resolves when Redis has the entry. `chunk` is the job that the cell is of: a worker that takes it over leaves the cell out. */
export async function sendEntry(
  redis: Redis,
  names: RunNames,
  { entry, sounds }: SentEntry,
  chunk: string | undefined,
): Promise<void> {
  const fields = ['line', encodeLine(0, entry).trimEnd(), 'sounds', JSON.stringify(sounds)];
  const commands = redis.multi().xadd(names.results, '*', ...fields);
  if (chunk !== undefined && entry.type === 'result') commands.sadd(names.finished(chunk), entry.cell);
  await commands.exec();
}

/** The entries after `lastId`, oldest first; waits for the first one for at most `blockMs`. */
export async function receiveEntries(
  redis: Redis,
  { results }: RunNames,
  lastId: string,
  blockMs: number,
): Promise<readonly (ReceivedEntry | { readonly id: string })[]> {
  const streams = await redis.xread('COUNT', MOST_AT_ONCE, 'BLOCK', blockMs, 'STREAMS', results, lastId);
  return (streams ?? []).flatMap(([, messages]) =>
    messages.map(([id, fields]) => {
      const of = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
      const line = of('line');
      const head = readHead(line);
      const entry = head === null ? null : parseLine(line, head);
      return entry === null ? { id } : { id, entry, sounds: JSON.parse(of('sounds')) as readonly SentSound[] };
    }),
  );
}

const MOST_AT_ONCE = 200;
