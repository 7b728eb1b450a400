/** Collects which judges the scorers of a run ask, and finds scorers whose judge is not in the configuration. */

import { judgeProblem, judgesOf } from '../config/judges.ts';
import type { Problem } from '../errors.ts';
import type { ModelConfig, Sample, ScorerConfig } from '../types.ts';

/** Looks at each sample while the manifest is read. */
export interface JudgeCheck {
  look(sample: Sample): void;
  /** In configuration order; empty = no scorer asks one. */
  asked(): readonly ModelConfig[];
  problems(): readonly Problem[];
}

/** `defaults` are the scorers of samples without their own. */
export function createJudgeCheck(
  judges: readonly ModelConfig[],
  defaults: readonly ScorerConfig[],
  file: string,
): JudgeCheck {
  const asked = new Set<string>();
  const problems = new Map<string, Problem>();
  const add = (scorers: readonly ScorerConfig[], place: Omit<Problem, 'message'>) => {
    for (const scorer of scorers) {
      for (const judge of judgesOf(scorer)) asked.add(judge);
      const problem = judgeProblem(scorer, judges);
      if (problem !== null && !problems.has(problem.message)) problems.set(problem.message, { ...place, ...problem });
    }
  };
  add(defaults, {});
  return {
    look({ scorers, line }) {
      if (scorers !== undefined) add(scorers, { file, line });
    },
    asked: () => judges.filter(({ id }) => asked.has(id)),
    problems: () => [...problems.values()],
  };
}
