/** Collects the samples that changed while a run was reading the manifest: they are left out, and the run is not complete. */

import { formatProblem, type Problem } from '../errors.ts';

/** Further problems are not counted; a row inserted at the top changes all rows below it. */
const MAX_KEPT = 1000;

export interface ManifestChanges {
  /** Counts each problem once, however often the manifest is read. */
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
      return [`the manifest changed during the run, and the changed samples have no results: ${first}${others}`];
    },
  };
}
