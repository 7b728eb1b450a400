/** The forecast of a run: its expected cost and duration, shown before anything is sent, and the request to confirm it. */

import { defined } from '../collections/defined.ts';
import type { HashSet64 } from '../collections/hash-set-64.ts';
import type { Io } from '../io.ts';
import type { Replay } from '../journal/replay.ts';
import { readUnder } from '../journal/result-thinking.ts';
import type { PlannedSample } from '../plan/inspect.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { Setup } from '../plan/prepare.ts';
import { cellKey } from '../plan/request-hash.ts';
import { scoredAnswers } from '../plan/scored-answers.ts';
import { counted } from '../text/counted.ts';
import { FREE, priceOf } from '../tokens/price-table.ts';
import type { ModelConfig } from '../types.ts';
import type { EstimateContext } from './estimate-cell.ts';
import type { Band, ModelEstimate } from './estimate-document.ts';
import { createRunEstimator, type RunEstimator } from './estimate-run.ts';
import type { EstimateSources } from './estimate-sources.ts';
import { createEstimateSources } from './estimate-sources.ts';
import { costRange, count, isFree, minutes, writeUsd } from './estimate-table.ts';

export interface ForecastOptions {
  readonly cwd: string;
  /** Cells that are finished and are not sent again. */
  readonly done: Pick<HashSet64, 'has' | 'size'>;
  /** Cells that are sent although they are `done`, by `cellKey`. */
  readonly again: ReadonlyMap<string, unknown>;
  /** Whether the answer of a finished row has all its judgements. */
  readonly isJudged: (rowIndex: number) => boolean;
  readonly maxCostUsd: number | null;
  /** True when every answer comes from an earlier run, so that only judges are asked. */
  readonly isReplay: boolean;
  /** The run whose answers are used; absent = none, or no judge is there. */
  readonly replayed?: Pick<Replay, 'find'> | undefined;
  /** Whether a question to a judge has a reply, by the key of its judgement. */
  readonly hasReply: (key: string) => boolean;
  /** See `EstimateContext`. */
  readonly byBatch?: EstimateContext['byBatch'];
}

export type Forecast = ReturnType<RunEstimator['estimate']>;

export interface Forecaster {
  readonly sources: EstimateSources;
  /** Called for each sample while the manifest is checked; absent when no price, budget or token limit needs a forecast. */
  readonly addSample?: (sample: PlannedSample) => Promise<void>;
  /** To be called after the last sample; null when no forecast is needed. */
  result(): Forecast | null;
}

/** @throws {InputError} for a broken calibration file. */
export function createForecaster(setup: Setup, options: ForecastOptions): Forecaster {
  const sources = { ...createEstimateSources(setup, options.cwd), ...defined({ byBatch: options.byBatch }) };
  if (!isNeeded(setup, options)) return { sources, result: () => null };
  const { models, repeat } = setup;
  const estimator = createRunEstimator(setup, sources);
  const rowOf = ({ sample, model }: PlannedRequest) =>
    (sample.index * models.length + models.findIndex(({ id }) => id === model.id)) * repeat;
  return {
    sources,
    async addSample(sample) {
      const { isReplay, isJudged, replayed, hasReply } = options;
      await estimator.add(
        sample,
        (request) => (isReplay ? 0 : repeatsLeft(request, repeat, options)),
        (request) => {
          if (isReplay) return 0;
          const isMissing = (index: number) => !isJudged(rowOf(request) + index);
          return repeatsLeft(request, repeat, options, isMissing);
        },
      );
      if (!isReplay || replayed === undefined) return;
      for (const answers of replayedAnswers(sample, replayed, repeat))
        await estimator.addAnswered(sample.sample, answers, hasReply);
    },
    result: estimator.estimate,
  };
}

/** The answers of a replayed run to one sample. */
function* replayedAnswers({ sample, requests }: PlannedSample, { find }: Pick<Replay, 'find'>, repeats: number) {
  for (const { requestHash, model } of requests)
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const result = find({ requestHash, repeat, sampleId: sample.id, modelId: model.id });
      const answers = result === null ? null : scoredAnswers(readUnder(result, model.thinking), sample);
      if (answers !== null) yield answers;
    }
}

function isNeeded({ config, models }: Setup, { isReplay, maxCostUsd }: ForecastOptions): boolean {
  if (isReplay && config.judges.length === 0) return false;
  const asked = [...(isReplay ? [] : models), ...config.judges];
  const costs = (model: ModelConfig) => ![undefined, FREE].includes(priceOf(model)?.source);
  const counts = asked.some((model) => costs(model) || model.limits.tokensPerMinute !== undefined);
  return counts || maxCostUsd !== null;
}

type Finished = Pick<ForecastOptions, 'done' | 'again'>;

function repeatsLeft(
  request: PlannedRequest,
  repeat: number,
  { done, again }: Finished,
  isMissing: (repeat: number) => boolean = () => false,
): number {
  if (done.size === 0) return repeat;
  const { sample, model, requestHash } = request;
  const isOpen = (_: unknown, index: number) => {
    const key = cellKey(requestHash, sample.id, model.id, index);
    return again.has(key) || !done.has(key) || isMissing(index);
  };
  return Array.from({ length: repeat }, isOpen).filter(Boolean).length;
}

/** `expected cost $1.23 ($0.80 to $2.10) · 2,400 requests · ...`; null when there is nothing to send. */
export function forecastLine(forecast: Forecast, maxCostUsd: number | null): string | null {
  const { models, calibrationFile } = forecast;
  const sum = (of: (model: ModelEstimate) => number) => models.reduce((total, model) => total + of(model), 0);
  const requests = sum((model) => model.requests);
  if (requests === 0) return null;
  // Of a replay, only judges may be asked: its models have no price then.
  const asked = models.filter((model) => model.requests > 0 || model.costUsd !== 'unpriced');
  const waits = models.flatMap((model) => (model.minutes === null ? [] : [model.minutes]));
  const expected = expectedUsd(forecast);
  return [
    `expected cost${asked.every(({ role }) => role === 'judge') ? ' of judging' : ''} ${costText(forecast)}`,
    ...(asked.length > 1 ? [asked.map(modelText).join(', ')] : []),
    `${counted(requests, 'request')}, ${count(sum(({ tokens }) => tokens.total.expected))} tokens`,
    ...(waits.length > 0 ? [`${minutes(Math.max(...waits))} min at the configured limits`] : []),
    ...(models.some(({ calibration }) => calibration !== null) ? [`calibrated by ${calibrationFile}`] : []),
    ...(maxCostUsd !== null && expected !== null && expected > maxCostUsd
      ? [`above the budget of ${writeUsd(maxCostUsd)}: the run will stop at the budget`]
      : []),
  ].join(' · ');
}

function costText({ costUsd, models }: Forecast): string {
  if (costUsd === 'unpriced') return 'unpriced';
  if (models.every(isFree)) return FREE;
  const least = models.some(({ unpricedCells }) => unpricedCells > 0) ? 'at least ' : '';
  return `${least}${bandText(costUsd)}`;
}

function bandText(cost: Band): string {
  return `${writeUsd(cost.expected)} (${costRange(cost)})`;
}

function modelText(model: ModelEstimate): string {
  const { id, costUsd } = model;
  return `${model.role === 'judge' ? 'judge ' : ''}${id} ${isFree(model) ? FREE : writeUsd(costUsd === 'unpriced' ? costUsd : costUsd.expected)}`;
}

/** Expected cost of a cell by model id; 0 where it is free or has no price. */
export function usdPerCell({ models }: Pick<Forecast, 'models'>): ReadonlyMap<string, number> {
  return new Map(
    models.map(({ id, costUsd, cells }) => [id, costUsd === 'unpriced' ? 0 : costUsd.expected / Math.max(1, cells)]),
  );
}

/** null = unpriced. */
function expectedUsd({ costUsd }: Forecast): number | null {
  return costUsd === 'unpriced' ? null : costUsd.expected;
}

/** Asks for confirmation when the expected cost exceeds the limit and a terminal is there to answer; never in CI. */
export async function mayStart(forecast: Forecast, confirmAboveUsd: number, io: Io): Promise<boolean> {
  const expected = expectedUsd(forecast);
  if (expected === null || expected <= confirmAboveUsd) return true;
  if (io.confirm === undefined || io.env['CI'] !== undefined) return true;
  return io.confirm(`send these requests for about ${costText(forecast)}? [y/N] `);
}
