/** Saves paid answers in another folder when the run's own disk does not accept them. */

import { randomUUID } from 'node:crypto';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNewSync } from '../files/write-file.ts';

const FOLDERS = [tmpdir, process.cwd, homedir];

/** Writes the lines to a new file in the first folder that has room for all of them. Returns its path; null = no folder has. */
export function rescueLines(
  runId: string,
  lines: readonly string[],
  folders: readonly (() => string)[] = FOLDERS,
): string | null {
  // The random part keeps an earlier rescue of the same run, which may be the only copy of its answers.
  // The id comes from the journal, which others may have written: it must not lead out of the folder.
  const safeId = runId.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100);
  const name = `earsight-${safeId}-${randomUUID().slice(0, 8)}.jsonl`;
  for (const folder of folders) {
    try {
      const path = join(folder(), name);
      writeNewSync(path, lines.join(''), { flush: true, mode: 0o600 });
      return path;
    } catch {
      // Try the next folder.
    }
  }
  return null;
}
