/** Images and clips as a model gets them, after its media settings. */

import type { AudioTransform, ImageTransform } from '../media-transform.ts';
import type { ImageFacts } from './image-tokens.ts';
import type { MediaFacts } from './media-facts.ts';

/**
 * With `media.image` every image is turned upright, put under its stress, and scaled down to its longest side; without it
 * nothing changes.
 */
export function sentImage(
  { width, height, orientation }: Extract<MediaFacts, { readonly type: 'image' }>,
  transform: ImageTransform | undefined,
): ImageFacts {
  if (transform === undefined) return { width, height, orientation };
  const { maxEdge = Number.POSITIVE_INFINITY, stress } = transform;
  const upright = orientation >= 5 ? { width: height, height: width } : { width, height };
  const whole = stress?.kind === 'rotate' ? rotated(upright, stress.level) : upright;
  const long = Math.max(whole.width, whole.height);
  const fitted = (side: number) => (long <= maxEdge ? side : Math.max(1, Math.round((side * maxEdge) / long)));
  return { width: fitted(whole.width), height: fitted(whole.height), orientation: 1 };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The box around an image that was turned. */
function rotated({ width, height }: Size, degrees: number): Size {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  return { width: Math.round(width * cos + height * sin), height: Math.round(width * sin + height * cos) };
}

type ClipFacts = Extract<MediaFacts, { readonly type: 'audio' }>;

/** With `media.audio` a clip gets its speed and is cut after `maxSeconds`; without it nothing changes. */
export function sentClip(facts: ClipFacts, transform: AudioTransform | undefined): ClipFacts {
  const { maxSeconds = Number.POSITIVE_INFINITY, stress } = transform ?? {};
  const seconds = stress?.kind === 'speed' ? facts.seconds / stress.level : facts.seconds;
  return seconds === facts.seconds && seconds <= maxSeconds
    ? facts
    : { ...facts, seconds: Math.min(seconds, maxSeconds) };
}
