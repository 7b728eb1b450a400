/** Writes a baseline and its summary from finished runs. */

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DEFAULTS } from '../config/defaults.ts';
import { IncompleteError, InputError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readTextSync } from '../files/open-file.ts';
import { writeFile } from '../files/write-file.ts';
import type { RunInfo } from '../report.ts';
import { resumeOptions } from '../summary/troubles.ts';
import { isRecord } from '../text/is-record.ts';
import type { Baseline, BaselineRun } from './baseline.ts';
import { baselineLines, isBaselineText } from './baseline-file.ts';
import { baselineSummary, SUMMARY_HEADING } from './baseline-summary.ts';

/** The fraction of missing answers that the configuration of a run allows. */
export function maxErrorRateOf({ config }: Pick<RunInfo, 'config'>): number {
  const written = isRecord(config) ? config['maxErrorRate'] : undefined;
  return typeof written === 'number' && written >= 0 && written <= 1 ? written : DEFAULTS.maxErrorRate;
}

/** @throws {IncompleteError} for a run with too many missing answers: later runs would be compared with what is left. */
export function requireComplete({ name, info, measures }: BaselineRun): void {
  const limit = maxErrorRateOf(info);
  for (const [id, { cells, missing, kinds }] of measures.models) {
    if (missing <= limit * cells) continue;
    const byKind = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
    throw new IncompleteError(`${name}: ${id} has no answer in ${missing} of ${cells} cells (${byKind})`, {
      hint: `no baseline was written: complete the run with earsight run ${resumeOptions(kinds.keys())}`,
    });
  }
}

/** `baselines/a.jsonl` has its summary in `baselines/a.md`. */
export function summaryPath(path: string): string {
  return `${path.replace(/\.(jsonl|json|ndjson)$/i, '')}.md`;
}

/** Checks both paths before anything is written. @throws {InputError} for a file that is not a baseline or its summary. */
export function requireOurs(path: string, shown: string): void {
  for (const [file, isOurs] of [
    [path, isBaselineText],
    [summaryPath(path), (text: string) => text.startsWith(SUMMARY_HEADING)],
  ] as const) {
    if (!existsSync(file)) continue;
    const text = readTextSync(file, { maxBytes: Number.POSITIVE_INFINITY });
    if (text === '' || isOurs(text)) continue;
    throw new InputError({
      file: file === path ? shown : summaryPath(shown),
      message: 'is not a baseline, and would be overwritten',
      hint: 'choose another --out',
    });
  }
}

/** Writes the two files; `shown` is the path for people. */
export async function writeBaseline(
  baseline: Baseline,
  path: string,
  { shown, withAnswers }: { readonly shown: string; readonly withAnswers: boolean },
): Promise<void> {
  makeFolder(dirname(path));
  await writeFile(path, baselineLines(baseline, withAnswers));
  await writeFile(summaryPath(path), [baselineSummary(baseline, shown)]);
}
