/** Adds up the estimates of a run per model, in memory that does not grow with the number of samples. */

import { createTopList, type TopList } from '../collections/top-list.ts';
import type { RequestEstimate } from '../tokens/estimate.ts';
import { type PicoUsd, picoToUsd, usdToPico } from '../tokens/money.ts';
import type { PricedPart } from '../tokens/price.ts';
import { NO_TOKENS, sumEstimates, type TokenEstimate } from '../tokens/token-estimate.ts';
import type { CellEstimate } from './estimate-cell.ts';

export const ESTIMATE_PARTS = ['text', 'template', 'image', 'audio', 'completion'] as const;
export type EstimatePart = (typeof ESTIMATE_PARTS)[number];

/** The parts that are billed; the chat template counts as text. */
export const BILLED_PARTS = ['text', 'image', 'audio', 'completion'] as const;
export type BilledPart = (typeof BILLED_PARTS)[number];

/** How many of the most expensive samples are kept. */
const DEAREST = 10;

/** Tokens of one part over all cells; the confidence is the lowest of them. */
export interface PartTotal extends Omit<TokenEstimate, 'rule'> {
  /** Names of all rules that were used, in order of first use; empty = no cell has this part. */
  readonly rules: readonly string[];
}

/** One of the most expensive samples; figures are sums over its repeats. */
export interface CostlySample {
  readonly sampleId: string;
  /** 1-based line in the manifest. */
  readonly line: number;
  /** Expected tokens of prompt and completion. */
  readonly tokens: number;
  /** Expected cost; null = unpriced. */
  readonly costUsd: number | null;
}

/** One model over the whole run. */
export interface ModelTotals {
  /** Cells with an estimate; `skipped` and `unusable` count the others. */
  readonly cells: number;
  readonly requests: number;
  /** Cells with content that the model does not support. */
  readonly skipped: number;
  /** Cells with a medium that cannot be used. */
  readonly unusable: number;
  readonly parts: Readonly<Record<EstimatePart, PartTotal>>;
  /** The tokens of the completion that are sound. */
  readonly spoken: PartTotal;
  /** USD over all cells that have a price; null = none has one. */
  readonly cost: { readonly low: number; readonly expected: number; readonly high: number } | null;
  /** Expected USD of each part; null = it has tokens but no rate. */
  readonly costByPart: Readonly<Partial<Record<BilledPart, number | null>>>;
  /** Estimated cells without a price. */
  readonly unpricedCells: number;
  readonly unpricedParts: readonly PricedPart[];
  /** `configuration`, or the table's source and day; null = the model has no price. */
  readonly priceSource: string | null;
  /** Sorted by expected cost, or by tokens where nothing has a price. */
  readonly dearest: readonly CostlySample[];
}

export interface EstimateTotals {
  /** Adds `times` repeats of a cell. */
  add(cell: CellEstimate, times: number): void;
  /** By model id. */
  models(): ReadonlyMap<string, ModelTotals>;
  /** One sentence for each kind of warning, however many samples it concerns. */
  warnings(): readonly string[];
}

/** `modelIds` in configuration order. */
export function createEstimateTotals(modelIds: readonly string[]): EstimateTotals {
  const sums = new Map(modelIds.map((id) => [id, createSum()]));
  const warnings = createWarningList();
  return {
    add(cell, times) {
      const sum = sums.get(cell.request.model.id);
      if (sum === undefined || times === 0) return;
      if (cell.status !== 'estimated') {
        sum[cell.status] += times;
        return;
      }
      for (const warning of cell.estimate.warnings) warnings.add(warning, cell.request.model.id);
      addCell(sum, cell, times);
    },
    models: () => new Map([...sums].map(([id, sum]) => [id, totalsOf(sum)])),
    warnings: warnings.sentences,
  };
}

interface PartSum {
  total: TokenEstimate;
  readonly rules: Set<string>;
}

interface CostSum {
  low: PicoUsd;
  expected: PicoUsd;
  high: PicoUsd;
}

interface Sum {
  cells: number;
  requests: number;
  skipped: number;
  unusable: number;
  unpricedCells: number;
  priceSource: string | null;
  readonly parts: Readonly<Record<EstimatePart, PartSum>>;
  readonly spoken: PartSum;
  readonly cost: CostSum;
  readonly costByPart: Map<BilledPart, PicoUsd | null>;
  readonly unpricedParts: Set<PricedPart>;
  readonly dearest: TopList<CostlySample>;
}

function createSum(): Sum {
  const part = (): PartSum => ({ total: NO_TOKENS, rules: new Set() });
  return {
    cells: 0,
    requests: 0,
    skipped: 0,
    unusable: 0,
    unpricedCells: 0,
    priceSource: null,
    parts: { text: part(), template: part(), image: part(), audio: part(), completion: part() },
    spoken: part(),
    cost: { low: 0n, expected: 0n, high: 0n },
    costByPart: new Map(),
    unpricedParts: new Set(),
    dearest: createTopList(DEAREST, byCost),
  };
}

function byCost(a: CostlySample, b: CostlySample): number {
  return (b.costUsd ?? -1) - (a.costUsd ?? -1) || b.tokens - a.tokens;
}

function addCell(sum: Sum, cell: Extract<CellEstimate, { readonly status: 'estimated' }>, times: number): void {
  const { request, estimate, cost, requestCount } = cell;
  sum.cells += times;
  sum.requests += requestCount * times;
  sum.priceSource ??= cost.priceSource;
  for (const name of ESTIMATE_PARTS) addPart(sum.parts[name], estimate.parts[name], times);
  addPart(sum.spoken, estimate.spoken, times);
  for (const [billed, usd] of Object.entries(cost.byPart)) {
    // Sound is a part of the answer.
    const part = BILLED_PARTS.find((one) => one === (billed === 'audioCompletion' ? 'completion' : billed));
    if (part === undefined) continue;
    const before = sum.costByPart.get(part);
    sum.costByPart.set(part, usd === null || before === null ? null : (before ?? 0n) + pico(usd, times));
  }
  for (const part of cost.unpricedParts) sum.unpricedParts.add(part);
  if (cost.low === null || cost.expected === null || cost.high === null) sum.unpricedCells += times;
  else {
    sum.cost.low += pico(cost.low, times);
    sum.cost.expected += pico(cost.expected, times);
    sum.cost.high += pico(cost.high, times);
  }
  sum.dearest.add({
    sampleId: request.sample.id,
    line: request.sample.line,
    tokens: (estimate.prompt.expected + estimate.parts.completion.expected) * times,
    costUsd: cost.expected === null ? null : picoToUsd(pico(cost.expected, times)),
  });
}

function addPart(sum: PartSum, part: TokenEstimate, times: number): void {
  const { low, expected, high, rule } = part;
  if (high === 0 && rule === NO_TOKENS.rule) return;
  const repeated = { ...part, low: low * times, expected: expected * times, high: high * times };
  // Rule names are kept in a set: joining them for every sample would make the text grow without end.
  sum.total = { ...sumEstimates([sum.total, repeated]), rule };
  for (const name of rule.split(' + ')) sum.rules.add(name);
}

function pico(usd: number, times: number): PicoUsd {
  return usdToPico(usd) * BigInt(times);
}

function totalsOf(sum: Sum): ModelTotals {
  const part = ({ total: { low, expected, high, confidence }, rules }: PartSum): PartTotal => ({
    low,
    expected,
    high,
    confidence,
    rules: [...rules],
  });
  const { text, template, image, audio, completion } = sum.parts;
  const { low, expected, high } = sum.cost;
  const isPriced = sum.cells > sum.unpricedCells;
  return {
    cells: sum.cells,
    requests: sum.requests,
    skipped: sum.skipped,
    unusable: sum.unusable,
    unpricedCells: sum.unpricedCells,
    priceSource: sum.priceSource,
    parts: {
      text: part(text),
      template: part(template),
      image: part(image),
      audio: part(audio),
      completion: part(completion),
    },
    spoken: part(sum.spoken),
    cost: isPriced ? { low: picoToUsd(low), expected: picoToUsd(expected), high: picoToUsd(high) } : null,
    costByPart: Object.fromEntries(
      [...sum.costByPart].map(([name, cost]) => [name, cost === null ? null : picoToUsd(cost)]),
    ),
    unpricedParts: [...sum.unpricedParts],
    dearest: sum.dearest.items(),
  };
}

/** Warnings name a medium, so each differs: keep the first of a kind and count the others. */
function createWarningList() {
  const first = new Map<string, { readonly message: string; readonly modelId: string; count: number }>();
  return {
    add({ code, message }: RequestEstimate['warnings'][number], modelId: string): void {
      const key = code.startsWith('unknown_') ? message : code;
      const known = first.get(key);
      if (known === undefined) first.set(key, { message, modelId, count: 1 });
      // Other models read the same media: do not count their warnings again.
      else if (known.modelId === modelId) known.count += 1;
    },
    sentences: () =>
      [...first].map(([key, { message, count }]) =>
        key === message || count === 1 ? message : `${message} (and ${count - 1} more)`,
      ),
  };
}
