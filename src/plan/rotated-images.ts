/** Finds images that a model may see rotated: their pixels are not stored upright, and nothing turns them before they are sent. */

import { rotatedMessage } from '../tokens/estimate.ts';
import type { PlannedRequest } from './planned-request.ts';

/** Counts the images of the first model that is sent any. */
export function createRotatedImages() {
  let first: { readonly message: string; readonly modelId: string; count: number } | null = null;
  return {
    add(requests: readonly PlannedRequest[]): void {
      for (const { model, conversation, unsupported } of requests) {
        if (unsupported !== null || model.media?.image !== undefined) continue;
        for (const { content } of [...conversation.messages, ...conversation.followUps])
          for (const part of content) {
            if (part.type !== 'image' || part.media.type === 'url' || part.media.orientation === undefined) continue;
            first ??= { message: rotatedMessage(part.media.uri, part.media.orientation), modelId: model.id, count: 0 };
            if (first.modelId === model.id) first.count += 1;
          }
      }
    },
    /** One sentence, as `estimate` says it. */
    warnings(): readonly string[] {
      if (first === null) return [];
      return [first.count === 1 ? first.message : `${first.message} (and ${first.count - 1} more)`];
    },
  };
}
