/** Lets only one process write into a run folder: the lock file names its owner and is stale once that process has ended. */

import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';

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
  readonly token: string;
}

/**
 * Locks the folder for this process; the returned function unlocks it.
 * @throws {InputError} when another running process has locked it.
 */
export function lockFolder(directory: string): () => void {
  const path = join(directory, LOCK_FILE);
  const mine: Owner = {
    host: hostname(),
    pid: process.pid,
    processStart: processStart(process.pid),
    token: randomUUID(),
  };
  const temporary = `${path}.${mine.token}`;
  try {
    writeFileSync(temporary, JSON.stringify(mine));
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
    if (readOwner(path)?.token === mine.token) unlinkSync(path);
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
    if (existsSync(path) && readOwner(path)?.token === stale?.token) rmSync(path, { force: true });
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

function readOwner(path: string): Owner | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: the process runs under another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const start = processStart(owner.pid);
  return start === null || owner.processStart === null || start === owner.processStart;
}

/** Start time of a process in clock ticks since boot (field 22 of `/proc/<pid>/stat`, proc(5)); null elsewhere. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
