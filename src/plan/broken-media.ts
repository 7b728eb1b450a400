/** Finds media that no model can use: truncated files, images without pixels, audio without sound or length. */

import type { Problem } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { whyUnusable } from '../tokens/media-facts.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { PlannedSample } from './inspect.ts';

/** One problem for each such medium that would be sent to at least one model. */
export async function brokenMedia(
  { sample, requests }: PlannedSample,
  file: string,
  facts: ReadFacts,
): Promise<readonly Problem[]> {
  const messages = new Set<string>();
  for (const { conversation, unsupported } of requests) {
    if (unsupported !== null) continue;
    for (const part of [...conversation.messages, ...conversation.followUps].flatMap(({ content }) => content)) {
      if (part.type === 'text') continue;
      const why = whyUnusable(await facts(part.media), part.type);
      if (why !== null) messages.add(`${quote(part.media.uri)} cannot be used: ${why}`);
    }
  }
  return [...messages].map((message) => ({ file, line: sample.line, message, hint: 'repair or replace it' }));
}
