/** Finds media that can be sent but may not be what a model should get: images that are not upright, clips that lack their last bytes. */

import { rotatedMessage, shortMessage } from '../tokens/estimate.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { PlannedRequest } from './planned-request.ts';

type Kind = 'rotated' | 'short' | 'converted';

interface Found {
  readonly message: string;
  readonly modelId: string;
  count: number;
}

/** What `media.image` makes of forms that no model takes. */
const CONVERSIONS: Readonly<Record<string, string>> = { 'image/tiff': 'PNG', 'image/avif': 'JPEG' };

/** Counts, of each kind, the media of the first model that is sent any. */
export function createMediaWarnings(readFacts: ReadFacts) {
  const found = new Map<Kind, Found>();
  const note = (kind: Kind, message: string, modelId: string) => {
    const first = found.get(kind) ?? { message, modelId, count: 0 };
    if (first.modelId === modelId) first.count += 1;
    found.set(kind, first);
  };
  return {
    async add(requests: readonly PlannedRequest[]): Promise<void> {
      for (const { model, conversation, unsupported } of requests) {
        if (unsupported !== null) continue;
        for (const { content } of [...conversation.messages, ...conversation.followUps])
          for (const part of content) {
            if (part.type === 'text') continue;
            const facts = await readFacts(part.media);
            const { uri } = part.media;
            const type = part.media.type === 'url' ? '' : part.media.mediaType;
            const becomes = CONVERSIONS[type];
            if (becomes !== undefined)
              note('converted', `${uri}: ${type} is converted and sent as ${becomes}`, model.id);
            if (facts?.type === 'image' && facts.orientation !== 1 && model.media?.image === undefined)
              note('rotated', rotatedMessage(uri, facts.orientation), model.id);
            if (facts?.type === 'audio' && facts.lacks !== undefined)
              note('short', shortMessage(uri, facts.lacks), model.id);
          }
      }
    },
    /** One sentence of each kind, as `estimate` says it. */
    sentences: () =>
      [...found.values()].map(({ message, count }) => (count === 1 ? message : `${message} (and ${count - 1} more)`)),
  };
}
