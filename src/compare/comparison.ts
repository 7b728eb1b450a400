/** The result of a comparison: plain data, which tables, JSON, the report and programs read. */

import type { PreferenceFigures } from '../agreement-report.ts';
import type { Frontier } from '../frontier-report.ts';
import type { HumanAgreement } from '../report.ts';
import type { StressCurve } from '../stress-report.ts';
import type { Agreement } from './agreement.ts';
import type { MetricComparison } from './metric-comparison.ts';
import type { ModelFigures } from './model-figures.ts';
import type { SettingDifference } from './setting-differences.ts';
import type { Conclusion } from './verdict.ts';

/** Two or more models on the same samples; plain JSON. */
export interface Comparison {
  readonly format: 'earsight-comparison';
  readonly formatVersion: 1;
  /** One run, or two: A and B. */
  readonly runs: readonly ComparedRun[];
  readonly samples: {
    /** In both runs; of one run, all. */
    readonly common: number;
    readonly onlyFirst: SampleNames;
    readonly onlySecond: SampleNames;
    /** In both runs by id, with other media or another target, so that they are not compared. */
    readonly changed: SampleNames;
    /** Of the common samples, those that a scorer is to judge. */
    readonly scored: number;
    /** Groups of samples that are not independent; null = all are independent. */
    readonly clusters: number | null;
  };
  /** Models in their order. */
  readonly models: readonly ModelFigures[];
  readonly pairs: readonly ComparedPair[];
  /** What judges preferred of these pairs; absent = none was asked. */
  readonly preferences?: readonly PreferenceFigures[];
  /** What cheaper variants of a model lose and save; absent = there are none. */
  readonly frontiers?: readonly Frontier[];
  /** How quality falls as media get worse; absent = no stress test. */
  readonly stress?: readonly StressCurve[];
  /** Models that only one of two runs has, by label. */
  readonly notCompared: readonly string[];
  /** Numbers of tests that Holm's method adjusts together. */
  readonly families: { readonly verdicts: number; readonly metrics: number; readonly slices: number };
}

export interface ComparedRun {
  readonly runId: string;
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** Path of the dataset as it was configured. */
  readonly dataset: string;
  readonly samples: number;
  /** Name of the set of scores that is compared. */
  readonly scoreSet: string;
  /** How its scores agree with labels of people, over all its samples; absent = there are no labels. */
  readonly agreements?: readonly HumanAgreement[];
}

/** Samples by their ids: how many there are, and the first of them. */
export interface SampleNames {
  readonly count: number;
  readonly first: readonly string[];
}

/** Model B against model A. */
export interface ComparedPair {
  /** Labels of models. */
  readonly a: string;
  readonly b: string;
  /** By `score_all`, where refused, filtered, truncated and unparsed answers count 0. */
  readonly verdict: JudgedMetric;
  /** All other metrics that differ from it. */
  readonly metrics: readonly JudgedMetric[];
  /** By `score_all`, sorted by name. */
  readonly slices: readonly JudgedSlice[];
  readonly agreement: Agreement;
  readonly differences: readonly SettingDifference[];
  /** Where the two differ most, largest first. */
  readonly mostDifferent: readonly DifferentSample[];
}

export interface JudgedMetric extends MetricComparison {
  /** Adjusted for all tests of its family; null = not tested. */
  readonly pHolm: number | null;
  /** null for raw figures: whether more is better is known of scores only. */
  readonly conclusion: Conclusion | null;
}

export interface JudgedSlice extends JudgedMetric {
  readonly slice: string;
}

/** One sample of a pair. */
export interface DifferentSample {
  readonly sampleId: string;
  /** `score_all`; null = none. */
  readonly a: number | null;
  readonly b: number | null;
  /** null = one of them did not answer. */
  readonly isSameAnswer: boolean | null;
}

/** Verdicts alone, without the rest of a comparison. */
export interface Verdicts {
  readonly verdicts: readonly Pick<ComparedPair, 'a' | 'b' | 'verdict'>[];
  /** Tests that Holm's method adjusts together. */
  readonly family: number;
}
