/** Compares the length of clips with what a model takes, before anything is sent. */

import type { ReadFacts } from '../tokens/read-media-facts.ts';
import { sentClip } from '../tokens/sent-media.ts';
import type { ModelConfig } from '../types.ts';
import type { Conversation } from './conversation.ts';

/** Why a clip is too long as it is sent; null = none is, or its length is not known. */
export async function longClip(
  { messages, followUps }: Pick<Conversation, 'messages' | 'followUps'>,
  maxSeconds: number,
  { media }: Pick<ModelConfig, 'media'>,
  readFacts: ReadFacts,
): Promise<string | null> {
  for (const { content } of [...messages, ...followUps])
    for (const part of content) {
      if (part.type !== 'audio') continue;
      const facts = await readFacts(part.media);
      const seconds = facts?.type === 'audio' ? sentClip(facts, media?.audio).seconds : 0;
      if (seconds > maxSeconds) return `a clip of ${Math.ceil(seconds)} s; the model takes ${maxSeconds} s`;
    }
  return null;
}
