/** The figures that gates compare sample by sample, and those that only have limits. */

import type { RELATIVE } from '../config/gate-schema.ts';
import type { SummaryRow } from '../report.ts';
import { percentile } from '../stats/percentile.ts';
import type { ModelMeasures } from './run-measures.ts';
import { mean } from './values.ts';

/** How a metric is compared with a baseline. */
export interface PairedFigure {
  readonly value: (measures: ModelMeasures | undefined) => number | null;
  readonly isScore: boolean;
  /** Latencies are skewed: their logarithms are compared, and their medians shown. */
  readonly isLatency: boolean;
}

const MEASURES: Readonly<Record<(typeof RELATIVE)[number], string>> = {
  costPerSample: 'cost_usd',
  cost_usd_mean: 'cost_usd',
  latencyP50: 'latency_ms',
  latency_ms_p50: 'latency_ms',
  prompt_tokens_mean: 'prompt_tokens',
  completion_tokens_mean: 'completion_tokens',
};

/** `score` is judged on `score_all`: otherwise a model could pass by refusing what is hard. */
export function pairedFigure(metric: string): PairedFigure {
  const isRelative = Object.hasOwn(MEASURES, metric);
  const measure = isRelative ? MEASURES[metric as keyof typeof MEASURES] : metric === 'score' ? 'score_all' : metric;
  return {
    value: (measures) => mean(measures?.values.get(measure)),
    isScore: !isRelative,
    isLatency: measure === 'latency_ms',
  };
}

/** The figure of many samples: the mean, or the median of latencies. null = there are none. */
export function figureOf({ isLatency }: PairedFigure, values: readonly number[]): number | null {
  if (values.length === 0) return null;
  if (isLatency) return percentile(values, 0.5);
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Names of gates that `summary.csv` calls otherwise. `score.<name>` gates are not among its metrics, see `pairedFigure`. */
const SUMMARY_NAMES: Readonly<Record<string, string>> = {
  score: 'score_all',
  costPerSample: 'cost_usd_mean',
  latencyP50: 'latency_ms_p50',
};

/** The row of the summary over all samples. undefined = the model has no such figure. */
export function summaryRow(summary: readonly SummaryRow[], model: string, metric: string): SummaryRow | undefined {
  const name = Object.hasOwn(SUMMARY_NAMES, metric) ? SUMMARY_NAMES[metric] : metric;
  return summary.find((row) => row.model === model && row.slice === 'all' && row.metric === name);
}

/** Counts of what never happened have no row, and are 0. */
export function isCount(metric: string): boolean {
  return /^(failed|skipped)\./.test(metric);
}
