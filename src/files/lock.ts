/** One writer a run folder: a lock file that names its owner; it is stale as soon as that process is gone. */

import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';

/** Present while a process writes into the folder. */
export const LOCK_FILE = 'run.lock';

/** The guard of a stale lock is held for some system calls; a thousand times as long means that nobody holds it. */
const GUARD_WAIT_MS = 1;
const MOST_ROUNDS = 1000;

/** The folder is not for us to write, and never was. */
const REFUSED: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Tells a reused process id from the owner; null where the system does not say. */
  readonly processStart: string | null;
  readonly token: string;
}

/**
 * Takes the folder for this process; the returned function gives it back.
 * @throws {InputError} when another living process writes there.
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
        const place = owner.host === mine.host ? '' : ` on ${owner.host}`;
        throw new InputError({
          file: directory,
          message: `another run (process ${owner.pid}${place}) is writing into this folder`,
          hint: `wait for it, choose another --out, or delete ${LOCK_FILE} when that process is gone`,
        });
      }
      if (round >= MOST_ROUNDS)
        throw new InputError({ file: directory, message: 'cannot be locked', hint: `delete ${LOCK_FILE}.guard` });
      removeStale(path, temporary, owner);
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && REFUSED.has(`${error.code}`))) throw error;
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

/** Removes a stale lock under a guard of its own: nobody ever takes away a lock that was made since it was judged. */
function removeStale(path: string, mine: string, judged: Owner | null): void {
  const guard = `${path}.guard`;
  if (!tryLink(mine, guard)) {
    const holder = readOwner(guard);
    if (holder !== null && !isAlive(holder)) rmSync(guard, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GUARD_WAIT_MS);
    return;
  }
  try {
    if (existsSync(path) && readOwner(path)?.token === judged?.token) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** A hard link either makes the lock whole or fails: no reader ever sees half a lock. */
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
    // EPERM: it lives and belongs to somebody else.
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
