/** Judges a measured run with the chosen gates and confirms alarms. */

import type { GateReport } from '../gate-report.ts';
import type { Io } from '../io.ts';
import { confirmAlarms } from './confirm.ts';
import type { GateChoice } from './gate-options.ts';
import { exitCodeOf, judge } from './judge.ts';
import { type GateSettings, usableGates } from './load-gates.ts';
import type { MeasuredRun } from './open-measured-run.ts';
import { pairSamples } from './pair-samples.ts';
import { createRerun, type RerunOptions } from './rerun.ts';

/** A report with its exit code. */
export interface GateOutcome {
  readonly report: GateReport;
  readonly exitCode: number;
}

/** @throws {InputError} when nothing can be judged with these gates and this baseline. */
export async function gateRun(
  run: MeasuredRun,
  { baseline, confirm, strict, minOverlap }: GateChoice,
  { gates: configured, maxErrorRate }: Pick<GateSettings, 'gates' | 'maxErrorRate'>,
  options: RerunOptions,
  io: Io,
): Promise<GateOutcome> {
  const { gates, notes } = usableGates(configured, baseline !== null);
  const judged = judge({ run, gates, baseline, maxErrorRate, minOverlap });
  const confirmed =
    baseline === null
      ? judged
      : await confirmAlarms(judged, {
          ...{ run, gates, maxErrorRate, times: confirm },
          pairs: pairSamples(baseline, run, minOverlap).pairs,
          rerun: createRerun(run, baseline, options, io),
        });
  const report = { ...confirmed, notes: [...confirmed.notes, ...notes] };
  const exitCode = io.stop.aborted ? Number(io.stop.reason) : exitCodeOf(report, strict);
  return { report, exitCode };
}
