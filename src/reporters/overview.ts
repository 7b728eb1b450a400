/** Turns the rows of the summary into one entry for each model, for tables. */

import { isEmbedded } from '../models/embedded.ts';
import { ERROR_RATES, type ModelInfo, type RunInfo, type SummaryRow } from '../report.ts';

/** A figure with its 95 % interval; null = not measured. */
export interface OverviewFigure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The figures of one model over the whole dataset. Counts are of cells. */
export interface ModelOverview {
  readonly id: string;
  /** Selected, also where the run was stopped before they were asked. */
  readonly samples: number;
  /** Samples with a score. */
  readonly scored: number;
  /** Independent observations among them: samples about one picture, clip or group count as one. */
  readonly clusters: number;
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Over answered samples. */
  readonly score: OverviewFigure;
  /** Refused, filtered, truncated and unparsed answers count 0. */
  readonly scoreAll: OverviewFigure;
  /** Per scorer, sorted by name. */
  readonly scores: readonly ScorerFigure[];
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  /** Seconds of sound for each second of latency; null = there was no sound. */
  readonly rtfx: number | null;
  /** Mean of a cell. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Sum over all cells that have a price; null = unpriced. */
  readonly costUsd: number | null;
  /** Completed cells without a price. */
  readonly unpriced: number;
  /** It runs on this machine and costs nothing, unless the configuration gives it a price. */
  readonly isFree: boolean;
  /** Outcomes of cells without a score; only those that occurred. */
  readonly outcomes: readonly Tally[];
  /** Failed cells by kind; only those that occurred. */
  readonly failures: readonly Tally[];
  /** Skipped cells by kind; only those that occurred, and not `unsupported`. */
  readonly skips: readonly Tally[];
  /** Errors of the estimate before the run; empty without one. */
  readonly estimateErrors: readonly EstimateError[];
}

/** Expected against reported tokens of one part of the request. */
export interface EstimateError {
  /** prompt, text, image, audio or completion. */
  readonly part: string;
  readonly cells: number;
  /** Mean of expected less reported, in tokens. */
  readonly bias: number | null;
  /** Mean absolute error, in tokens. */
  readonly mae: number | null;
  /** Absolute errors over reported tokens: a fraction. */
  readonly relative: number | null;
}

/** The figures of one scorer for a model. */
export interface ScorerFigure {
  readonly name: string;
  readonly figure: OverviewFigure;
  /** The raw figure of the whole corpus, e.g. a word error rate; null when the scorer has none. */
  readonly raw: number | null;
  /** The raw figure with its interval, where it is an error rate: that is what people read. */
  readonly errorRate: OverviewFigure | null;
  /** Mean F1 of the labels; null when the scorer has none. */
  readonly macroF1: number | null;
}

/** How often something happened. */
export interface Tally {
  readonly name: string;
  readonly count: number;
}

/** Outcomes of completed cells without a usable answer; `unscored` counts these too. */
const UNANSWERED = ['truncated', 'refused', 'unparsed'] as const;

/** The slice of a row that is about the whole dataset. */
const EVERYTHING = 'all';

/** One entry for each model in configuration order. */
export function overview(
  run: RunInfo,
  summary: readonly SummaryRow[],
  units: ReadonlyMap<string, string> = new Map(),
): readonly ModelOverview[] {
  const byModel = new Map<string, SummaryRow[]>(run.models.map(({ id }) => [id, []]));
  for (const row of summary) if (row.slice === EVERYTHING) byModel.get(row.model)?.push(row);
  return run.models.map((model) => modelOverview(model, run, byModel.get(model.id) ?? [], units));
}

function modelOverview(
  { id, ...info }: ModelInfo,
  run: RunInfo,
  rows: readonly SummaryRow[],
  units: ReadonlyMap<string, string>,
): ModelOverview {
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
  const isRate = (name: string) => ERROR_RATES.includes(units.get(name) ?? '') && value(`score.${name}.raw`) !== null;
  const completed = count('completed');
  const failed = count('failed');
  const skipped = count('skipped');
  const scored = metrics.get('score')?.n ?? 0;
  return {
    id,
    completed,
    failed,
    skipped,
    samples: run.dataset.samples,
    scored,
    clusters: value('score_clusters') ?? scored,
    score: figure('score'),
    scoreAll: figure('score_all'),
    scores: named('score.')
      .filter((name) => !name.endsWith('.raw'))
      .map((name) => ({
        name,
        figure: figure(`score.${name}`),
        raw: value(`score.${name}.raw`),
        errorRate: isRate(name) ? figure(`score.${name}.raw`) : null,
        macroF1: value(`f1_macro.${name}`),
      })),
    p50Ms: value('latency_ms_p50'),
    p95Ms: value('latency_ms_p95'),
    rtfx: value('rtfx'),
    promptTokens: value('prompt_tokens_mean'),
    completionTokens: value('completion_tokens_mean'),
    costUsd: value('cost_usd_total'),
    unpriced: Math.max(0, completed - (metrics.get('cost_usd_total')?.n ?? 0)),
    isFree: isEmbedded(info) && (value('cost_usd_total') ?? 0) === 0,
    outcomes: outcomes(count, figure('score_all').value !== null),
    failures: named('failed.').flatMap((name) => tally(name, count(`failed.${name}`))),
    skips: named('skipped.').flatMap((name) => tally(name, count(`skipped.${name}`))),
    estimateErrors: rows.flatMap(({ metric, n, value: bias }): readonly EstimateError[] => {
      const part = ESTIMATE_BIAS.exec(metric)?.[1];
      if (part === undefined) return [];
      const name = `estimate_${part}_tokens`;
      return [{ part, cells: n, bias, mae: value(`${name}_mae`), relative: value(`${name}_relative_error`) }];
    }),
  };
}

/** The first of the three metrics of a part that was estimated. */
const ESTIMATE_BIAS = /^estimate_(.+)_tokens_bias$/;

/** Unscored answers are named only where others were scored. */
function outcomes(count: (metric: string) => number, isScored: boolean): readonly Tally[] {
  const unanswered = UNANSWERED.map(count).reduce((total, one) => total + one, 0);
  return [
    ...[...UNANSWERED, 'filtered'].flatMap((name) => tally(name, count(name))),
    ...(isScored ? tally('unscored', count('unscored') - unanswered) : []),
  ];
}

function tally(name: string, count: number): readonly Tally[] {
  return count > 0 ? [{ name, count }] : [];
}
