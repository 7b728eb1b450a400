/** Compares two models of one run by the metric of verdicts. */

import { sum } from '../../stats/sum.ts';
import { SEED, VERDICT_METRIC } from '../judge.ts';
import { compareScores, type MetricComparison } from '../metric-comparison.ts';
import type { CommonSamples } from '../pairs.ts';
import type { LabelledModel } from '../plan-comparison.ts';

export function compareModels(a: LabelledModel, b: LabelledModel, common: CommonSamples): MetricComparison {
  const columns = { a: verdictScores(a), b: verdictScores(b) };
  return compareScores(VERDICT_METRIC, columns, {
    common,
    clusters: b.run.samples.clusters,
    asked: b.run.samples.asked.get(VERDICT_METRIC),
    unsupported: { a: a.model.unsupported, b: b.model.unsupported },
    seed: SEED,
  });
}

/** By sample number, NaN = none. */
export function verdictScores({ run, model }: LabelledModel): Float64Array {
  return model.metrics.get(VERDICT_METRIC) ?? new Float64Array(run.samples.count).fill(Number.NaN);
}

/** Of the values that are known; null = none is. */
export function meanOfKnown(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? null : sum(known) / known.length;
}
