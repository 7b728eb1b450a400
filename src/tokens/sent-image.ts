/** The size of an image as a model gets it, after `media.image`. */

import type { MediaTransform } from '../types.ts';
import type { ImageFacts } from './image-tokens.ts';
import type { MediaFacts } from './media-facts.ts';

/** With `media.image` every image is turned upright, and scaled down to its longest side; without it nothing changes. */
export function sentImage(
  { width, height, orientation }: Extract<MediaFacts, { readonly type: 'image' }>,
  transform: MediaTransform['image'],
): ImageFacts {
  if (transform === undefined) return { width, height, orientation };
  const { maxEdge = Number.POSITIVE_INFINITY } = transform;
  const long = Math.max(width, height);
  const fitted = (side: number) => (long <= maxEdge ? side : Math.max(1, Math.round((side * maxEdge) / long)));
  const isTurned = orientation >= 5;
  return { width: fitted(isTurned ? height : width), height: fitted(isTurned ? width : height), orientation: 1 };
}
