/** Prices a cell, estimates the split of its prompt by modality where the endpoint reports none, and adds the expected tokens. */

import type { RequestEstimator } from '../estimate/cell-estimates.ts';
import type { MediumKind } from '../modalities.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { ExpectedTokens } from '../result.ts';
import { type BilledUnits, measuredUnits } from '../tokens/billed-units.ts';
import { type PicoUsd, picoToUsd } from '../tokens/money.ts';
import { type PriceOptions, priceUsage } from '../tokens/price.ts';
import { priceOf } from '../tokens/price-table.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import { promptSplitOf } from '../tokens/split-prompt.ts';
import { sumUsage } from '../tokens/sum-usage.ts';
import type { EstimateParts } from '../tokens/token-estimate.ts';
import type { ModelConfig, Usage } from '../types.ts';
import type { CellCost, CellPricer } from './cell-context.ts';

/** `keepsEstimate` adds the expected tokens to every result, so that they can be compared after the run. */
export function createCellPricer(
  estimateOf: RequestEstimator,
  keepsEstimate: boolean,
  readFacts: ReadFacts,
): CellPricer {
  return async (usages, request, { batch } = { batch: false }) => {
    const usage = sumUsage(usages);
    const measured = await clipSeconds(request, readFacts);
    if (usage === null) return { usage: null, costUsd: null, tokensSource: null, ...measured };
    const isSplitHere = needsEstimate(usage, request);
    const parts = keepsEstimate || isSplitHere ? await partsOf(request, estimateOf) : null;
    // Without the audio share of the prompt there is no price: audio at the rate of text would be far too cheap.
    if (isSplitHere && parts === null) return { usage, costUsd: null, tokensSource: 'endpoint', ...measured };
    const estimate = keepsEstimate && parts !== null ? { estimate: expectedOf(parts) } : {};
    const options = parts === null ? { batch } : { batch, split: promptSplitOf(parts) };
    const units = await unitsOfEach(usages.length, request, readFacts);
    const { costPico, tokensSource, split: tokens } = priceUsage(usage, request.model, withUnits(options, units[0]));
    const cost = usages.length === 1 ? { costUsd: usd(costPico) } : costOfEach(usages, request.model, options, units);
    const more = { ...estimate, ...measured };
    if (tokensSource !== 'estimate' || tokens === null) return { usage, ...cost, tokensSource, ...more };
    const counted = { textTokens: tokens.text, imageTokens: tokens.image, audioTokens: tokens.audio };
    return { usage: { ...usage, ...counted }, ...cost, tokensSource, ...more };
  };
}

/** The price of a request may depend on its length: each one is priced by itself, not the sum of a conversation. */
function costOfEach(
  usages: readonly (Usage | null)[],
  model: ModelConfig,
  options: PriceOptions,
  units: readonly (BilledUnits | undefined)[],
): Pick<CellCost, 'costUsd' | 'costsUsd'> {
  const costs = usages.map((usage, turn) =>
    usage === null ? null : priceUsage(usage, model, withUnits(options, units[turn])).costPico,
  );
  const sum = costs.reduce<PicoUsd | null>(
    (total, cost) => (total === null || cost === null ? null : total + cost),
    0n,
  );
  return { costUsd: usd(sum), costsUsd: costs.map(usd) };
}

function withUnits(options: PriceOptions, units: BilledUnits | undefined): PriceOptions {
  return units === undefined ? options : { ...options, units };
}

function usd(cost: PicoUsd | null): number | null {
  return cost === null ? null : picoToUsd(cost);
}

/** A prompt of only text needs no estimate; one with media does unless the tokens of each kind were reported. */
function needsEstimate(usage: Usage, { conversation, model }: PlannedRequest): boolean {
  const has = (...types: readonly MediumKind[]) => types.some((type) => mediaTypes(conversation).includes(type));
  // Tokens that nobody bills need no split.
  const isTimed = priceOf(model)?.price.perAudioMinute !== undefined;
  return (
    (has('image', 'document', 'video') && (usage.imageTokens ?? 0) === 0) ||
    (has('audio', 'video') && (usage.audioTokens ?? 0) === 0 && !isTimed)
  );
}

function mediaTypes({ messages, followUps }: PlannedRequest['conversation']): readonly string[] {
  return [...messages, ...followUps].flatMap(({ content }) => content.map(({ type }) => type));
}

/** The units of each request of a conversation; empty for a model that is billed by tokens alone. */
async function unitsOfEach(
  count: number,
  { conversation: { messages, followUps }, model }: PlannedRequest,
  readFacts: ReadFacts,
): Promise<readonly BilledUnits[]> {
  const { perAudioMinute, perPage, promptPerMillionCharacters } = priceOf(model)?.price ?? {};
  if ((perAudioMinute ?? perPage ?? promptPerMillionCharacters) === undefined) return [];
  const turns = Array.from({ length: count }, (_, turn) => [...messages, ...followUps.slice(0, turn)]);
  return Promise.all(turns.map((sent) => measuredUnits(sent, model, readFacts)));
}

/** The length of the clips of a cell, if all are known. */
async function clipSeconds(
  { conversation, model }: PlannedRequest,
  readFacts: ReadFacts,
): Promise<Pick<CellCost, 'clipSeconds'>> {
  if (!mediaTypes(conversation).includes('audio')) return {};
  const messages = [...conversation.messages, ...conversation.followUps];
  const { audioSeconds } = await measuredUnits(messages, model, readFacts);
  return audioSeconds === null ? {} : { clipSeconds: audioSeconds };
}

/** null when a medium cannot be read: a sum without it would be too low. */
async function partsOf(request: PlannedRequest, estimateOf: RequestEstimator) {
  const { parts, problems } = await estimateOf(request);
  return problems.length > 0 ? null : parts;
}

function expectedOf({ text, template, image, audio, completion }: EstimateParts): ExpectedTokens {
  return {
    text: text.expected,
    template: template.expected,
    image: image.expected,
    audio: audio.expected,
    completion: completion.expected,
  };
}
