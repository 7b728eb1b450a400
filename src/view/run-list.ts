/** Lists the runs of a results folder with their headline figures; a damaged one is listed with what is wrong. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readTextSync } from '../files/open-file.ts';
import { journalParts } from '../journal/journal-parts.ts';
import { RUN_FILE } from '../journal/run-files.ts';
import { readRunInfo } from '../journal/run-folder.ts';
import type { RunInfo, SummaryRow } from '../report.ts';
import { csvFormatOf } from '../reporters/csv-format.ts';
import { unguard } from '../reporters/formula-guard.ts';
import { type ModelOverview, overview } from '../reporters/overview.ts';
import { REPORT_FILE } from './send-file.ts';
import { runFolder } from './served-path.ts';

/** One run. */
export interface ListedRun {
  /** Of its folder, in the results folder. */
  readonly folder: string;
  /** null = it cannot be read. */
  readonly info: RunInfo | null;
  /** null = there is no summary.csv. */
  readonly models: readonly ModelOverview[] | null;
  readonly hasReport: boolean;
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[];
}

/** Names of the folders of runs in `root`, a real path: the last one that was written to first. */
export function runNames(root: string): readonly string[] {
  return readdirSync(root)
    .flatMap((name) => {
      const folder = runFolder(root, name);
      const [newest] = folder === null ? [] : journalParts(folder).slice(-1);
      const written = folder === null ? undefined : (newest ?? join(folder, RUN_FILE));
      const stats = written === undefined ? undefined : statSync(written, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ name, writtenMs: stats.mtimeMs }];
    })
    .sort((a, b) => b.writtenMs - a.writtenMs || (a.name < b.name ? 1 : -1))
    .map(({ name }) => name);
}

/** Reads one run. Never throws for what is in its folder. */
export function readListedRun(root: string, folder: string): ListedRun {
  const directory = join(root, folder);
  const hasReport = existsSync(join(directory, REPORT_FILE));
  const unread = { folder, info: null, models: null, hasReport };
  try {
    const info = readRunInfo(directory);
    if (info === null) {
      const problem = existsSync(join(directory, RUN_FILE)) ? `${RUN_FILE} is damaged` : `${RUN_FILE} is missing`;
      return { ...unread, problems: [`${problem} · earsight run --resume writes a new one`] };
    }
    return { folder, info, hasReport, ...headline(directory, info) };
  } catch (error) {
    return { ...unread, problems: [reasonOf(error)] };
  }
}

function headline(directory: string, info: RunInfo): Pick<ListedRun, 'models' | 'problems'> {
  const unfinished = info.finishedAt === null ? ['not finished: it is running, or was stopped'] : [];
  const path = join(directory, 'summary.csv');
  if (!existsSync(path)) return { models: null, problems: unfinished };
  try {
    return { models: overview(info, summaryRows(path, info)), problems: unfinished };
  } catch (error) {
    return { models: null, problems: [...unfinished, `summary.csv cannot be read: ${reasonOf(error)}`] };
  }
}

/** Far above the rows of all slices of a run with many models. */
const MAX_SUMMARY_BYTES = 16 * 2 ** 20;

function summaryRows(path: string, info: RunInfo): readonly SummaryRow[] {
  const { delimiter } = csvFormatOf(info.config);
  const rows: Readonly<Record<string, string>>[] = parse(readTextSync(path, { maxBytes: MAX_SUMMARY_BYTES }), {
    bom: true,
    columns: true,
    delimiter,
  });
  return rows
    .filter(({ slice }) => slice === 'all')
    .map((row) => ({
      model: unguard(row['model'] ?? ''),
      slice: 'all',
      metric: unguard(row['metric'] ?? ''),
      n: numberIn(row['n']) ?? 0,
      value: numberIn(row['value']),
      ciLow: numberIn(row['ci_low']),
      ciHigh: numberIn(row['ci_high']),
      ciMethod: row['ci_method'] ?? '',
      missing: numberIn(row['missing']) ?? 0,
    }));
}

/** null = empty, or no number. */
function numberIn(cell: string | undefined): number | null {
  const value = cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : null;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
