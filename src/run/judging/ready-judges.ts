/** Which judges will be asked, with their keys and the money for them. */

import { InputError } from '../../errors.ts';
import type { Forecast } from '../../estimate/forecast.ts';
import type { Io } from '../../io.ts';
import { openSetup, type PreparedSetup, type Setup } from '../../plan/prepare.ts';
import type { Selection } from '../../report.ts';
import { judgeBudgetProblems } from './open-judges.ts';

/** How judges may be asked. */
export interface Judging {
  /** USD; null = that of the configuration, if any. */
  readonly maxCostUsd: number | null;
  readonly say: (line: string) => void;
  /** Called with what is expected before the first question; false = ask nobody. */
  readonly mayAsk: (forecast: Forecast, limits: ForecastLimits) => Promise<boolean>;
}

/** USD. */
export interface ForecastLimits {
  readonly confirmAbove: number;
  /** null = no limit. */
  readonly maxCostUsd: number | null;
}

export interface ReadyJudges extends Judging {
  /** With the keys of its models, which are the judges. */
  readonly setup: Setup;
}

/**
 * The setup whose models are the judges. The configuration is read again: keys of models that are not asked need not be there.
 * @throws {InputError} for keys that are not there.
 */
export async function openJudgeSetup(
  judges: PreparedSetup['judges'],
  selection: Selection,
  io: Pick<Io, 'cwd' | 'env' | 'now' | 'allowCode'>,
  requireKeys = true,
): Promise<Setup> {
  const { model: _, endpoint: _endpoint, ...rest } = selection;
  const ids = judges.map(({ id }) => id);
  const setup = await openSetup(rest, io, { requireKeys, requireWire: true, judges: ids });
  return { ...setup, models: setup.config.judges.filter(({ id }) => ids.includes(id)) };
}

/** Returns null when there is nobody to ask. @throws {InputError} when judges may not be asked, or cannot be. */
export async function readyJudges(
  judges: PreparedSetup['judges'],
  { selection, judging }: { readonly selection: Selection; readonly judging?: Judging | undefined },
  io: Io,
): Promise<ReadyJudges | null> {
  if (judges.length === 0) return null;
  if (judging === undefined)
    throw new InputError({
      message: 'its scorers ask a judge, which costs money',
      hint: 'use earsight score, which asks judges',
    });
  const setup = await openJudgeSetup(judges, selection, io);
  const maxCostUsd = judging.maxCostUsd ?? setup.config.maxCost ?? null;
  const problems = judgeBudgetProblems(maxCostUsd, setup);
  if (problems.length > 0) throw new InputError(problems);
  return { ...judging, maxCostUsd, setup };
}
