/** The stream of results from workers to the coordinator: lines of journals, which it checks as it checks those on disk. */

import type { Redis } from 'ioredis';
import { encodeLine, type JournalEntry, readHead } from '../journal/journal-line.ts';
import { parseLine } from '../journal/journal-schema.ts';
import type { KeptSound } from '../result.ts';
import type { RunNames } from './names.ts';
import { SEND } from './scripts.ts';

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

/** Resolves when Redis has the entry. `chunk` is the job that the cell is of: a worker that takes it over leaves the cell out. */
export async function sendEntry(
  redis: Redis,
  names: RunNames,
  { entry, sounds }: SentEntry,
  chunk: string | undefined,
): Promise<void> {
  const keys =
    chunk !== undefined && entry.type === 'result' ? [names.results, names.finished(chunk)] : [names.results];
  const row = entry.type === 'result' ? entry.cell : '';
  await redis.eval(SEND, keys.length, ...keys, encodeLine(0, entry).trimEnd(), JSON.stringify(sounds), row);
}

/** Reads the stream of a queue once, from its start. */
export function openResultStream({ results }: RunNames) {
  let lastId = '0';
  let written: readonly string[] = [];
  // Until it is known that entries are small.
  let most = MOST_WITH_SOUNDS;
  return {
    /**
     * Takes in all that is there; waits for the first entry for at most `blockMs`. What is taken in leaves Redis when `ready`
     * has resolved: it is then on the disk.
     */
    async receive(
      redis: Redis,
      blockMs: number,
      take: (received: SentEntry) => Promise<void>,
      ready: () => Promise<void>,
    ): Promise<void> {
      for (let wait = blockMs; ; wait = 1) {
        const streams = await redis.xread('COUNT', most, 'BLOCK', wait, 'STREAMS', results, lastId);
        const messages = (streams ?? []).flatMap(([, all]) => all);
        await ready();
        if (written.length > 0) await redis.xdel(results, ...written);
        written = messages.map(([id]) => id);
        lastId = written.at(-1) ?? lastId;
        const entries = messages.flatMap(([, fields]) => parse(fields) ?? []);
        for (const entry of entries) await take(entry);
        most = entries.some(({ sounds }) => sounds.length > 0) ? MOST_WITH_SOUNDS : MOST_AT_ONCE;
        if (messages.length === 0) return;
      }
    },
  };
}

function parse(fields: readonly string[]): SentEntry | null {
  const of = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  const line = of('line');
  const head = readHead(line);
  const entry = head === null ? null : parseLine(line, head);
  return entry === null ? null : { entry, sounds: JSON.parse(of('sounds')) as readonly SentSound[] };
}

const MOST_AT_ONCE = 200;
/** A sound may have some megabytes. */
const MOST_WITH_SOUNDS = 10;
