/** One writer a run folder: a lock file that names its owner; it is stale as soon as that process is gone. */

import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';

/** Present while a process writes into the folder. */
export const LOCK_FILE = 'run.lock';

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
  writeFileSync(temporary, JSON.stringify(mine));
  try {
    while (!tryLink(temporary, path)) {
      const owner = readOwner(path);
      if (owner !== null && isAlive(owner)) {
        const place = owner.host === mine.host ? '' : ` on ${owner.host}`;
        throw new InputError({
          file: directory,
          message: `another run (process ${owner.pid}${place}) is writing into this folder`,
          hint: `wait for it, choose another --out, or delete ${LOCK_FILE} when that process is gone`,
        });
      }
      removeStale(path, `${temporary}.stale`, owner);
    }
  } finally {
    rmSync(temporary, { force: true });
  }
  return () => {
    if (readOwner(path)?.token === mine.token) unlinkSync(path);
  };
}

/** Only one of several thieves gets to rename the stale lock; the others meet the new one in the next round. */
function removeStale(path: string, aside: string, judged: Owner | null): void {
  try {
    renameSync(path, aside);
  } catch {
    return; // Somebody was faster.
  }
  // Somebody may have been faster by so much that this was his new lock.
  if (readOwner(aside)?.token !== judged?.token) tryLink(aside, path);
  rmSync(aside, { force: true });
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
