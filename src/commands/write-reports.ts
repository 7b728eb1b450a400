/** Renders reporters into a run's folder. */

import { join } from 'node:path';
import { InputError, suggest } from '../errors.ts';
import { REPORTERS } from '../reporters/registry.ts';
import type { Reporter, RunReport } from '../reporters/report.ts';
import { writeFile } from './write-file.ts';

/** Names of the files written, in order. @throws {InputError} for a reporter that does not exist. */
export async function writeReports(
  names: readonly string[],
  report: RunReport,
  directory: string,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const file of names.map(reporterNamed).flatMap((reporter) => reporter.files(report))) {
    await writeFile(join(directory, file.name), file.content);
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
