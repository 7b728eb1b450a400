/** Answers kept between runs, by everything that was on the wire: one small file an answer, safe with several processes. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answered } from './attempt.ts';

/** Answers are kilobytes: this is some hundred thousand of them. */
const MAX_CACHE_BYTES = 2 ** 30;
/** After so many new answers the size is looked at again. */
const TRIM_EVERY = 500;
/** Trimming goes down to this share, so that it is not needed again at once. */
const TRIM_TO = 0.9;

export interface ResponseCache {
  /** The answer to the same request, with its original latency; null when there is none. */
  get(key: string): Answered | null;
  /** Keeps an answer unless it was refused, cut off or ended in an unusual way. */
  put(key: string, answered: Answered): void;
}

/** `key` is 32 hex digits; entries of other versions of the format are not found. */
export function openCache(directory: string, maxBytes = MAX_CACHE_BYTES): ResponseCache {
  const root = join(directory, 'v1');
  const pathOf = (key: string) => join(root, key.slice(0, 2), `${key}.json`);
  let added = 0;
  mkdirSync(root, { recursive: true });
  trim(root, maxBytes);
  return {
    get(key) {
      const path = pathOf(key);
      try {
        const entry: unknown = JSON.parse(readFileSync(path, 'utf8'));
        // The time of use decides what is trimmed first.
        const now = new Date();
        utimesSync(path, now, now);
        return isAnswered(entry) ? { ...entry, fromCache: true } : null;
      } catch {
        // Not there, just trimmed by another process, or torn: it is asked again.
        return null;
      }
    },
    put(key, answered) {
      const { completion } = answered;
      if (completion.refused || completion.finishReason !== 'stop') return;
      const path = pathOf(key);
      const temporary = `${path}.${process.pid}.${added}.tmp`;
      mkdirSync(join(root, key.slice(0, 2)), { recursive: true });
      writeFileSync(temporary, JSON.stringify(answered));
      renameSync(temporary, path);
      added += 1;
      if (added % TRIM_EVERY === 0) trim(root, maxBytes);
    },
  };
}

function isAnswered(value: unknown): value is Answered {
  return typeof value === 'object' && value !== null && 'completion' in value && 'latencyMs' in value;
}

/** Removes the least recently used answers when there are too many bytes. */
function trim(root: string, maxBytes: number): void {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const path = join(root, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ path, size: stat.size, usedMs: stat.mtimeMs }];
    })
    .sort((a, b) => a.usedMs - b.usedMs);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  if (total <= maxBytes) return;
  for (const { path, size } of files) {
    if (total <= TRIM_TO * maxBytes) return;
    rmSync(path, { force: true });
    total -= size;
  }
}
