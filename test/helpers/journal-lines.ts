/** Reads and changes the lines of a journal, for tests of what is in a run's folder. */

import { crc32 } from 'node:zlib';
import type { Workspace } from './cli.ts';

interface Line {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function journalOf(folder: Workspace, run: string): readonly Line[] {
  return folder
    .read(`${run}/journal.jsonl`)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Changes every line, and gives it a checksum that holds. */
export function rewriteJournal(folder: Workspace, run: string, change: (line: string) => string): void {
  const lines = folder.read(`${run}/journal.jsonl`).trimEnd().split('\n');
  const changed = lines.map((line) => {
    const body = change(line).slice('{"crc":"xxxxxxxx",'.length);
    return `{"crc":"${crc32(body).toString(16).padStart(8, '0')}",${body}\n`;
  });
  folder.write({ [`${run}/journal.jsonl`]: changed.join('') });
}
