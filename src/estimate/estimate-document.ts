/** The estimate of a run as one document, which `earsight estimate --json` prints and `estimateRun` returns. */

import type { Problem } from '../errors.ts';
import { shownModel } from '../text/shown-model.ts';
import { EARLIER_RUNS } from '../tokens/completion-tokens.ts';
import { sumUsd } from '../tokens/money.ts';
import { FREE, priceOf } from '../tokens/price-table.ts';
import { spokenAssumption, spokenRuleOf } from '../tokens/spoken-tokens.ts';
import { sumEstimates, type TokenEstimate } from '../tokens/token-estimate.ts';
import type { ModelConfig } from '../types.ts';
import { minutesAtLimits } from './estimate-minutes.ts';
import {
  BILLED_PARTS,
  type BilledPart,
  type CostlySample,
  ESTIMATE_PARTS,
  type EstimatePart,
  type ModelTotals,
  type PartTotal,
} from './estimate-totals.ts';

/** USD, or `unpriced` when the price is unknown. */
export type Usd = number | 'unpriced';

/** Bounds that add up over samples: the true figure is between low and high unless the confidence is `guess`. */
export interface Band {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** What of a model's cells goes by a batch API. */
export interface BatchShare {
  readonly cells: number;
  /** Fraction taken off the price; null = none is known, and nothing is taken off. */
  readonly discount: number | null;
}

/** One model over the whole run. */
export interface ModelEstimate {
  readonly id: string;
  /** Its cells are questions about answers of the other models. Absent = a model that is compared. */
  readonly role?: 'judge';
  /** What of it goes by a batch API; absent = all requests are asked the ordinary way. */
  readonly batch?: BatchShare;
  readonly provider: string;
  /** The name on the wire. */
  readonly model: string;
  /** Samples x repeats that have an estimate. */
  readonly cells: number;
  /** More than cells where samples have turns. */
  readonly requests: number;
  /** Cells with content that the model does not support. */
  readonly skipped: number;
  /** Cells with a medium that cannot be used. */
  readonly unusable: number;
  readonly tokens: Readonly<Record<EstimatePart, PartTotal>> & { readonly prompt: Band; readonly total: Band };
  /** The tokens of the completion that are sound, and what that assumes; null = no spoken answer is requested. */
  readonly spoken: (PartTotal & { readonly assumes: string }) | null;
  /** Cost of the cells that have a price. */
  readonly costUsd: Band | 'unpriced';
  /** Expected cost; the chat template is billed as text. A part without tokens is left out. */
  readonly costByPartUsd: Readonly<Partial<Record<BilledPart, Usd>>>;
  /** Fractions of the expected tokens and cost; the cost is null when some part has no price. */
  readonly shares: Readonly<Record<BilledPart, { readonly tokens: number; readonly cost: number | null }>>;
  /** Estimated cells that `costUsd` leaves out. */
  readonly unpricedCells: number;
  /** Parts that have tokens but no rate. */
  readonly unpricedParts: readonly string[];
  /** `configuration`, `free`, or the table's source and day; null = unpriced. */
  readonly priceSource: string | null;
  /** The run that the expected answer length comes from; null = from `maxTokens` or a default length. */
  readonly earlier: { readonly run: string; readonly answers: number; readonly meanTokens: number } | null;
  /** Name of the calibration that is used; null = none. */
  readonly calibration: string | null;
  /** Duration at the configured requests and tokens per minute; null = none are configured. */
  readonly minutes: number | null;
  /** At most ten, most expensive first. */
  readonly dearest: readonly (Omit<CostlySample, 'costUsd'> & { readonly costUsd: Usd })[];
}

/** The estimate of a whole run, before anything is sent. */
export interface RunEstimate {
  readonly dataset: { readonly path: string; readonly sha256: string; readonly samples: number };
  readonly repeat: number;
  /** The calibration file that is used; null = none. */
  readonly calibrationFile: string | null;
  readonly models: readonly ModelEstimate[];
  /** Cost of all cells that have a price. */
  readonly costUsd: Band | 'unpriced';
  /** Cells without a price: when there are any, `costUsd` is a lower bound. */
  readonly unpricedCells: number;
  readonly warnings: readonly string[];
  /** What cannot be estimated, with file and line; the figures cover the rest. */
  readonly problems: readonly Problem[];
}

/** What the document holds for a model besides its totals. */
export interface ModelFacts {
  readonly role?: 'judge';
  readonly earlier: ModelEstimate['earlier'];
  readonly calibration: string | null;
}

/** One entry per model, in the order of `models`; `totals` holds every one of them. */
export function modelEstimates(
  models: readonly ModelConfig[],
  totals: ReadonlyMap<string, ModelTotals>,
  factsOf: (model: ModelConfig) => ModelFacts,
): readonly ModelEstimate[] {
  const tokensOf = ({ id }: ModelConfig) => allTokens(totals.get(id)).expected;
  const loadOf = (model: ModelConfig) => ({
    requests: totals.get(model.id)?.requests ?? 0,
    tokens: tokensOf(model),
  });
  return models.flatMap((model) => {
    const sums = totals.get(model.id);
    if (sums === undefined) return [];
    const { parts, spoken, cost, costByPart, dearest } = sums;
    // Also a free model without any cell costs nothing.
    const isFree = priceOf(model)?.source === FREE;
    return [
      {
        id: model.id,
        provider: model.provider,
        model: shownModel(model),
        cells: sums.cells,
        requests: sums.requests,
        skipped: sums.skipped,
        unusable: sums.unusable,
        tokens: { ...parts, prompt: band(promptParts(sums)), total: band(allParts(sums)) },
        spoken: spoken.high === 0 ? null : { ...spoken, assumes: assumptionOf(model, spoken) },
        costUsd: cost ?? (isFree ? { low: 0, expected: 0, high: 0 } : 'unpriced'),
        costByPartUsd: Object.fromEntries(Object.entries(costByPart).map(([part, usd]) => [part, usd ?? 'unpriced'])),
        shares: sharesOf(sums),
        unpricedCells: sums.unpricedCells,
        unpricedParts: sums.unpricedParts,
        priceSource: isFree ? FREE : sums.priceSource,
        ...factsOf(model),
        minutes: minutesAtLimits(model, models, loadOf),
        dearest: dearest.map((sample) => ({ ...sample, costUsd: sample.costUsd ?? 'unpriced' })),
      },
    ];
  });
}

/** Earlier spoken answers need no assumption. */
function assumptionOf({ model }: ModelConfig, { rules }: PartTotal): string {
  return rules.every((rule) => rule === EARLIER_RUNS) ? EARLIER_RUNS : spokenAssumption(spokenRuleOf({ model }));
}

/** Adds the costs that are known, exactly. */
export function totalCost(models: readonly Pick<ModelEstimate, 'costUsd'>[]): Band | 'unpriced' {
  const priced = models.flatMap(({ costUsd }) => (costUsd === 'unpriced' ? [] : [costUsd]));
  if (priced.length === 0) return 'unpriced';
  const add = (bound: keyof Band) => sumUsd(priced.map((cost) => cost[bound]));
  return { low: add('low'), expected: add('expected'), high: add('high') };
}

function promptParts({ parts: { text, template, image, audio } }: ModelTotals): readonly PartTotal[] {
  return [text, template, image, audio];
}

function allParts(totals: ModelTotals): readonly PartTotal[] {
  return ESTIMATE_PARTS.map((part) => totals.parts[part]);
}

function allTokens(totals: ModelTotals | undefined): Band {
  return band(totals === undefined ? [] : allParts(totals));
}

function band(parts: readonly PartTotal[]): Band {
  const named: readonly TokenEstimate[] = parts.map((part) => ({ ...part, rule: part.rules.join(' + ') }));
  const { low, expected, high } = sumEstimates(named);
  return { low, expected, high };
}

function sharesOf(totals: ModelTotals): ModelEstimate['shares'] {
  const { parts, costByPart } = totals;
  const tokensOf = (part: BilledPart) => parts[part].expected + (part === 'text' ? parts.template.expected : 0);
  const allCosts = BILLED_PARTS.map((part) => costByPart[part] ?? 0);
  const known = BILLED_PARTS.every((part) => costByPart[part] !== null);
  const tokens = allTokens(totals).expected;
  const cost = known ? sumUsd(allCosts) : 0;
  const share = (part: BilledPart) => ({
    tokens: tokens === 0 ? 0 : tokensOf(part) / tokens,
    cost: cost === 0 ? null : (costByPart[part] ?? 0) / cost,
  });
  return { text: share('text'), image: share('image'), audio: share('audio'), completion: share('completion') };
}
