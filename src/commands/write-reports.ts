/** Renders reporters into a run's folder. */

import { join } from 'node:path';
import { IncompleteError, InputError, suggest } from '../errors.ts';
import { REPORTERS } from '../reporters/registry.ts';
import type { Reporter, RunReport } from '../reporters/report.ts';
import { writeFile } from './write-file.ts';

/**
 * Names of the files written, in order.
 * @throws {InputError} for a reporter that does not exist, {IncompleteError} for a file that the system refuses.
 */
export async function writeReports(
  names: readonly string[],
  report: RunReport,
  directory: string,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const file of names.map(reporterNamed).flatMap((reporter) => reporter.files(report))) {
    try {
      await writeFile(join(directory, file.name), file.content);
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw new IncompleteError(`${file.name} could not be written (${error.message})`, {
        cause: error,
        hint: `all answers are in the journal: mend this, then earsight report ${directory}`,
      });
    }
    written.push(file.name);
  }
  return written;
}

function reporterNamed(name: string): Reporter {
  const reporters: Readonly<Record<string, Reporter>> = REPORTERS;
  const reporter = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
  if (reporter === undefined) {
    throw new InputError({ message: `unknown reporter "${name}"`, hint: suggest(name, Object.keys(REPORTERS)) });
  }
  return reporter;
}
