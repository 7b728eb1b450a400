/** Images and clips as a model gets them, after its media settings. */

import type { AudioTransform, ImageTransform } from '../media-transform.ts';
import type { ImageFacts } from './image-tokens.ts';
import type { MediaFacts } from './media-facts.ts';

/** With `media.image` every image is turned upright, and scaled down to its longest side; without it nothing changes. */
export function sentImage(
  { width, height, orientation }: Extract<MediaFacts, { readonly type: 'image' }>,
  transform: ImageTransform | undefined,
): ImageFacts {
  if (transform === undefined) return { width, height, orientation };
  const { maxEdge = Number.POSITIVE_INFINITY } = transform;
  const long = Math.max(width, height);
  const fitted = (side: number) => (long <= maxEdge ? side : Math.max(1, Math.round((side * maxEdge) / long)));
  const isTurned = orientation >= 5;
  return { width: fitted(isTurned ? height : width), height: fitted(isTurned ? width : height), orientation: 1 };
}

type ClipFacts = Extract<MediaFacts, { readonly type: 'audio' }>;

/** With `media.audio` a clip is cut after `maxSeconds`; without it nothing changes. */
export function sentClip(facts: ClipFacts, transform: AudioTransform | undefined): ClipFacts {
  const { maxSeconds } = transform ?? {};
  return maxSeconds === undefined || facts.seconds <= maxSeconds ? facts : { ...facts, seconds: maxSeconds };
}
