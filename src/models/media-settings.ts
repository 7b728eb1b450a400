/** The media settings of a model: resolves `auto`, and merges those of a variant into them. */

import type { AudioTransform, ImageTransform, MediaTransform } from '../media-transform.ts';

import type { Modality } from '../types.ts';
import type { NamedModel } from './host.ts';
import { factOf } from './model-facts.ts';

/** Media settings as a configuration writes them. */
export type MediaEntry = 'auto' | MediaTransform;

/** Longest side in pixels for models whose own limit is not known: larger images are scaled down by most vendors. */
const AUTO_MAX_EDGE = 2048;

/** Hz. Speech models work at this rate; a higher one only makes larger requests. */
const AUTO_SAMPLE_RATE = 16_000;

/** The settings that `media: auto` means: forms that the model does not take are converted, large images are scaled down. */
export function autoMedia(model: NamedModel, modalities: readonly Modality[]) {
  const maxEdge = factOf(model, 'maxImageEdge')?.value ?? AUTO_MAX_EDGE;
  return {
    ...(modalities.includes('image') ? { image: { maxEdge, format: 'keep' } as const } : {}),
    ...(modalities.includes('audio') ? { audio: { format: 'keep', sampleRate: AUTO_SAMPLE_RATE } as const } : {}),
  };
}

/** Merges member by member; the variant's members win. undefined = media are sent as they are. */
export function mergedMedia(
  own: MediaEntry | undefined,
  variant: MediaEntry | undefined,
  auto: MediaTransform,
): MediaTransform | undefined {
  if (own === undefined && variant === undefined) return undefined;
  const [first = {}, second = {}] = [own, variant].map((entry) => (entry === 'auto' ? auto : entry));
  // As written: request hashes hold it.
  if (variant === undefined && own !== 'auto') return first;
  const image: ImageTransform = { ...first.image, ...second.image };
  const audio: AudioTransform | undefined =
    first.audio === undefined && second.audio === undefined ? undefined : { ...first.audio, ...second.audio };
  // Earlier versions gave each model with a variant an image member: request hashes hold it.
  const hasImage = first.image !== undefined || second.image !== undefined || audio === undefined;
  const { document = first.document } = second;
  const { dpi = first.dpi } = second;
  return {
    ...(hasImage ? { image } : {}),
    ...(audio === undefined ? {} : { audio }),
    ...(document === undefined ? {} : { document }),
    ...(dpi === undefined ? {} : { dpi }),
  };
}
