/** Asks a model again after an alarm: only a loss that a fresh run shows, too, is a regression. */

import { basename, dirname, join } from 'node:path';
import type { Gate } from '../config/gate-schema.ts';
import type { GateReport, GateResult } from '../gate-report.ts';
import { comparePairedGates } from './compare-gates.ts';
import { withWorse, worst } from './judge.ts';
import type { MeasuredRun } from './open-measured-run.ts';
import type { SamplePair } from './pair-samples.ts';
import type { Rerun, RerunModel } from './rerun.ts';
import type { ModelMeasures, RunMeasures } from './run-measures.ts';

export interface ConfirmInput {
  readonly run: MeasuredRun;
  readonly pairs: readonly SamplePair[];
  readonly gates: readonly Gate[];
  readonly maxErrorRate: number;
  /** Reruns that must all show the loss; 0 = none. */
  readonly times: number;
  /** Asks the model of the run, or that of the baseline where it differs and can be called. */
  readonly rerun: RerunModel;
}

/** Confirms the alarms of gates at level `error`; those of gates that only warn stay as they are. */
export async function confirmAlarms(report: GateReport, input: ConfirmInput): Promise<GateReport> {
  let current = report;
  for (let time = 1; time <= input.times; time += 1) {
    const alarms = current.results.filter(isAlarm);
    if (alarms.length === 0) break;
    const models = [...new Set(alarms.map(({ model }) => model))];
    const reruns = new Map<string, Rerun>();
    for (const model of models) reruns.set(model, await input.rerun(model, folderOf(input.run.directory, time, model)));
    current = settled(current, alarms, reruns, input);
  }
  return current;
}

/** A paired comparison that failed; a figure beyond its `min` or `max` is measured, and not asked again. */
function isAlarm({ level, verdict, limit }: GateResult): boolean {
  const isPaired = limit.type === 'margin' || limit.type === 'maxIncrease';
  return level === 'error' && isPaired && (verdict === 'regressed' || verdict === 'missed');
}

/** Beside the run, and the same for the same alarm: a second gate uses the answers that were paid for. */
function folderOf(directory: string, time: number, model: string): string {
  const safe = model.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60);
  return join(dirname(directory), `${basename(directory)}-confirm-${time}-${safe}`);
}

function settled(
  report: GateReport,
  alarms: readonly GateResult[],
  reruns: ReadonlyMap<string, Rerun>,
  { pairs, gates, run, maxErrorRate }: ConfirmInput,
): GateReport {
  const asked = new Map(
    [...reruns].flatMap(([model, rerun]) => (rerun.type === 'done' ? [[model, rerun] as const] : [])),
  );
  const isIncomplete = (measures: RunMeasures) =>
    [...measures.models.values()].some(({ missing, cells }) => missing > maxErrorRate * cells);
  const fresh = pairs.map((pair) => freshPair(pair, asked));
  const alarmed = gates.filter(({ metric }) => alarms.some((alarm) => alarm.metric === metric));
  const judged = comparePairedGates([...asked.keys()], alarmed, {
    pairs: fresh,
    clusterOf: ({ run: sample }) => sample.cluster,
    repeat: run.report.run.repeat,
  });
  const results = report.results.map((result): GateResult => {
    if (!alarms.includes(result)) return result;
    const rerun = reruns.get(result.model);
    if (rerun === undefined || rerun.type === 'impossible') return undecided(result, rerun?.reason ?? 'not asked');
    const incomplete = [rerun.run, ...(rerun.baseline === null ? [] : [rerun.baseline])].some(isIncomplete);
    if (incomplete) return undecided(result, `too many answers of the rerun in ${rerun.folder} are missing`);
    const again = judged.find(
      ({ model, metric, limit }) =>
        model === result.model && metric === result.metric && limit.type === result.limit.type,
    );
    if (again === undefined) return undecided(result, 'the rerun has no such figure');
    return afterRerun(result, again, rerun.folder);
  });
  return withWorse({ ...report, results, verdict: worst(results) }, pairs);
}

function afterRerun(first: GateResult, again: GateResult, folder: string): GateResult {
  if (again.verdict === first.verdict)
    return { ...first, message: `${first.message}; confirmed by a rerun in ${folder} (${again.message})` };
  const message = `${first.message}; not confirmed by a rerun in ${folder} (${again.message})`;
  const { hint: _, ...rest } = first;
  return { ...rest, verdict: again.verdict, message, ...(again.hint === undefined ? {} : { hint: again.hint }) };
}

function undecided(result: GateResult, reason: string): GateResult {
  const message = `${result.message}; no rerun could confirm it: ${reason}`;
  return {
    ...result,
    verdict: 'inconclusive',
    message,
    hint: 'remove what prevents the rerun, or judge without one: --confirm 0',
  };
}

function freshPair(pair: SamplePair, asked: ReadonlyMap<string, Extract<Rerun, { type: 'done' }>>): SamplePair {
  const [was, is] = [new Map(pair.baseline.models), new Map<string, ModelMeasures>()];
  for (const [model, { run, baseline }] of asked) {
    const measured = run.samples.get(pair.run.id)?.models;
    const own = measured?.get(model);
    if (own !== undefined) is.set(model, own);
    if (baseline === null) continue;
    // The model of the baseline may have another id in the configuration.
    const [earlier] = [...(baseline.samples.get(pair.run.id)?.models.values() ?? [])];
    if (earlier === undefined) was.delete(model);
    else was.set(model, earlier);
  }
  return { baseline: { ...pair.baseline, models: was }, run: { ...pair.run, models: is } };
}
