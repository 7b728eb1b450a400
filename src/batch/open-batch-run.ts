/** Opens a run that has batches: its folder, its models and the log of its batches. */

import { relative } from 'node:path';
import { InputError } from '../errors.ts';
import type { Io } from '../io.ts';
import { type BatchPart, readBatchParts } from '../journal/batches/batch-log.ts';
import { findRun } from '../journal/find-run.ts';
import { readDefinitions, withRecordedRoutes } from '../journal/recorded-routes.ts';
import { openSetup, type Setup } from '../plan/prepare.ts';
import { withRecorded } from '../plan/recorded-selection.ts';
import type { Selection } from '../report.ts';
import { quote } from '../text/quote.ts';

export interface BatchRun {
  /** Absolute. */
  readonly directory: string;
  /** What names this run in further commands. */
  readonly shown: string;
  readonly selection: Selection;
  readonly setup: Setup;
  readonly parts: readonly BatchPart[];
}

/** The manifest is not read. @throws {InputError} for a folder without a run or without batches, and for missing keys. */
export async function openBatchRun(name: string, chosen: Selection, io: Io): Promise<BatchRun> {
  const { directory, info } = findRun(name, io.cwd);
  const shown = runArguments(relative(io.cwd, directory) || '.', chosen);
  const parts = readBatchParts(directory);
  if (parts.length === 0)
    throw new InputError({
      file: name,
      message: 'has no batches',
      hint: `make them of its missing cells with earsight batch submit ${shown}`,
    });
  const options = { config: 'with --config', dataset: 'with --dataset', endpoint: 'with --endpoint' };
  const selection = await withRecorded(chosen, info.selection, { directory, cwd: io.cwd, options });
  const setup = await openSetup(selection, io, { requireKeys: true, requireWire: true });
  const recorded = (await readDefinitions(directory)).slice(-1);
  return {
    directory,
    shown,
    selection,
    setup: { ...setup, models: withRecordedRoutes(setup.models, recorded) },
    parts,
  };
}

/** What names a run in further commands: its folder, and the configuration where that was given. */
export function runArguments(folder: string, { config }: Selection): string {
  if (config === undefined) return folder;
  return `${folder} --config ${/^[\w./:@%+-]+$/.test(config) ? config : quote(config)}`;
}
