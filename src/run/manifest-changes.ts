/** What of the manifest changed while a run was reading it: those samples are left out, and the run is not complete. */

import { formatProblem, type Problem } from '../errors.ts';

/** Problems that are told apart; a row put in at the top changes all below it. */
const MAX_KEPT = 1000;

export interface ManifestChanges {
  /** Each is counted once, however often the manifest is read. */
  readonly report: (problem: Problem) => void;
  /** One sentence, or none. */
  sentences(): readonly string[];
}

export function createManifestChanges(): ManifestChanges {
  const problems = new Set<string>();
  return {
    report(problem) {
      if (problems.size < MAX_KEPT) problems.add(formatProblem(problem));
    },
    sentences() {
      const [first, ...more] = problems;
      if (first === undefined) return [];
      const others = more.length === 0 ? '' : ` (and ${problems.size === MAX_KEPT ? 'over ' : ''}${more.length} more)`;
      return [`the manifest changed during the run, its cells there are missing: ${first}${others}`];
    },
  };
}
