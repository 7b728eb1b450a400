/** Estimates the tokens that a chat template adds to the contents: role marks, begin of text, start of the answer, media framing. */

import type { Message } from '../types.ts';
import type { TextRule } from './text-rules.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** The overhead of one request. Some families merge the system message into that of the user, others insert a default one. */
export function templateTokens(
  messages: readonly Message[],
  { template, confidence }: TextRule,
  name: string,
): TokenEstimate {
  const hasSystem = messages.some(({ role }) => role === 'system');
  const merged = template.mergesSystem === true && hasSystem && messages.length > 1 ? 1 : 0;
  const parts = messages.flatMap(({ content }) => content);
  const media = (type: 'image' | 'audio') => parts.filter((part) => part.type === type).length;
  const tokens =
    template.perRequest +
    template.perMessage * (messages.length - merged) +
    (template.perImage ?? 0) * media('image') +
    (template.perAudio ?? 0) * media('audio') +
    (hasSystem ? 0 : (template.impliedSystem ?? 0));
  const [below, above] = template.band;
  return banded(tokens, [tokens - below, tokens + above], name, confidence);
}
