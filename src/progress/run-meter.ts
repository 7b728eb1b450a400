/** Counts the results of a run one by one: what is done, failed, spent and used, how fast, and what is left. */

import type { FailureKind, Result } from '../result.ts';
import type { RunActivity } from '../run/run-listener.ts';

export interface RunMeter {
  /** Cheap: it is called for every result. */
  onResult(result: Result): void;
  /** To be called regularly: rates are measured from call to call. */
  figures(now: number): ProgressFigures;
  /** Cells that are finished, of this and earlier executions. */
  readonly done: () => number;
  readonly total: number;
}

/** Counts are of cells. null = not known (yet). */
export interface ProgressFigures {
  readonly done: number;
  readonly total: number;
  /** Of this execution, by kind, most frequent first. */
  readonly failures: readonly KindCount[];
  readonly skips: readonly KindCount[];
  /** Answers and failures a second over the last minute: what is skipped takes no time. */
  readonly perSecond: number | null;
  readonly leftMs: number | null;
  /** Of the last minute; only tokens that were sent or received by this execution. */
  readonly tokensPerMinute: number | null;
  /** What this execution has paid; null = nothing that has a price. */
  readonly spentUsd: number | null;
  /** What this execution will have paid at its end. */
  readonly expectedUsd: number | null;
  /** Answers without a price: spent and expected are lower bounds. */
  readonly unpriced: number;
  readonly models: readonly ModelProgress[];
}

export interface ModelProgress {
  readonly id: string;
  readonly done: number;
  readonly total: number;
  readonly inFlight: number;
  readonly waiting: number;
}

export interface KindCount {
  readonly kind: FailureKind;
  readonly count: number;
}

export interface RunMeterOptions {
  readonly activity: RunActivity;
  /** Cells of each model, of all executions. */
  readonly cellsPerModel: number;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Expected USD of a cell by model id; absent = free, or unpriced. */
  readonly expectedUsd?: ReadonlyMap<string, number>;
}

/** Rates are of this time: older results say little of the pace now. */
const WINDOW_MS = 60_000;

/** A rate over less than this is noise. */
const SHORTEST_WINDOW_MS = 1000;

/** The least time between two points of the window, so that it holds at most 60. */
const POINT_MS = 1000;

/** The estimate of a cell counts as much as so many results. */
const PRIOR_CELLS = 20;

interface ModelCounts {
  readonly id: string;
  readonly earlier: number;
  done: number;
  /** Of them, those that were not skipped. */
  asked: number;
  spentUsd: number;
}

/** The counters at one time. */
interface Point {
  readonly at: number;
  readonly tokens: number;
  readonly asked: readonly number[];
}

export function createRunMeter({ activity, cellsPerModel, startedAt, expectedUsd }: RunMeterOptions): RunMeter {
  const models: readonly ModelCounts[] = activity.models.map(({ id, done }) => ({
    id,
    // A run whose selection changed may hold more.
    earlier: Math.min(done, cellsPerModel),
    done: 0,
    asked: 0,
    spentUsd: 0,
  }));
  const byId = new Map(models.map((model) => [model.id, model]));
  const failures = new Map<FailureKind, number>();
  const skips = new Map<FailureKind, number>();
  let done = models.reduce((sum, { earlier }) => sum + earlier, 0);
  const total = cellsPerModel * models.length;
  let tokens = 0;
  let priced = 0;
  let unpriced = 0;
  const counters = (at: number): Point => ({ at, tokens, asked: models.map((model) => model.asked) });
  const start = counters(startedAt);
  const points: Point[] = [start];

  /** The oldest point of the window. */
  const since = (now: number): Point => {
    if (now - (points.at(-1)?.at ?? now) >= POINT_MS) points.push(counters(now));
    while (points.length > 2 && now - (points[1]?.at ?? now) >= WINDOW_MS) points.shift();
    return points[0] ?? start;
  };
  const leftCells = (model: ModelCounts) => Math.max(0, cellsPerModel - model.earlier - model.done);
  /** The models run side by side: the slowest one ends the run. */
  const leftMs = (now: number, from: Point): number | null => {
    let longest = 0;
    for (const [index, model] of models.entries()) {
      const left = leftCells(model);
      if (left === 0) continue;
      const recent = (model.asked - (from.asked[index] ?? 0)) / Math.max(1, now - from.at);
      const perMs = recent > 0 ? recent : model.asked / Math.max(1, now - startedAt);
      if (perMs === 0) return null;
      longest = Math.max(longest, left / perMs);
    }
    return longest;
  };
  const expected = (): number | null => {
    let sum = 0;
    for (const model of models) {
      const prior = expectedUsd?.get(model.id);
      const weight = prior === undefined ? 0 : PRIOR_CELLS;
      const left = leftCells(model);
      if (left > 0 && model.done + weight === 0) return null;
      const perCell = (model.spentUsd + weight * (prior ?? 0)) / Math.max(1, model.done + weight);
      sum += model.spentUsd + left * perCell;
    }
    return sum;
  };

  return {
    total,
    done: () => done,
    onResult(result) {
      const model = byId.get(result.modelId);
      if (model !== undefined) {
        model.done += 1;
        if (result.status !== 'skipped') model.asked += 1;
      }
      done += 1;
      if (result.status === 'failed') add(failures, result.failure.kind);
      else if (result.status === 'skipped') add(skips, result.failure.kind);
      if (result.replayed === true) return;
      if (result.costUsd !== null) {
        priced += 1;
        if (model !== undefined) model.spentUsd += result.costUsd;
      } else if (result.status === 'completed') unpriced += 1;
      const isCached = result.status === 'completed' && result.cachedLatencyMs !== undefined;
      if (!isCached && result.usage !== null) tokens += tokensOf(result.usage);
    },
    figures(now) {
      const from = since(now);
      const windowMs = now - from.at;
      const isLong = windowMs >= SHORTEST_WINDOW_MS;
      const recent = models.reduce((sum, model, index) => sum + model.asked - (from.asked[index] ?? 0), 0);
      return {
        done: Math.min(done, total),
        total,
        failures: sorted(failures),
        skips: sorted(skips),
        perSecond: isLong ? (1000 * recent) / windowMs : null,
        leftMs: isLong ? leftMs(now, from) : null,
        tokensPerMinute: isLong ? (60_000 * (tokens - from.tokens)) / windowMs : null,
        spentUsd: priced === 0 ? null : models.reduce((sum, model) => sum + model.spentUsd, 0),
        expectedUsd: priced === 0 && expectedUsd === undefined ? null : expected(),
        unpriced,
        models: models.map((model, index) => ({
          id: model.id,
          done: Math.min(cellsPerModel, model.earlier + model.done),
          total: cellsPerModel,
          ...(activity.models[index]?.load() ?? { inFlight: 0, waiting: 0 }),
        })),
      };
    },
  };
}

function add(counts: Map<FailureKind, number>, kind: FailureKind): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<FailureKind, number>): readonly KindCount[] {
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}

function tokensOf({ totalTokens, promptTokens, completionTokens }: NonNullable<Result['usage']>): number {
  return totalTokens ?? (promptTokens ?? 0) + (completionTokens ?? 0);
}
