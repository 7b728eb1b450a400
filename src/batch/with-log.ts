/** Opens the log of the batches of a run for one command. */

import { lockFolder } from '../files/lock.ts';
import { type BatchLog, openBatchLog } from '../journal/batches/batch-log.ts';
import { runFileMode } from '../journal/run-files.ts';

/** `use` gets the log and the permissions of new files; no other process has the folder meanwhile. */
export async function withLog<T>(directory: string, use: (log: BatchLog, mode: number) => T | Promise<T>): Promise<T> {
  const mode = runFileMode(directory);
  const unlock = lockFolder(directory, mode);
  try {
    const log = openBatchLog(directory, mode);
    try {
      return await use(log, mode);
    } finally {
      log.close();
    }
  } finally {
    unlock();
  }
}
