/** Finds a run's folder by path, or the newest one. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { RunInfo } from '../report.ts';
import { JOURNAL_FILE } from './journal-parts.ts';
import { RUN_FILE } from './run-files.ts';
import { readRunInfo } from './run-folder.ts';

/** `latest` is the folder in `results/` whose journal was written last. @throws {InputError} when there is no run. */
export function runDirectory(name: string, cwd: string): string {
  return name === 'latest' && !existsSync(resolve(cwd, name)) ? latestRun(cwd) : resolve(cwd, name);
}

/** The folder of a run by its path or `latest`, with its `run.json`. @throws {InputError} when there is no run. */
export function findRun(name: string, cwd: string): { readonly directory: string; readonly info: RunInfo } {
  const directory = runDirectory(name, cwd);
  const info = existsSync(directory) && statSync(directory).isDirectory() ? readRunInfo(directory) : null;
  if (info === null) {
    const isDamaged = existsSync(join(directory, RUN_FILE));
    throw new InputError({
      file: name,
      message: isDamaged ? `contains a damaged ${RUN_FILE}` : `is not a run folder (no ${RUN_FILE})`,
      hint: isDamaged ? 'earsight run --resume writes a new one' : 'name a folder that earsight run wrote, or "latest"',
    });
  }
  return { directory, info };
}

/** Runs that only confirm the alarm of another one. */
const CONFIRMING = /-confirm-\d-/;

function latestRun(cwd: string): string {
  const [newest] = runsByTime(join(cwd, 'results'));
  if (newest === undefined) throw noRun('results');
  return newest;
}

/** The runs in a results folder, the one whose journal was written last first; without those that only confirm an alarm. */
export function runsByTime(results: string): readonly string[] {
  const names = existsSync(results) ? readdirSync(results) : [];
  return names
    .filter((name) => !CONFIRMING.test(name))
    .map((name) => join(results, name))
    .filter((directory) => existsSync(join(directory, JOURNAL_FILE)))
    .map((directory) => ({ directory, writtenMs: statSync(join(directory, JOURNAL_FILE)).mtimeMs }))
    .sort((a, b) => b.writtenMs - a.writtenMs)
    .map(({ directory }) => directory);
}

/** The problem of a results folder without runs; `file` is its path as the user wrote it. */
export function noRun(file: string): InputError {
  return new InputError({ file, message: 'contains no run', hint: 'start one with earsight run' });
}
