/** What cheaper variants of a model lose and save, for a terminal. */

import type { Frontier } from '../../frontier-report.ts';
import {
  FRONTIER_HEAD,
  frontierNote,
  frontierRows,
  frontierSentences,
} from '../../reporters/variants/frontier-text.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { textTable } from '../../text/text-table.ts';

/** A table and sentences for each model with variants; each line is escaped. Empty without one. */
export function frontierLines(frontiers: readonly Frontier[]): readonly string[] {
  return frontiers.flatMap((frontier) => {
    const rows = [['variant', ...FRONTIER_HEAD], ...frontierRows(frontier)];
    const table = textTable(
      rows.map((row) => row.map(escapeTerminal)),
      'lrrlrrrl',
    );
    return [
      `\n${table}`,
      `${escapeTerminal(frontierNote(frontier))}\n`,
      ...frontierSentences(frontier).map((sentence) => `${escapeTerminal(sentence)}\n`),
    ];
  });
}
