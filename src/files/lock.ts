/** Lets only one process write into a run folder: the lock file names its owner and is stale once that process has ended. */

import { randomUUID } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import { readTextSync } from './open-file.ts';
import { writeNewSync } from './write-file.ts';

/** Exists while a process writes into the folder. */
export const LOCK_FILE = 'run.lock';

/** The guard of a stale lock is held for a few system calls; after a thousand rounds its owner must have died. */
const GUARD_WAIT_MS = 1;
const MOST_ROUNDS = 1000;

/** Errors of a folder that this process may not write. */
const NOT_WRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Distinguishes the owner from a later process with the same id; null where the system does not report it. */
  readonly processStart: string | null;
  /** Empty in a lock that does not tell. */
  readonly token: string;
}

/** A lock names a host and a process. */
const MAX_LOCK_BYTES = 2 ** 16;

/**
 * Locks the folder for this process; the returned function unlocks it. `mode` are the permissions of the lock file, before
 * the umask.
 * @throws {InputError} when another running process has locked it, or when there is something else of that name.
 */
export function lockFolder(directory: string, mode = 0o666): () => void {
  const path = join(directory, LOCK_FILE);
  const mine: Owner = {
    host: hostname(),
    pid: process.pid,
    processStart: processStart(process.pid),
    token: randomUUID(),
  };
  const temporary = `${path}.${mine.token}`;
  try {
    writeNewSync(temporary, JSON.stringify(mine), { mode });
    for (let round = 0; !tryLink(temporary, path); round += 1) {
      const owner = readOwner(path);
      if (owner !== null && isAlive(owner)) {
        const host = owner.host === mine.host ? '' : ` on ${owner.host}`;
        throw new InputError({
          file: directory,
          message: `another run (process ${owner.pid}${host}) is writing into this folder`,
          hint: `wait for it, choose another --out, or delete ${LOCK_FILE} if that process has ended`,
        });
      }
      if (round >= MOST_ROUNDS)
        throw new InputError({ file: directory, message: 'cannot be locked', hint: `delete ${LOCK_FILE}.guard` });
      removeStale(path, temporary, owner);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && NOT_WRITABLE.has(`${error.code}`))) throw error;
    throw new InputError(
      { file: directory, message: `cannot be written (${error.message})`, hint: 'make it writable, or copy it' },
      { cause: error },
    );
  } finally {
    rmSync(temporary, { force: true });
  }
  return () => {
    if (isFile(path) && readOwner(path)?.token === mine.token) unlinkSync(path);
  };
}

/** Removes a stale lock under a guard, so that no process removes a lock that was made after its check. */
function removeStale(path: string, mine: string, stale: Owner | null): void {
  const guard = `${path}.guard`;
  if (!tryLink(mine, guard)) {
    const holder = readOwner(guard);
    if (holder !== null && !isAlive(holder)) rmSync(guard, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GUARD_WAIT_MS);
    return;
  }
  try {
    if (isFile(path) && readOwner(path)?.token === stale?.token) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** A hard link either creates the whole lock or fails: no reader sees half a lock. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * null when there is no lock, or one that a crash left empty or torn.
 * @throws {InputError} for a link, a folder or a pipe; {Error} `EACCES` for the lock of another user that cannot be read.
 */
function readOwner(path: string): Owner | null {
  let text: string;
  try {
    text = readTextSync(path, { maxBytes: MAX_LOCK_BYTES });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return ownerOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function ownerOf(value: unknown): Owner | null {
  if (!isRecord(value)) return null;
  const { host, pid, processStart: start, token } = value;
  if (typeof host !== 'string' || typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1) return null;
  return {
    host,
    pid,
    processStart: typeof start === 'string' ? start : null,
    token: typeof token === 'string' ? token : '',
  };
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: the process runs under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const found = statOf(owner.pid);
  if (found === null) return true;
  // Killed, and not yet reaped by its parent: for ever in a container whose first process reaps nobody.
  if (found.state === 'Z' || found.state === 'X') return false;
  return owner.processStart === null || found.start === owner.processStart;
}

/** Start time of a process; null where the system does not report it. */
function processStart(pid: number): string | null {
  return statOf(pid)?.start ?? null;
}

/** State and start time, in clock ticks since boot, of a process (fields 3 and 22 of `/proc/<pid>/stat`, proc(5)); null elsewhere. */
function statOf(pid: number): { readonly state: string; readonly start: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const start = rest[18];
    return state === undefined || start === undefined ? null : { state, start };
  } catch {
    return null;
  }
}
