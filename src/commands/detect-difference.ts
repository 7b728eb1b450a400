/** `earsight estimate --detect`: what it takes to see a difference, from a pilot run or from stated assumptions. */

import { type Arguments, list, number, type OptionSpec, text } from '../command.ts';
import { LEAST_PILOT, pilotSpread } from '../compare/pilot-spread.ts';
import { planComparison } from '../compare/plan-comparison.ts';
import { readRunScores } from '../compare/run-scores.ts';
import { InputError, type Problem } from '../errors.ts';
import { type Assumptions, assumedSpread, parseAssumptions } from '../estimate/detect/assumptions.ts';
import {
  type Detection,
  type DetectionGoal,
  detect,
  type PairSpread,
  type SpreadSource,
} from '../estimate/detect/detection.ts';
import type { RunEstimate } from '../estimate/estimate-document.ts';
import type { Io } from '../io.ts';
import { findRun } from '../journal/find-run.ts';
import { counted } from '../text/counted.ts';
import { quote } from '../text/quote.ts';

export const DETECT_OPTIONS = {
  detect: {
    type: 'number',
    describe: 'what it takes to see a difference of so many points between models (default: not said)',
  },
  pilot: {
    type: 'string',
    describe: 'with --detect: a run that shows how much the scores vary, or "latest" (default: none)',
  },
  assume: {
    type: 'array',
    describe:
      'with --detect: how much they vary without a pilot, e.g. discordant=0.25 score=0.8 noise=0.2 (default: none)',
  },
  power: { type: 'number', describe: 'with --detect: share of the runs that show the difference', default: 0.8 },
} as const satisfies Record<string, OptionSpec>;

const ALPHA = 0.05; // As of every verdict.

/** What is asked; checked before the manifest is read. */
export interface DetectionRequest {
  readonly goal: DetectionGoal;
  readonly from: { readonly pilot: string } | { readonly assumed: Assumptions };
}

/** null = nothing is asked. @throws {InputError} with all problems of the options. */
export function detectionRequest(args: Arguments): DetectionRequest | null {
  const [points, pilot, stated] = [number(args, 'detect'), text(args, 'pilot'), list(args, 'assume')];
  const power = number(args, 'power') ?? DETECT_OPTIONS.power.default;
  const problems: Problem[] = [];
  if (points === undefined) {
    const alone = [...(pilot === undefined ? [] : ['--pilot']), ...(stated.length === 0 ? [] : ['--assume'])];
    if (alone.length === 0) return null;
    throw new InputError(
      alone.map((name) => ({ message: `${name} needs --detect`, hint: 'e.g. --detect 3, in points' })),
    );
  }
  if (!(points > 0 && points < 100))
    problems.push({ message: `--detect is ${points}`, hint: 'give points above 0 and below 100, e.g. 3' });
  if (!(power > ALPHA && power < 1))
    problems.push({ message: `--power is ${power}`, hint: `give a share above ${ALPHA} and below 1, e.g. 0.8` });
  if (pilot !== undefined && stated.length > 0)
    problems.push({ message: '--pilot and --assume are given', hint: 'leave out one of them' });
  if (pilot === undefined && stated.length === 0)
    problems.push({
      message: '--detect needs to know how much the scores vary',
      hint: 'name a run on some 50 samples with --pilot RUN, or state it: --assume discordant=0.25',
    });
  const read = stated.length === 0 ? { assumed: {} } : parseAssumptions(stated);
  if ('problems' in read) problems.push(...read.problems);
  else problems.push(...contradictions(read.assumed, points / 100));
  if (problems.length > 0 || 'problems' in read) throw new InputError(problems);
  const goal = { difference: points / 100, power, alpha: ALPHA };
  return { goal, from: pilot === undefined ? { assumed: read.assumed } : { pilot } };
}

function contradictions({ discordant, score }: Assumptions, difference: number): readonly Problem[] {
  const shown = `${difference * 100} points`;
  return [
    ...(discordant !== undefined && discordant < difference
      ? [
          {
            message: `--assume: discordant=${discordant} cannot make a difference of ${shown}`,
            hint: `assume at least ${difference}`,
          },
        ]
      : []),
    ...(score !== undefined && score < difference && score + difference > 1
      ? [{ message: `--assume: no score is ${shown} from ${score}`, hint: 'assume another score' }]
      : []),
  ];
}

/** @throws {InputError} for fewer than two models, or a pilot that says nothing of them. */
export async function detectDifference(
  { goal, from }: DetectionRequest,
  estimate: RunEstimate,
  { cwd }: Pick<Io, 'cwd'>,
): Promise<Detection> {
  const ids = estimate.models.filter(({ role }) => role !== 'judge').map(({ id }) => id);
  const [first, ...others] = ids;
  if (first === undefined || others.length === 0)
    throw new InputError({
      message: `--detect compares models, and there is ${first === undefined ? 'none' : `only ${quote(first)}`}`,
      hint: 'add the model to compare it with to the configuration',
    });
  if ('assumed' in from) {
    const spread = assumedSpread(from.assumed, goal.difference);
    const pairs = others.map((b) => ({ a: first, b, spread }));
    return detect(goal, pairs, from, estimate);
  }
  const { pairs, source } = await readPilot(from.pilot, [first, ...others], cwd);
  return detect(goal, pairs, source, estimate);
}

async function readPilot(
  name: string,
  ids: readonly [string, ...string[]],
  cwd: string,
): Promise<{ readonly pairs: readonly PairSpread[]; readonly source: SpreadSource }> {
  const { directory, info } = findRun(name, cwd);
  const missing = ids.filter((id) => info.models.every((model) => model.id !== id));
  if (missing.length > 0)
    throw new InputError({
      file: name,
      message: `the pilot has no model ${missing.map(quote).join(', ')}`,
      hint: 'choose models that it has with --model, or run another pilot',
    });
  const plan = planComparison(await readRunScores(directory, info), null, ids[0]);
  const measured = plan.pairs
    .filter(({ b }) => ids.includes(b.label))
    .map((pair) => ({ pair, ...pilotSpread(pair, plan) }));
  const problems: Problem[] = [];
  const pairs = measured.flatMap(({ pair, pairs: known, spread }) => {
    if (spread !== null) return [{ a: pair.a.label, b: pair.b.label, spread }];
    const both = `${quote(pair.a.label)} and ${quote(pair.b.label)}`;
    problems.push({
      file: name,
      message:
        known < LEAST_PILOT
          ? `${counted(known, 'sample')} scored for ${both}: too few to know how much they vary`
          : `${both} have the same scores on all ${known} samples: how they differ is not known`,
      hint:
        known < LEAST_PILOT
          ? `run a pilot on at least ${LEAST_PILOT}, better 50 samples`
          : 'run a larger pilot, or leave one out with --model',
    });
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
  const { completed } = info.counts;
  const minutesPerCall = completed === 0 || info.wallMs === 0 ? null : info.wallMs / 60_000 / completed;
  return { pairs, source: { pilot: name, samples: plan.common.b.length, repeats: info.repeat, minutesPerCall } };
}
