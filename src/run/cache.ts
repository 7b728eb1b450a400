/** Keeps answers between runs, by request hash: one small file for each answer, safe with several processes. */

import { closeSync, futimesSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { openFile } from '../files/open-file.ts';
import { writeTextSync } from '../files/write-file.ts';
import { checksum } from '../journal/journal-line.ts';
import { isStoredAnswer } from '../journal/journal-schema.ts';
import type { Answer } from '../result.ts';

/** An answer is a few kilobytes: this is room for several hundred thousand. */
const MAX_CACHE_BYTES = 2 ** 30;
/** The size is checked again after this share of it was added. */
const TRIM_AFTER = 0.05;
/** Trimming removes entries down to this share, so that it is not needed again at once. */
const TRIM_TO = 0.9;

/** The folder of the cache in the folder of a configuration. */
export function cacheFolderOf(directory: string): string {
  return join(directory, '.earsight', 'cache');
}

export interface ResponseCache {
  /** Absolute; the sounds of spoken answers are kept in it as in the folder of a run. */
  readonly folder: string;
  /** Returns the answer to the same request with its original latency, marked as cached; null = none. */
  get(key: string): Answer | null;
  /** Keeps an answer unless it was refused, truncated or ended in an unusual way. Never throws: the caller has the answer. */
  put(key: string, answer: Answer): void;
}

/**
 * `key` is 32 hex digits; entries of other versions of the format are not found. Only their owner may read new folders and
 * entries, or, when the cache is shared, all whom the umask lets.
 * @throws {InputError}
 */
export function openCache(directory: string, maxBytes = MAX_CACHE_BYTES, shared = false): ResponseCache {
  const mode = shared ? { file: 0o666, folder: 0o777 } : { file: 0o600, folder: 0o700 };
  const root = join(directory, 'v1');
  const pathOf = (key: string) => join(root, key.slice(0, 2), `${key}.json`);
  let addedBytes = 0;
  prepare(directory, root, maxBytes, mode.folder);
  return {
    folder: root,
    get(key) {
      try {
        return isFolder(dirname(pathOf(key))) ? readEntry(pathOf(key)) : null;
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
        const folder = join(root, key.slice(0, 2));
        makeFolder(folder, mode.folder);
        if (!isFolder(folder)) return;
        writeTextSync(pathOf(key), entry, { mode: mode.file });
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

function prepare(directory: string, root: string, maxBytes: number, mode: number): void {
  try {
    makeFolder(root, mode);
    // A repository of somebody else may contain `.earsight` as a link to any folder.
    for (const folder of [dirname(directory), directory, root])
      if (!isFolder(folder)) throw new Error(`${folder} is a link or a file`);
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

/** Reads an entry and marks it as used: trimming removes the least recently used ones first. */
function readEntry(path: string): Answer | null {
  const descriptor = openFile(path, 'read');
  try {
    const answer = decode(readFileSync(descriptor, 'utf8'));
    const now = new Date();
    if (answer !== null) futimesSync(descriptor, now, now);
    return answer;
  } finally {
    closeSync(descriptor);
  }
}

function decode(entry: string): Answer | null {
  const json = entry.slice(entry.indexOf('\n') + 1);
  if (entry !== `${checksum(json)}\n${json}`) return null;
  const answer: unknown = JSON.parse(json);
  return isStoredAnswer(answer) ? { ...answer, fromCache: true } : null;
}

/** Entries, sounds, and temporary files of killed processes. */
const ENTRY = /^(?:[0-9a-f]{32}\.json|[0-9a-f]{64}\.[a-z0-9]+)(?:\.[0-9a-f.-]+\.tmp)?$/;
const ENTRY_FOLDER = /^(?:[0-9a-f]{2}|media)$/;

/** Removes the least recently used answers when there are too many bytes. Follows no link, and leaves other files alone. */
function trim(root: string, maxBytes: number): void {
  const folders = readdirSync(root)
    .filter((name) => ENTRY_FOLDER.test(name))
    .map((name) => join(root, name))
    .filter(isFolder);
  const files = folders
    .flatMap((folder) => readdirSync(folder).map((name) => ({ name, path: join(folder, name) })))
    .flatMap(({ name, path }) => {
      const stat = ENTRY.test(name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
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

/** False for a link to a folder. */
function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
