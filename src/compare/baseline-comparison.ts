/** The comparison that a report shows of a run with a baseline: each model with itself, on the samples that both have. */

import { range } from '../collections/gather.ts';
import type { ReportComparison } from '../comparison-report.ts';
import type { ReportBaseline } from '../gate-report.ts';
import type { RunReport } from '../report.ts';
import { judgeVerdicts, SEED, VERDICT_METRIC } from './judge.ts';
import { compareScores } from './metric-comparison.ts';
import { difference } from './report-comparison.ts';
import { readColumns } from './report-verdicts.ts';
import { verdictText } from './verdict-text.ts';

/** Stands for the model of the baseline in `ModelDifference.base`. */
const BASE = 'the baseline';

/** Models that the baseline does not have are left out; null = nothing can be compared. */
export async function baselineComparison(
  { run, samples }: Pick<RunReport, 'run' | 'samples'>,
  baseline: ReportBaseline,
): Promise<ReportComparison | null> {
  const columns = await readColumns(
    run.models.map(({ id }) => id),
    samples(),
    baseline,
  );
  const { count, clusters, asked } = columns;
  const numbers = range(count);
  const none = new Uint32Array();
  const common = { a: numbers, b: numbers, onlyA: none, onlyB: none };
  const pairs = [...columns.models].flatMap(([id, { scores, was, unsupported }]) => {
    const on = { common, clusters, asked, unsupported: { a: unsupported, b: unsupported }, seed: SEED };
    const compared = compareScores(VERDICT_METRIC, { a: was, b: scores }, on);
    return compared.n === 0 ? [] : [{ a: BASE, b: id, compared }];
  });
  if (pairs.length === 0) return null;
  const { verdicts, family } = judgeVerdicts(pairs);
  return {
    verdict: verdicts.map(({ a, b, verdict }) => {
      const { pHolm, conclusion } = verdict;
      return verdictText({ a, b, compared: verdict, pHolm, family, conclusion: conclusion ?? 'nothing' });
    }),
    differences: verdicts.map(difference),
    method: `Differences are of All, of each model from itself in the baseline ${baseline.file}, on the samples that both have; p is adjusted for the number of comparisons (Holm).`,
  };
}
