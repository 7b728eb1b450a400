/** Keeps answers between runs, by request hash: one small file for each answer, safe with several processes. */

import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeTextSync } from '../files/write-file.ts';
import { checksum } from '../journal/journal-line.ts';
import type { Answer } from '../result.ts';

/** An answer is a few kilobytes: this is room for several hundred thousand. */
const MAX_CACHE_BYTES = 2 ** 30;
/** The size is checked again after this share of it was added. */
const TRIM_AFTER = 0.05;
/** Trimming removes entries down to this share, so that it is not needed again at once. */
const TRIM_TO = 0.9;

export interface ResponseCache {
  /** Absolute; the sounds of spoken answers are kept in it as in the folder of a run. */
  readonly folder: string;
  /** Returns the answer to the same request with its original latency, marked as cached; null = none. */
  get(key: string): Answer | null;
  /** Keeps an answer unless it was refused, truncated or ended in an unusual way. Never throws: the caller has the answer. */
  put(key: string, answer: Answer): void;
}

/** `key` is 32 hex digits; entries of other versions of the format are not found. @throws {InputError} */
export function openCache(directory: string, maxBytes = MAX_CACHE_BYTES): ResponseCache {
  const root = join(directory, 'v1');
  const pathOf = (key: string) => join(root, key.slice(0, 2), `${key}.json`);
  let addedBytes = 0;
  prepare(directory, root, maxBytes);
  return {
    folder: root,
    get(key) {
      try {
        const path = pathOf(key);
        const answer = decode(readFileSync(path, 'utf8'));
        // Trimming removes the least recently used entries first.
        const now = new Date();
        if (answer !== null) utimesSync(path, now, now);
        return answer;
      } catch {
        // It does not exist, or another process has just trimmed it: the request is sent.
        return null;
      }
    },
    put(key, answer) {
      const { completion } = answer;
      if (completion.refused || completion.finishReason !== 'stop') return;
      const entry = encode(answer);
      try {
        makeFolder(join(root, key.slice(0, 2)));
        writeTextSync(pathOf(key), entry);
        addedBytes += entry.length + (answer.sound?.byteLength ?? 0);
        if (addedBytes < TRIM_AFTER * maxBytes) return;
        addedBytes = 0;
        trim(root, maxBytes);
      } catch {
        // A full disk must not lose the answer that has just arrived; later runs send the same request again.
      }
    },
  };
}

function prepare(directory: string, root: string, maxBytes: number): void {
  try {
    makeFolder(root);
    trim(root, maxBytes);
  } catch (error) {
    throw new InputError(
      {
        file: directory,
        message: `cannot be used as a cache (${error instanceof Error ? error.message : error})`,
        hint: 'make it writable, or run with --no-cache',
      },
      { cause: error },
    );
  }
}

/** The checksum finds incomplete or damaged entries that still parse. */
function encode(answer: Answer): string {
  const json = JSON.stringify(answer);
  return `${checksum(json)}\n${json}`;
}

function decode(entry: string): Answer | null {
  const json = entry.slice(entry.indexOf('\n') + 1);
  return entry === `${checksum(json)}\n${json}` ? { ...JSON.parse(json), fromCache: true } : null;
}

/** Removes the least recently used answers, and temporary files of killed processes, when there are too many bytes. */
function trim(root: string, maxBytes: number): void {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .flatMap((name) => {
      const path = join(root, name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ path, size: stat.size, usedMs: stat.mtimeMs }] : [];
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
