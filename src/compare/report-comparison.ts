/** The comparison that a report shows: verdicts in sentences, and the difference of each model from a base. */

import type { ModelDifference, ReportComparison } from '../comparison-report.ts';
import type { RunInfo } from '../report.ts';
import { frontierSentences } from '../reporters/variants/frontier-text.ts';
import { stressSentence } from '../reporters/variants/stress-text.ts';
import { compareRuns } from './compare-runs.ts';
import type { ComparedPair, Comparison } from './comparison.ts';
import { frontiersOf } from './frontier/frontier.ts';
import { planComparison } from './plan-comparison.ts';
import { type ModelScores, type RunScores, readRunScores } from './run-scores.ts';
import { stressCurvesOf } from './stress/stress-curves.ts';
import { verdictText } from './verdict-text.ts';

/** Models beyond these are not compared: the page would have more verdicts than anybody reads. */
const MAX_MODELS = 40;

/**
 * Compares all models with the first. Models without a sample in common with it, such as those that hear among those that
 * see, are compared among themselves. `set` names the scores, by default the newest. null = nothing to compare.
 */
export async function reportComparison(
  directory: string,
  info: RunInfo,
  set?: string,
): Promise<ReportComparison | null> {
  const compared = info.models.filter(({ stress }) => stress === undefined);
  if (info.models.length < 2 || compared.length > MAX_MODELS) return null;
  const scores = await readRunScores(directory, info, set);
  if (scores.samples.count === 0) return null;
  const verdict: string[] = [];
  const differences: ModelDifference[] = [];
  const plan = planComparison(scores, null);
  const [frontiers, stress] = [frontiersOf(plan), stressCurvesOf(plan)];
  const bases = new Set(info.models.map(({ id }) => id));
  let left: readonly ModelScores[] = scores.models.filter(({ info: { stress } }) => !bases.has(stress?.base ?? ''));
  while (left.length > 1) {
    const group = compareAmong(scores, left);
    const paired = group.pairs.filter(({ verdict: { n } }) => n > 0);
    verdict.push(...paired.map((pair) => sentence(pair, group)));
    differences.push(...paired.map(difference));
    const others = new Set(group.pairs.flatMap(({ b, verdict: { n } }) => (n > 0 ? [] : [b])));
    left = left.filter((model) => others.has(model.info.id));
  }
  if (differences.length === 0 && stress.length === 0) return null;
  return {
    verdict: [...verdict, ...frontiers.flatMap(frontierSentences), ...stress.map(stressSentence)],
    differences,
    ...(frontiers.length === 0 ? {} : { frontiers }),
    ...(stress.length === 0 ? {} : { stress }),
    method:
      'Differences are of All, on the samples that both models have; p is adjusted for the number of comparisons (Holm).',
  };
}

function compareAmong(scores: RunScores, models: readonly ModelScores[]): Comparison {
  return compareRuns(planComparison({ ...scores, models }, null), 0);
}

function sentence({ a, b, verdict }: ComparedPair, { families }: Comparison): string {
  const { pHolm, conclusion } = verdict;
  return verdictText({
    a,
    b,
    compared: verdict,
    pHolm,
    family: families.verdicts,
    conclusion: conclusion ?? 'nothing',
  });
}

/** The row of a pair in reports. */
export function difference({ a, b, verdict }: Pick<ComparedPair, 'a' | 'b' | 'verdict'>): ModelDifference {
  return {
    model: b,
    base: a,
    pairs: verdict.n,
    difference: verdict.difference,
    low: verdict.ciLow,
    high: verdict.ciHigh,
    pAdjusted: verdict.pHolm,
    better: verdict.higherB,
    worse: verdict.higherA,
  };
}
