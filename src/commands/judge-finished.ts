/** Judges a run that has just finished: `run --baseline`, the limits of its gates, and `--fail-on`. */

import { type Arguments, flag, list, number, text } from '../command.ts';
import { EXIT, IncompleteError, InputError } from '../errors.ts';
import { type FailOn, type FailOnResult, judgeFailOn, parseFailOn } from '../gate/fail-on.ts';
import { type GateChoice, gateChoice } from '../gate/gate-options.ts';
import { type GateOutcome, gateRun } from '../gate/gate-run.ts';
import { gateLines } from '../gate/gate-text.ts';
import { needsBaseline } from '../gate/load-gates.ts';
import { requireFit } from '../gate/pair-samples.ts';
import { publishGate } from '../gate/publish.ts';
import { measureRun } from '../gate/run-measures.ts';
import type { Io } from '../io.ts';
import { readDefinitions } from '../journal/recorded-routes.ts';
import type { RunReport } from '../report.ts';
import type { ReadyRun } from '../run/ready-run.ts';

/** Read before anything is sent, so that a broken baseline or condition costs nothing. */
export interface JudgingPlan {
  readonly choice: GateChoice;
  readonly failOn: readonly FailOn[];
}

/** @throws {InputError} for options, conditions and a baseline that cannot be used. */
export function judgingPlan(args: Arguments, io: Io): JudgingPlan {
  return { failOn: parseFailOn(list(args, 'fail-on')), choice: gateChoice(args, io) };
}

/** Checks the baseline against the manifest before anything is sent. @throws {InputError} when they do not fit. */
export async function requireBaselineFits({ prepared }: ReadyRun, { choice }: JudgingPlan): Promise<void> {
  if (choice.baseline === null) return;
  await requireFit(choice.baseline, prepared.samples(), prepared.config.raw, choice.minOverlap);
}

export interface Judged {
  /** null = nothing was gated. */
  readonly gate: GateOutcome | null;
  readonly failOn: readonly FailOnResult[];
  readonly exitCode: number;
}

/** `say` receives progress and warnings. */
export async function judgeFinished(
  report: RunReport,
  { prepared: { config }, settings: { folder, maxCostUsd } }: ReadyRun,
  { choice, failOn }: JudgingPlan,
  args: Arguments,
  { say, io }: { readonly say: (line: string) => void; readonly io: Io },
): Promise<Judged> {
  const { gates, maxErrorRate } = config;
  const isGated = choice.baseline !== null || gates?.some(({ min, max }) => min !== undefined || max !== undefined);
  const isIdle = !isGated && gates?.some(needsBaseline);
  if (isIdle) say('gates with a margin or a maxIncrease are judged with --baseline FILE');
  const gate = isGated === true ? await gated() : null;
  const conditions = judgeFailOn(
    failOn,
    report.run.models.map(({ id }) => id),
    report.summary,
  );
  const { reporters } = config;
  await publishGate(report, gate?.report ?? null, { reporters, folder, say, io });
  return { gate, failOn: conditions, exitCode: exitCodeOf(gate, conditions) };

  async function gated(): Promise<GateOutcome> {
    const definition = (await readDefinitions(folder)).at(-1) ?? null;
    const run = { directory: folder, report, definition, measures: await measureRun(report) };
    const named = text(args, 'config');
    // The budget of the run is for the run: a rerun may cost as much again, and no more.
    const cost = number(args, 'max-cost') ?? maxCostUsd;
    const options = {
      ...(named === undefined ? {} : { config: named }),
      maxCostUsd: cost,
      yes: flag(args, 'yes'),
      say,
    };
    return gateRun(run, choice, { gates, maxErrorRate }, options, io).catch((cause: unknown) => {
      // Requests were sent: this is not the exit code of a rejected input.
      if (cause instanceof InputError) throw new IncompleteError(cause.message, { cause });
      throw cause;
    });
  }
}

/** What was found, for people. */
export function judgedLines({ gate, failOn }: Judged): readonly string[] {
  return [
    ...(gate === null ? [] : gateLines(gate.report)),
    ...failOn.filter(({ verdict }) => verdict !== 'pass').map(({ message }) => message),
  ];
}

/** The same for one JSON document. */
export function judgedMembers({ gate, failOn }: Judged): object {
  return {
    ...(gate === null ? {} : { gate: { exitCode: gate.exitCode, ...gate.report } }),
    ...(failOn.length === 0 ? {} : { failOn }),
  };
}

/** Not judged comes before missed: what is missing may be the reason. */
function exitCodeOf(gate: GateOutcome | null, conditions: readonly FailOnResult[]): number {
  const codes = [gate?.exitCode ?? EXIT.done];
  for (const { verdict } of conditions)
    codes.push(verdict === 'pass' ? EXIT.done : verdict === 'missed' ? EXIT.missed : EXIT.incomplete);
  return Math.max(...codes);
}
