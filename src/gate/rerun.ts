/** Runs one model of a finished run again, into a folder of its own. */

import { relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { defined } from '../collections/defined.ts';
import { formatProblem, IncompleteError, InputError } from '../errors.ts';
import { forecastLine, mayStart } from '../estimate/forecast.ts';
import type { Io } from '../io.ts';
import { changesSince } from '../journal/open-run.ts';
import { SCORERS_CHANGED } from '../journal/run-changes.ts';
import { wireSettingsOf } from '../plan/model-provider.ts';
import type { PreparedSetup } from '../plan/prepare.ts';
import { openSetup } from '../plan/prepare.ts';
import { withRecorded } from '../plan/recorded-selection.ts';
import { modelDefinition } from '../plan/request-hash.ts';
import { storedDefinition } from '../plan/stored-definition.ts';
import { RUN_SET, type Selection } from '../report.ts';
import { driveRun } from '../run/drive.ts';
import { type ReadyRun, readyRun } from '../run/ready-run.ts';
import { reportScorers, scorersOf } from './baseline.ts';
import { changedSettings, settingsOf } from './model-settings.ts';
import type { MeasuredRun } from './open-measured-run.ts';
import type { NamedBaseline } from './pair-samples.ts';
import { measureRun, type RunMeasures } from './run-measures.ts';

/** Fresh answers of an alarmed model, or why there are none. */
export type Rerun =
  | {
      readonly type: 'done';
      /** For people. */
      readonly folder: string;
      readonly run: RunMeasures;
      /** Of the model of the baseline, under its own id; null = the stored values are used. */
      readonly baseline: RunMeasures | null;
    }
  | { readonly type: 'impossible'; readonly reason: string };

/** `folder` is absolute. */
export type RerunModel = (model: string, folder: string) => Promise<Rerun>;

export interface RerunOptions {
  /** Configuration that the user named; absent = found. */
  readonly config?: string;
  /** For all reruns together; null = no limit. */
  readonly maxCostUsd: number | null;
  /** Do not ask, whatever the cost. */
  readonly yes: boolean;
  readonly say: (line: string) => void;
}

/** A rerun that cannot be made; its message says why. */
class NoRerun extends Error {}

/** Creates the function that asks a model again; it never throws for what the user can fix. */
export function createRerun(measured: MeasuredRun, baseline: NamedBaseline, options: RerunOptions, io: Io): RerunModel {
  let left = options.maxCostUsd;
  return async (model, folder) => {
    try {
      const selection = await selectionOf(measured, options.config, io);
      const run = await rerun(model, folder, selection);
      const earlier = await baselineModel(measured, baseline, model, selection, io);
      const again = earlier === null ? null : await rerun(earlier, `${folder}-baseline`, selection, false);
      return { type: 'done', folder: relative(io.cwd, folder), run, baseline: again };
    } catch (error) {
      if (error instanceof NoRerun) return { type: 'impossible', reason: error.message };
      if (error instanceof InputError) return { type: 'impossible', reason: reasonOf(error) };
      if (error instanceof IncompleteError) return { type: 'impossible', reason: error.message };
      throw error;
    }
  };

  async function rerun(model: string, out: string, selection: Selection, isSame = true): Promise<RunMeasures> {
    if (io.stop.aborted) throw new NoRerun('it was stopped');
    const budget = left === null ? {} : { maxCostUsd: left };
    const ready = await readyRun({ out, cache: false, ...budget }, { ...selection, model: [model] }, io);
    if (isSame) await requireSame(measured, ready.prepared);
    await requireConsent(ready, model);
    const { report } = await driveRun(ready, { say: options.say, listeners: [] }, io);
    if (io.stop.aborted) throw new NoRerun('it was stopped');
    const total = (name: string) =>
      report.summary.find(({ slice, metric }) => slice === 'all' && metric === name)?.value ?? 0;
    const spent = total('cost_usd_total') + total('judge_cost_usd_total');
    if (left !== null) left = Math.max(Number.MIN_VALUE, left - spent);
    return measureRun(report);
  }

  async function requireConsent({ forecast, settings, prepared }: ReadyRun, model: string): Promise<void> {
    const line = forecast === null ? null : forecastLine(forecast, settings.maxCostUsd);
    options.say(`asking ${model} again to confirm the alarm${line === null ? '' : ` · ${line}`}`);
    const cost = forecast?.costUsd;
    if (cost !== undefined && cost !== 'unpriced' && left !== null && cost.expected > left)
      throw new NoRerun(`it would cost about $${cost.expected.toPrecision(3)}, more than is left of --max-cost`);
    if (forecast === null || options.yes || (await mayStart(forecast, prepared.config.confirmAbove, io))) return;
    throw new NoRerun('it was declined');
  }
}

/** Samples and files as in the run. */
async function selectionOf(
  { report: { run }, directory }: MeasuredRun,
  config: string | undefined,
  io: Io,
): Promise<Selection> {
  if (run.replayOf !== undefined) throw new NoRerun(`the run is a replay of ${run.replayOf}, which sends nothing`);
  const options = { config: 'with --config', dataset: 'in the configuration', endpoint: 'in a configuration' };
  const recorded = await withRecorded(defined({ config }), run.selection, { directory, cwd: io.cwd, options });
  return { ...recorded, repeat: run.repeat };
}

/** Fresh answers are scored by the configuration, which must then be what made the judged scores. */
async function requireSame({ directory, definition, report }: MeasuredRun, prepared: PreparedSetup): Promise<void> {
  if (definition === null) throw new NoRerun('the header of the journal is damaged');
  const { scoreSets } = report;
  const isRescored = scoreSets !== undefined && scoreSets.used !== RUN_SET;
  if (isRescored && !isDeepStrictEqual(reportScorers(report), scorersOf({ config: prepared.config.raw })))
    throw new NoRerun(`the configuration has other scorers than the scores @${scoreSets.used}`);
  const all = await changesSince(directory, definition, prepared);
  const changes = isRescored ? all.filter((change) => change !== SCORERS_CHANGED) : all;
  if (changes.length > 0)
    throw new NoRerun(`the configuration is not that of the run (${changes.slice(0, 3).join('; ')})`);
}

/**
 * The id of a model of the configuration that sends what the model of the baseline sent; null = the run sends the same
 * already, or there is none.
 */
async function baselineModel(
  { definition }: MeasuredRun,
  { head }: NamedBaseline,
  model: string,
  selection: Selection,
  io: Io,
): Promise<string | null> {
  const was = head.models.find(({ id }) => id === model)?.settings ?? null;
  const now = definition === null ? null : settingsOf(definition, model);
  if (was === null || now === null || changedSettings(was, now).length === 0) return null;
  const { model: _, ...all } = selection;
  const { config } = await openSetup(all, io, { requireKeys: false });
  const models = config.models.map((one) => modelDefinition(one, wireSettingsOf(one)));
  const shape = { dataset: '', samples: 0, repeat: 1, scorers: [], models };
  const stored = storedDefinition(shape, config.models, config.filledIn);
  const same = models.find(({ id }) => {
    const settings = settingsOf(stored, id);
    return settings !== null && changedSettings(was, settings).length === 0;
  });
  return same?.id ?? null;
}

function reasonOf({ problems }: InputError): string {
  const [first] = problems;
  return first === undefined ? 'the configuration is not valid' : formatProblem(first);
}
