/** Writes the files of the chosen reporters into a run's folder. */

import { join } from 'node:path';
import { IncompleteError, InputError } from '../errors.ts';
import { writeFile } from '../files/write-file.ts';
import type { Reporter, ReportFile, RunReport } from '../report.ts';
import { REPORTERS } from '../reporters/registry.ts';
import { suggest } from '../text/nearest-name.ts';

/**
 * Returns the names of the written files, in order. `mode` are their permissions, before the umask.
 * @throws {InputError} for an unknown reporter, {IncompleteError} for a file that cannot be written.
 */
export async function writeReports(
  names: readonly string[],
  report: RunReport,
  directory: string,
  mode = 0o666,
): Promise<readonly string[]> {
  const together = { ...report, reporters: names };
  const files = names.map(reporterNamed).flatMap((reporter) => reporter.files(together));
  // All at the same time, so that they share one pass over the journal; a file that fails does not stop the others.
  const ends = await Promise.allSettled(
    files.map((file) => writeFile(join(directory, file.name), file.content, { mode })),
  );
  for (const [index, end] of ends.entries()) if (end.status === 'rejected') throw explained(end.reason, files[index]);
  return files.map(({ name }) => name);

  function explained(error: unknown, file: ReportFile | undefined): unknown {
    if (!(error instanceof Error && 'syscall' in error)) return error;
    return new IncompleteError(`${file?.name} could not be written (${error.message})`, {
      cause: error,
      hint: `all answers are in the journal: fix this, then run earsight report ${directory}`,
    });
  }
}

/** @throws {InputError} for an unknown reporter. */
export function reporterNamed(name: string): Reporter {
  const reporters: Readonly<Record<string, Reporter>> = REPORTERS;
  const reporter = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
  if (reporter === undefined) {
    throw new InputError({ message: `unknown reporter "${name}"`, hint: suggest(name, Object.keys(REPORTERS)) });
  }
  return reporter;
}
