/** The stress curves of a run that has just ended. */

import type { RunInfo } from '../../report.ts';
import type { StressCurve } from '../../stress-report.ts';
import { planComparison } from '../plan-comparison.ts';
import { readRunScores } from '../run-scores.ts';
import { stressCurvesOf } from './stress-curves.ts';

/** Reads the journal once more, unless the run has no stress test. */
export async function stressOfRun(directory: string, info: RunInfo): Promise<readonly StressCurve[]> {
  if (!info.models.some(({ stress }) => stress !== undefined)) return [];
  const scores = await readRunScores(directory, info);
  return scores.samples.count === 0 || scores.models.length < 2 ? [] : stressCurvesOf(planComparison(scores, null));
}
