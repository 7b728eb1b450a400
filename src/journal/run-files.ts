/** The files of a run's folder: their names, their permissions, and what in a folder is not ours to overwrite. */

import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Problem } from '../errors.ts';
import { LOCK_FILE } from '../files/lock.ts';
import { BATCHES_FILE } from './batches/batch-log.ts';
import { journalParts } from './journal-parts.ts';

export const RUN_FILE = 'run.json';

/** Incomplete lines that were cut off the end of the journal, kept so that a person can look at them. */
export const DAMAGED_FILE = 'journal.damaged';

/** Tables and reports; the name of every file that a reporter writes is here. */
const REPORT_FILES: ReadonlySet<string> = new Set([
  'results.csv',
  'results.parquet',
  'compare.csv',
  'summary.csv',
  'turns.csv',
  'pairs.csv',
  'datapackage.json',
  'report.html',
  'report.md',
  'report.json',
  'junit.xml',
  'compare.xlsx',
]);

/** Any part of a journal, finished or being written. */
const JOURNAL_PART = /^journal(?:\.\d{4,})?\.jsonl(?:\.gz)?$/;

/** Further files of a large junit report. */
const MORE_JUNIT = /^junit\.\d+\.xml$/i;

function isReportName(name: string): boolean {
  return REPORT_FILES.has(name.toLowerCase()) || MORE_JUNIT.test(name);
}

/** Whether earsight writes a file of this name into the folder of a run. */
export function isRunFileName(name: string): boolean {
  return (
    [RUN_FILE, LOCK_FILE, DAMAGED_FILE, BATCHES_FILE].includes(name) || JOURNAL_PART.test(name) || isReportName(name)
  );
}

/** Whether a path is that of a file of a run: in `folder`, or in a folder with a journal or a `run.json`. */
export function isFileOfRun(path: string, folder: string | null): boolean {
  const parent = dirname(path);
  if (!isRunFileName(basename(path))) return false;
  return parent === folder || journalParts(parent).length > 0 || exists(join(parent, RUN_FILE));
}

/** The problem of a folder without a journal that has tables all the same: they are somebody's, or all that is left of a run. */
export function foreignTables(directory: string): Problem | null {
  if (!exists(directory) || journalParts(directory).length > 0) return null;
  const names = readdirSync(directory).filter(isReportName);
  if (names.length === 0) return null;
  return {
    file: directory,
    message: `has no journal, but ${names.join(', ')}, which would be overwritten`,
    hint: 'choose another --out, or move them away',
  };
}

/** For the owner only, or as the umask says. */
const PRIVATE_MODE = 0o600;
const SHARED_MODE = 0o666;

/** Permissions of the files of a run before the umask: those of its journal, or of a new one. */
export function runFileMode(directory: string, isShared = false): number {
  const [newest] = journalParts(directory).slice(-1);
  const stats = newest === undefined ? undefined : lstatSync(newest, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return (stats.mode & SHARED_MODE) | PRIVATE_MODE;
  return isShared ? SHARED_MODE : PRIVATE_MODE;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
