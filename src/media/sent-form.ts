/** In which form a medium is sent: the one place that reads the media settings of a model together with what it takes. */

import type { AudioTransform, ImageTransform, MediaRules } from '../media-transform.ts';
import type { MediumKind } from '../modalities.ts';

/** Forms of images that no model takes; Google's models take HEIC, but it cannot be turned or scaled there. */
const NEVER_SENT: readonly string[] = ['image/tiff', 'image/bmp', 'image/avif', 'image/heic', 'image/heif'];

/** Become a PNG, which loses nothing. */
const LOSSLESS: readonly string[] = ['image/png', 'image/tiff', 'image/bmp'];

/** Forms of sound that can be decoded. */
const DECODED: readonly string[] = ['audio/wav', 'audio/mpeg', 'audio/flac', 'audio/ogg'];

/** Whether `media.image` turns this form into one that models take. */
export const isConvertedImage = (mediaType: string) => NEVER_SENT.includes(mediaType);

/** Whether `media.audio` can turn this form into WAV. */
export const isConvertedSound = (mediaType: string) => DECODED.includes(mediaType);

/** The media type of an image that is sent. A kept image that is scaled or turned becomes what `changedImageType` says. */
export function sentImageType(
  mediaType: string,
  { format = 'keep', stress }: ImageTransform,
  takes?: readonly string[],
): string {
  if (format !== 'keep') return `image/${format}`;
  // A step of a stress test changes every image.
  if (stress !== undefined) return changedImageType(mediaType, { format, stress });
  const isTaken = takes === undefined || takes.includes(mediaType);
  return isTaken && !NEVER_SENT.includes(mediaType) ? mediaType : changedImageType(mediaType, { format });
}

/** The media type of an image that is decoded and encoded again. */
export function changedImageType(mediaType: string, { format = 'keep', stress }: ImageTransform): string {
  if (format !== 'keep') return `image/${format}`;
  if (stress?.kind === 'jpeg') return 'image/jpeg';
  return LOSSLESS.includes(mediaType) ? 'image/png' : 'image/jpeg';
}

/** Whether a clip has to be decoded before it is sent; it may turn out to be sent as it is. */
export function isDecoded(
  mediaType: string,
  { format = 'wav', maxSeconds, stress }: AudioTransform,
  takes?: readonly string[],
): boolean {
  return format === 'wav' || maxSeconds !== undefined || stress !== undefined || !isTakenSound(mediaType, takes);
}

/** Whether a clip that needs no cut may be sent as it is. */
export function isKeptSound(
  mediaType: string,
  { format = 'wav', stress }: AudioTransform,
  takes?: readonly string[],
): boolean {
  return format === 'keep' && stress === undefined && isTakenSound(mediaType, takes);
}

const isTakenSound = (mediaType: string, takes?: readonly string[]) => takes === undefined || takes.includes(mediaType);

/**
 * The media type in which a medium of a type is sent; null = the settings need it decoded, and it cannot be. Media types are
 * registered names.
 */
export function sentType(
  kind: MediumKind,
  mediaType: string,
  { image, audio, imageTypes, audioTypes }: MediaRules,
): string | null {
  if (kind === 'document' || kind === 'video') return mediaType;
  if (kind === 'image') return image === undefined ? mediaType : sentImageType(mediaType, image, imageTypes);
  if (audio === undefined || !isDecoded(mediaType, audio, audioTypes)) return mediaType;
  if (!isConvertedSound(mediaType)) return null;
  return isKeptSound(mediaType, audio, audioTypes) ? mediaType : 'audio/wav';
}
