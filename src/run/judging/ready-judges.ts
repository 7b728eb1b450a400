/** Which judges a scoring asks, and their configuration with keys. */

import { judgeOf, judgeProblem } from '../../config/judges.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { openSetup, type Setup } from '../../plan/prepare.ts';
import type { Selection } from '../../report.ts';
import type { ModelConfig, Sample, ScorerConfig } from '../../types.ts';
import { judgeBudgetProblems } from './open-judges.ts';

/** Collects the judges of a scoring while its samples are read. */
export interface JudgeCheck {
  look(sample: Sample): void;
  /** Ids; empty = no scorer asks one. @throws {InputError} for scorers whose judge is not there. */
  asked(): readonly string[];
}

/** `defaults` are the scorers of samples without their own. */
export function createJudgeCheck(judges: readonly ModelConfig[], defaults: readonly ScorerConfig[]): JudgeCheck {
  const asked = new Set<string>();
  const problems = new Map<string, Problem>();
  const add = (scorers: readonly ScorerConfig[], place: Problem | null) => {
    for (const scorer of scorers) {
      const judge = judgeOf(scorer);
      if (judge === null) continue;
      asked.add(judge);
      const problem = judgeProblem(scorer, judges);
      if (problem !== null && !problems.has(judge)) problems.set(judge, { ...place, ...problem });
    }
  };
  add(defaults, null);
  return {
    look({ scorers, line }) {
      if (scorers !== undefined) add(scorers, { line, message: '' });
    },
    asked() {
      if (problems.size > 0) throw new InputError([...problems.values()]);
      return [...asked];
    },
  };
}

/** Why a run does not start. */
export const NO_JUDGE = {
  message: 'scorer "judge" cannot be used in a run: judges are asked afterwards',
  hint: 'take it out of the scorers of the run, then use earsight score RUN --scorer with it',
};

/** How judges may be asked. */
export interface Judging {
  /** USD; null = that of the configuration, if any. */
  readonly maxCostUsd: number | null;
  readonly say: (line: string) => void;
}

export interface ReadyJudges extends Judging {
  /** With the keys of its models, which are the judges. */
  readonly setup: Setup;
}

/** Returns null when there is nobody to ask. @throws {InputError} when judges may not be asked, or cannot be. */
export async function readyJudges(
  ids: readonly string[],
  { selection, judging }: { readonly selection: Selection; readonly judging?: Judging | undefined },
  io: Io,
): Promise<ReadyJudges | null> {
  if (ids.length === 0) return null;
  if (judging === undefined)
    throw new InputError({
      message: 'its scorers ask a judge, which costs money',
      hint: 'use earsight score, which asks judges',
    });
  // Read again: keys of models that are not asked need not be there.
  const { model: _, ...rest } = selection;
  const opened = await openSetup(rest, io, { requireKeys: true, requireWire: true, judges: ids });
  const setup = { ...opened, models: opened.config.judges.filter(({ id }) => ids.includes(id)) };
  const maxCostUsd = judging.maxCostUsd ?? opened.config.maxCost ?? null;
  const problems = judgeBudgetProblems(maxCostUsd, setup);
  if (problems.length > 0) throw new InputError(problems);
  return { ...judging, maxCostUsd, setup };
}
