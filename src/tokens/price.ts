/** Prices a request: reported tokens times rates, with an estimated split by modality where the endpoint reports none. */

import type { Price } from '../price.ts';
import type { Usage } from '../types.ts';
import type { BilledUnits } from './billed-units.ts';
import { discounted, type PicoUsd, picoForSeconds, picoPerToken, picoPerUnit, picoToUsd } from './money.ts';
import { type FoundPrice, type PricedModel, type PriceTable, priceOf } from './price-table.ts';
import { type PromptSplit, type SplitTokens, splitPrompt } from './split-prompt.ts';

/** Parts of a request that can have their own rate. */
export type PricedPart = 'text' | 'image' | 'audio' | 'cached' | 'cacheWrite' | 'completion' | 'audioCompletion';

/** The cost of one request. */
export interface PricedUsage {
  /** null = unpriced: some part has tokens but no rate, or no count was reported. Never 0 for an unknown price. */
  readonly costUsd: number | null;
  /** The exact cost, for sums. */
  readonly costPico: PicoUsd | null;
  /** Parts that have tokens but no rate, or whose tokens the endpoint did not report. */
  readonly unpricedParts: readonly PricedPart[];
  /** Prompt tokens by modality; null without a reported prompt count. */
  readonly split: SplitTokens | null;
  /** Source of the split; null without tokens. */
  readonly tokensSource: 'endpoint' | 'estimate' | null;
  /** `configuration`, `free`, or source and date of the price table; null = the model has no price. */
  readonly priceSource: string | null;
}

export interface PriceOptions {
  /** Our own estimate of the prompt by modality, for endpoints that report only its total. */
  readonly split?: PromptSplit;
  /** Of the request, for prices by minute, page or character; seconds that the endpoint reported win. */
  readonly units?: BilledUnits;
  /** Whether the request was sent through a batch API, with the `batchDiscount` of the price. */
  readonly batch?: boolean;
  /** Of the completion, where the model spoke; default: those of the usage. */
  readonly audioCompletionTokens?: number;
  /** Default: the shipped prices. */
  readonly table?: PriceTable;
  /** ISO date of the price; default: the newest. */
  readonly at?: string;
}

/** Prices the usage that an endpoint reported. */
export function priceUsage(usage: Usage, model: PricedModel, options: PriceOptions = {}): PricedUsage {
  const found = priceOf(model, options.table, options.at);
  const { promptTokens, completionTokens } = usage;
  const { tokens, source } = promptTokens === null ? NO_SPLIT : splitPrompt(usage, promptTokens, options.split);
  const missing: PricedPart[] = [];
  if (promptTokens === null && !isCovered(found?.price, 'promptPerMillion')) missing.push('text');
  if (completionTokens === null && !isCovered(found?.price, 'completionPerMillion')) missing.push('completion');
  const { audioCompletionTokens = usage.audioCompletionTokens } = options;
  // The model spoke, and how much of the answer has the price of sound was not reported.
  if (audioCompletionTokens === null) missing.push('audioCompletion');
  const spoken = Math.min(audioCompletionTokens ?? 0, completionTokens ?? 0);
  const priced = priceTokens(
    {
      cached: usage.cachedTokens ?? 0,
      cacheWrite: usage.cacheWriteTokens ?? 0,
      completion: (completionTokens ?? 0) - spoken,
      audioCompletion: spoken,
      ...(tokens ?? ZERO_TOKENS),
    },
    found,
    options.batch === true,
    unitsOf(usage, options.units),
  );
  const unpricedParts = [...new Set([...missing, ...priced.unpricedParts])];
  const costPico = unpricedParts.length > 0 ? null : priced.costPico;
  return {
    costUsd: costPico === null ? null : picoToUsd(costPico),
    costPico,
    unpricedParts,
    split: tokens,
    tokensSource: source,
    priceSource: found?.source ?? null,
  };
}

/** Without any knowledge of the request, only the seconds that were reported are known. */
function unitsOf({ audioSeconds = null }: Usage, units: BilledUnits | undefined): BilledUnits | 'unknown' {
  if (units !== undefined) return { ...units, audioSeconds: audioSeconds ?? units.audioSeconds };
  return audioSeconds === null ? 'unknown' : { audioSeconds, pages: 0, characters: 0 };
}

/** Whether tokens without a rate cost nothing more, because the request is billed by the minute or by the page. */
function isCovered(price: Price | undefined, rate: 'promptPerMillion' | 'completionPerMillion'): boolean {
  if (price === undefined || price[rate] !== undefined) return false;
  return price.perAudioMinute !== undefined || price.perPage !== undefined;
}

const NO_SPLIT = { tokens: null, source: null } as const;
const ZERO_TOKENS: SplitTokens = { text: 0, image: 0, audio: 0 };

/** Tokens of each part; cached and written tokens are also included in those of the prompt. */
export interface BillableTokens extends SplitTokens {
  readonly cached: number;
  readonly cacheWrite: number;
  readonly completion: number;
  readonly audioCompletion: number;
}

/** The cost of each part. */
export interface PricedTokens {
  /** null = some part with tokens has no rate. */
  readonly costPico: PicoUsd | null;
  readonly unpricedParts: readonly PricedPart[];
  /** Cost of parts with tokens; null = no rate. */
  readonly byPart: ReadonlyMap<PricedPart, PicoUsd | null>;
}

/** Prices tokens and units; a part without any needs no rate. */
export function priceTokens(
  tokens: BillableTokens,
  found: FoundPrice | null,
  batch: boolean,
  units: BilledUnits | 'unknown' = 'unknown',
): PricedTokens {
  const rates = ratesFor(found?.price ?? {}, tokens.text + tokens.image + tokens.audio);
  // Cached and written tokens are subtracted from the text, then from the images; cached audio is billed in full.
  const written = take(tokens.cacheWrite, tokens.text, tokens.image);
  const cached = take(tokens.cached, written.text, written.image);
  const parts: readonly (readonly [PricedPart, number, number | undefined])[] = [
    ['text', cached.text, rates.promptPerMillion],
    ['image', cached.image, rates.imagePromptPerMillion ?? rates.promptPerMillion],
    ['audio', tokens.audio, rates.audioPromptPerMillion],
    ['cached', cached.taken, rates.cachedPromptPerMillion ?? rates.promptPerMillion],
    ['cacheWrite', written.taken, rates.cacheWritePerMillion],
    ['completion', tokens.completion, rates.completionPerMillion],
    ['audioCompletion', tokens.audioCompletion, rates.audioCompletionPerMillion],
  ];
  const discount = batch ? (rates.batchDiscount ?? 0) : 0;
  const byPart = new Map<PricedPart, PicoUsd | null>();
  for (const [part, count, rate] of parts)
    if (count > 0 && !(rate === undefined && isIncluded(part, rates)))
      byPart.set(part, rate === undefined ? null : BigInt(count) * picoPerToken(rate));
  for (const [part, cost] of unitCosts(rates, units)) byPart.set(part, cost);
  const unpricedParts = [...byPart].flatMap(([part, cost]) => (cost === null ? [part] : []));
  const total = [...byPart.values()].reduce<PicoUsd>((sum, cost) => sum + (cost ?? 0n), 0n);
  const isPriced = unpricedParts.length === 0 && found !== null;
  for (const [part, cost] of byPart) if (cost !== null) byPart.set(part, discounted(cost, discount));
  return { costPico: isPriced ? discounted(total, discount) : null, unpricedParts, byPart };
}

/** Whether a price by minute, page or character includes the tokens of a part that has no rate of its own. */
function isIncluded(part: PricedPart, rates: Price): boolean {
  if (rates.perAudioMinute !== undefined || rates.perPage !== undefined) return true;
  return rates.promptPerMillionCharacters !== undefined && (part === 'text' || part === 'cached');
}

/** Sound counts as audio, pages as images, characters as text. null = the amount is not known. */
function* unitCosts(rates: Price, units: BilledUnits | 'unknown'): Generator<readonly [PricedPart, PicoUsd | null]> {
  const { perAudioMinute, perPage, promptPerMillionCharacters } = rates;
  const known = units === 'unknown' ? null : units;
  const cost = (amount: number | null | undefined, price: (amount: number) => PicoUsd) =>
    amount === null || amount === undefined ? null : price(amount);
  if (perAudioMinute !== undefined && known?.audioSeconds !== 0)
    yield ['audio', cost(known?.audioSeconds, (seconds) => picoForSeconds(seconds, perAudioMinute))];
  if (perPage !== undefined && known?.pages !== 0)
    yield ['image', cost(known?.pages, (pages) => BigInt(pages) * picoPerUnit(perPage))];
  if (promptPerMillionCharacters !== undefined && known?.characters !== 0)
    yield ['text', cost(known?.characters, (count) => BigInt(count) * picoPerToken(promptPerMillionCharacters))];
}

function take(wanted: number, text: number, image: number) {
  const fromText = Math.min(wanted, text);
  const fromImage = Math.min(wanted - fromText, image);
  return { taken: fromText + fromImage, text: text - fromText, image: image - fromImage };
}

/** The rates of the highest tier that the prompt exceeds; they apply to the whole request. */
function ratesFor(price: Price, promptTokens: number): Price {
  const passed = (price.tiers ?? []).filter(({ abovePromptTokens }) => promptTokens > abovePromptTokens);
  const tier = passed.reduce<(typeof passed)[number] | undefined>(
    (best, next) => (best === undefined || next.abovePromptTokens > best.abovePromptTokens ? next : best),
    undefined,
  );
  return { ...price, ...tier };
}
