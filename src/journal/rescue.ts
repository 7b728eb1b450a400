/** Paid answers that the run's own disk does not take are put elsewhere before the program leaves. */

import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDERS = [tmpdir, process.cwd, homedir];

/** Writes the lines to a new file in the first folder that takes all of them. Returns its path; null when none does. */
export function rescueLines(
  runId: string,
  lines: readonly string[],
  folders: readonly (() => string)[] = FOLDERS,
): string | null {
  // An earlier rescue of the same run is somebody's only copy.
  const name = `earsight-${runId}-${randomUUID().slice(0, 8)}.jsonl`;
  for (const folder of folders) {
    try {
      return writeNew(join(folder(), name), lines.join(''));
    } catch {
      // The next one may take it.
    }
  }
  return null;
}

function writeNew(path: string, text: string): string {
  const descriptor = openSync(path, 'wx');
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
    return path;
  } catch (error) {
    // A cut-off copy would be taken for a whole one.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
