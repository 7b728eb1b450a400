/** The figures of one model on the samples of a comparison. */

import { gather, keep } from '../collections/gather.ts';
import { isEmbedded } from '../models/embedded.ts';
import { type Estimate, withoutInterval } from '../stats/estimate.ts';
import { estimateScore } from '../stats/mean.ts';
import { estimatePercentile } from '../stats/percentile.ts';
import { sum } from '../stats/sum.ts';
import { CELL_STATES, type CellState } from './cell-columns.ts';
import { sharedClusters } from './pairs.ts';
import type { ModelOfRun } from './setting-differences.ts';

export interface ModelFigures {
  /** Names the model in the comparison; unique. */
  readonly label: string;
  readonly model: string;
  /** Index of its run in `Comparison.runs`. */
  readonly run: number;
  /** Samples of the comparison. */
  readonly samples: number;
  /** By metric as in `summary.csv`, from 0 to 1; `n` is the number of samples that were scored. */
  readonly scores: Readonly<Record<string, Estimate>>;
  /** Cells by what became of them; only those that occurred. */
  readonly cells: Readonly<Partial<Record<CellState, number>>>;
  /** Of the successful attempts in milliseconds, from sending to the last byte: queueing and retries are excluded. */
  readonly latencyP50Ms: Estimate;
  readonly latencyP95Ms: Estimate;
  /** Sums over the cells that reported them; null = none did. */
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  /** Completion tokens over latency, of the cells that have both. */
  readonly tokensPerSecond: number | null;
  /** Seconds of sound for each second of latency, of the cells that have both; null = there was no sound. */
  readonly rtfx: number | null;
  /** Sum of the cells that have a price; null = unpriced. */
  readonly costUsd: number | null;
  /** It runs on this machine and costs nothing. */
  readonly isFree: boolean;
  /** Answered cells without a price. */
  readonly unpriced: number;
  /** Cost over the sum of `score_all`; null = unpriced in part, or nothing is correct. */
  readonly costPerCorrectUsd: number | null;
  /** Share of the samples with several answers whose answers are all the same; null = there are no repeats. */
  readonly repeatAgreement: Estimate | null;
}

/** Over the samples with these numbers. */
export function modelFigures(
  { run, model }: ModelOfRun,
  numbers: Uint32Array,
): Omit<ModelFigures, 'label' | 'model' | 'run'> {
  const cells = cellsOf(numbers, model.repeats);
  const known = (values: Float64Array, of: Uint32Array) =>
    gather(
      values,
      keep(of, (index) => !Number.isNaN(values[index])),
    );
  const latencies = known(model.latencyMs, cells);
  const costs = known(model.costUsd, cells);
  const counts = countStates(model.states, cells);
  const answered = UNFAILED.reduce((total, state) => total + (counts[state] ?? 0), 0);
  const costUsd = total(costs);
  const unpriced = Math.max(0, answered - costs.length);
  const points = sum(known(model.points, numbers));
  const scoreOf = (values: Float64Array): Estimate => {
    const scored = keep(numbers, (number) => !Number.isNaN(values[number]));
    return estimateScore(gather(values, scored), sharedClusters(scored, run.samples.clusters) ?? null);
  };
  return {
    samples: numbers.length,
    scores: Object.fromEntries([...model.metrics].sort().map(([metric, values]) => [metric, scoreOf(values)])),
    cells: counts,
    latencyP50Ms: estimatePercentile(latencies, 0.5),
    latencyP95Ms: estimatePercentile(latencies, 0.95),
    promptTokens: total(known(model.promptTokens, cells)),
    completionTokens: total(known(model.completionTokens, cells)),
    tokensPerSecond: speedOf(model.completionTokens, model.latencyMs, cells),
    rtfx: speedOf(model.soundSeconds, model.latencyMs, cells),
    costUsd,
    isFree: isEmbedded(model.info) && (costUsd ?? 0) === 0,
    unpriced,
    costPerCorrectUsd: costUsd === null || unpriced > 0 || points === 0 ? null : costUsd / points,
    repeatAgreement: model.repeats === 1 ? null : repeatAgreement({ run, model }, numbers),
  };
}

/** States of cells that cost something. */
const UNFAILED = ['answered', 'refused', 'truncated', 'unparsed'] as const;

/** null = nothing was measured: not reported is not 0. */
function total(values: Float64Array): number | null {
  return values.length === 0 ? null : sum(values);
}

function cellsOf(numbers: Uint32Array, repeats: number): Uint32Array {
  if (repeats === 1) return numbers;
  const cells = new Uint32Array(numbers.length * repeats);
  for (let at = 0; at < cells.length; at += 1) {
    cells[at] = (numbers[Math.floor(at / repeats)] ?? 0) * repeats + (at % repeats);
  }
  return cells;
}

function countStates(states: Uint8Array, cells: Uint32Array): Partial<Record<CellState, number>> {
  const counts = new Float64Array(CELL_STATES.length);
  for (const cell of cells) counts[states[cell] ?? 0] = (counts[states[cell] ?? 0] ?? 0) + 1;
  return Object.fromEntries(
    CELL_STATES.map((state, index) => [state, counts[index] ?? 0]).filter(([, count]) => count),
  );
}

/** The sum of the amounts for each second of latency. */
function speedOf(amounts: Float64Array, latencyMs: Float64Array, cells: Uint32Array): number | null {
  let amount = 0;
  let ms = 0;
  for (const cell of cells) {
    const [own, time] = [amounts[cell] ?? Number.NaN, latencyMs[cell] ?? Number.NaN];
    if (Number.isNaN(own) || Number.isNaN(time)) continue;
    amount += own;
    ms += time;
  }
  return ms === 0 ? null : (1000 * amount) / ms;
}

function repeatAgreement({ run, model }: ModelOfRun, numbers: Uint32Array): Estimate {
  const answersOf = (number: number) =>
    model.answers.subarray(number * model.repeats, (number + 1) * model.repeats).filter((answer) => answer !== 0);
  const several = keep(numbers, (number) => answersOf(number).length > 1);
  if (several.length === 0) return withoutInterval(0, null, 'no values');
  const agree = Float64Array.from(several, (number) => {
    const [first, ...others] = answersOf(number);
    return others.every((answer) => answer === first) ? 1 : 0;
  });
  return estimateScore(agree, sharedClusters(several, run.samples.clusters) ?? null);
}
