/** What a cell cost, and how its prompt splits by modality where the endpoint does not say. */

import type { PriceUsage } from '../engine/cell.ts';
import type { Conversation } from '../engine/request.ts';
import { estimateConversation } from '../tokens/estimate.ts';
import { mediaFactsReader } from '../tokens/media-facts.ts';
import { priceUsage } from '../tokens/price.ts';
import { sumEstimates } from '../tokens/token-estimate.ts';
import type { ModelConfig, Usage } from '../types.ts';

/** Media files are measured once for the whole run. */
export function createPricing(): PriceUsage {
  const facts = mediaFactsReader();
  return async (usage, model, conversation) => {
    if (usage === null) return { usage: null, costUsd: null, tokensSource: null };
    const split = needsEstimate(usage, conversation) ? await estimateParts(model, conversation, facts) : undefined;
    const priced = priceUsage(usage, model, split === undefined ? {} : { split });
    const { costUsd, tokensSource, split: tokens } = priced;
    if (tokensSource !== 'estimate' || tokens === null) return { usage, costUsd, tokensSource };
    const counted = { textTokens: tokens.text, imageTokens: tokens.image, audioTokens: tokens.audio };
    return { usage: { ...usage, ...counted }, costUsd, tokensSource };
  };
}

/** Text alone splits by itself; media need an estimate unless each kind was reported. */
function needsEstimate(usage: Usage, conversation: Conversation): boolean {
  const parts = [...conversation.messages, ...conversation.followUps].flatMap(({ content }) => content);
  const has = (type: 'image' | 'audio') => parts.some((part) => part.type === type);
  return (has('image') && (usage.imageTokens ?? 0) === 0) || (has('audio') && (usage.audioTokens ?? 0) === 0);
}

async function estimateParts(
  model: ModelConfig,
  conversation: Conversation,
  facts: ReturnType<typeof mediaFactsReader>,
) {
  const { parts } = await estimateConversation(model, conversation, { facts });
  return { text: sumEstimates([parts.text, parts.template]), image: parts.image, audio: parts.audio };
}
