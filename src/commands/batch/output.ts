/** What the actions of `earsight batch` print alike. */

import { batchDocument, batchTable, pendingRequests } from '../../batch/describe-parts.ts';
import type { PartState } from '../../batch/fetch-results.ts';
import { type Arguments, flag } from '../../command.ts';
import type { Io } from '../../io.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { terminalJson } from '../../text/terminal-json.ts';

/** Writes a line of progress to stderr, unless `--quiet`. */
export function sayTo(args: Arguments, io: Io): (line: string) => void {
  return (line) => {
    if (!flag(args, 'quiet')) io.stderr.write(`${escapeTerminal(line)}\n`);
  };
}

/** Prints the batches: a table, or one JSON document with `more` members. */
export function printBatches(states: readonly PartState[], folder: string, args: Arguments, io: Io, more = {}): void {
  if (flag(args, 'json')) {
    const pending = pendingRequests(states);
    io.stdout.write(`${terminalJson({ folder, batches: states.map(batchDocument), pending, ...more }, 2)}\n`);
  } else io.stdout.write(batchTable(states));
}

export function printProblems(problems: readonly string[], io: Io): void {
  for (const line of problems) io.stderr.write(`${escapeTerminal(line)}\n`);
}
