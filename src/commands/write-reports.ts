/** Renders reporters into a run's folder: each file whole under a temporary name, then renamed. */

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError, suggest } from '../errors.ts';
import { REPORTERS } from '../reporters/registry.ts';
import type { Reporter, RunReport } from '../reporters/report.ts';

/** Names of the files written, in order. @throws {InputError} for a reporter that does not exist. */
export async function writeReports(
  names: readonly string[],
  report: RunReport,
  directory: string,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const file of names.map(reporterNamed).flatMap((reporter) => reporter.files(report))) {
    const path = join(directory, file.name);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      await pipeline(Readable.from(file.content), createWriteStream(temporary));
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
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
