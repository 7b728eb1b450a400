/** Turns the rows of the summary into what a table about the models shows. */

import type { RunInfo, SummaryRow } from './report.ts';

/** A figure with its 95 % interval; null = not measured. */
export interface OverviewFigure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** One model's line, over the whole dataset. Counts are of cells. */
export interface ModelOverview {
  readonly id: string;
  readonly samples: number;
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Over answered samples. */
  readonly score: OverviewFigure;
  /** Refused, filtered, truncated and unparsed answers count 0. */
  readonly scoreAll: OverviewFigure;
  /** Per scorer, sorted by name. */
  readonly scores: readonly { readonly name: string; readonly figure: OverviewFigure }[];
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Mean of a cell. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Of all cells that have a price; null = unpriced. */
  readonly costUsd: number | null;
  /** Completed cells without a price. */
  readonly unpriced: number;
  /** What the model did instead of answering so that it could be scored; only what happened. */
  readonly outcomes: readonly Tally[];
  /** Failed cells by kind; only what happened. */
  readonly failures: readonly Tally[];
}

/** How often something happened. */
export interface Tally {
  readonly name: string;
  readonly count: number;
}

const OUTCOMES = ['truncated', 'refused', 'filtered', 'unscored'] as const;

/** The slice of a row that is about the whole dataset. */
const EVERYTHING = 'all';

/** One line a model in configuration order. */
export function overview(run: RunInfo, summary: readonly SummaryRow[]): readonly ModelOverview[] {
  const figures = summary.filter(({ slice }) => slice === EVERYTHING);
  return run.models.map(({ id }) =>
    modelOverview(
      id,
      run.repeat,
      figures.filter(({ model }) => model === id),
    ),
  );
}

function modelOverview(id: string, repeat: number, rows: readonly SummaryRow[]): ModelOverview {
  const metrics = new Map(rows.map((row) => [row.metric, row]));
  const value = (metric: string) => metrics.get(metric)?.value ?? null;
  const count = (metric: string) => value(metric) ?? 0;
  const figure = (metric: string): OverviewFigure => {
    const row = metrics.get(metric);
    return { value: row?.value ?? null, low: row?.ciLow ?? null, high: row?.ciHigh ?? null };
  };
  const named = (prefix: string) =>
    rows
      .filter(({ metric }) => metric.startsWith(prefix))
      .map(({ metric }) => metric.slice(prefix.length))
      .sort();
  const happened = (names: readonly string[], prefix = '') =>
    names.map((name) => ({ name, count: count(prefix + name) })).filter((tally) => tally.count > 0);
  const [completed, failed, skipped] = [count('completed'), count('failed'), count('skipped')];
  return {
    ...{ id, completed, failed, skipped },
    samples: Math.ceil((completed + failed + skipped) / repeat),
    score: figure('score'),
    scoreAll: figure('score_all'),
    scores: named('score.').map((name) => ({ name, figure: figure(`score.${name}`) })),
    p50Ms: value('latency_ms_p50'),
    p95Ms: value('latency_ms_p95'),
    promptTokens: value('prompt_tokens_mean'),
    completionTokens: value('completion_tokens_mean'),
    costUsd: value('cost_usd_total'),
    unpriced: Math.max(0, completed - (metrics.get('cost_usd_total')?.n ?? 0)),
    outcomes: happened(OUTCOMES),
    failures: happened(named('failed.'), 'failed.'),
  };
}
