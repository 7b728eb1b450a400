/** Saves paid answers in another folder when the run's own disk does not accept them. */

import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDERS = [tmpdir, process.cwd, homedir];

/** Writes the lines to a new file in the first folder that has room for all of them. Returns its path; null = no folder has. */
export function rescueLines(
  runId: string,
  lines: readonly string[],
  folders: readonly (() => string)[] = FOLDERS,
): string | null {
  // The random part keeps an earlier rescue of the same run, which may be the only copy of its answers.
  const name = `earsight-${runId}-${randomUUID().slice(0, 8)}.jsonl`;
  for (const folder of folders) {
    try {
      return writeNew(join(folder(), name), lines.join(''));
    } catch {
      // Try the next folder.
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
    // An incomplete copy would look like a complete one.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
