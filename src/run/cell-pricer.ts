/** What a cell cost, how its prompt splits by modality where the endpoint does not say, and what had been expected. */

import type { CellEstimates } from '../estimate/cell-estimates.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { ExpectedTokens } from '../result.ts';
import { type PicoUsd, picoToUsd } from '../tokens/money.ts';
import { type PriceOptions, priceUsage } from '../tokens/price.ts';
import { promptSplitOf } from '../tokens/split-prompt.ts';
import type { EstimateParts } from '../tokens/token-estimate.ts';
import type { ModelConfig, Usage } from '../types.ts';
import type { CellPricer } from './cell-context.ts';
import { sumUsage } from './usage-sum.ts';

/** `keepsEstimate` puts the expectation beside every usage, to be compared after the run. */
export function createCellPricer(estimateOf: CellEstimates, keepsEstimate: boolean): CellPricer {
  return async (usages, request) => {
    const usage = sumUsage(usages);
    if (usage === null) return { usage: null, costUsd: null, tokensSource: null };
    const isSplitHere = needsEstimate(usage, request);
    const parts = keepsEstimate || isSplitHere ? await partsOf(request, estimateOf) : null;
    // How much of the prompt is sound cannot be told, and sound at the rate of text would be far too cheap.
    if (isSplitHere && parts === null) return { usage, costUsd: null, tokensSource: 'endpoint' };
    const estimate = keepsEstimate && parts !== null ? { estimate: expectedOf(parts) } : {};
    const options = parts === null ? {} : { split: promptSplitOf(parts) };
    const { costPico, tokensSource, split: tokens } = priceUsage(usage, request.model, options);
    // The price of a request may depend on its length: the sum over a conversation is no request.
    const costUsd = usages.length === 1 ? usd(costPico) : usd(sumOfCosts(usages, request.model, options));
    if (tokensSource !== 'estimate' || tokens === null) return { usage, costUsd, tokensSource, ...estimate };
    const counted = { textTokens: tokens.text, imageTokens: tokens.image, audioTokens: tokens.audio };
    return { usage: { ...usage, ...counted }, costUsd, tokensSource, ...estimate };
  };
}

function sumOfCosts(usages: readonly (Usage | null)[], model: ModelConfig, options: PriceOptions): PicoUsd | null {
  return usages.reduce<PicoUsd | null>((sum, usage) => {
    const { costPico } = usage === null ? UNKNOWN : priceUsage(usage, model, options);
    return sum === null || costPico === null ? null : sum + costPico;
  }, 0n);
}

const UNKNOWN = { costPico: null };

function usd(cost: PicoUsd | null): number | null {
  return cost === null ? null : picoToUsd(cost);
}

/** Text alone splits by itself; media need an estimate unless each kind was reported. */
function needsEstimate(usage: Usage, { conversation }: PlannedRequest): boolean {
  const parts = [...conversation.messages, ...conversation.followUps].flatMap(({ content }) => content);
  const has = (type: 'image' | 'audio') => parts.some((part) => part.type === type);
  return (has('image') && (usage.imageTokens ?? 0) === 0) || (has('audio') && (usage.audioTokens ?? 0) === 0);
}

/** null when a medium cannot be used: a sum without it would be too low. */
async function partsOf(request: PlannedRequest, estimateOf: CellEstimates) {
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
