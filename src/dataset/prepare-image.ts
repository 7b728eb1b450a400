/** Turns images upright and scales them down with the optional package `sharp`, which the first such image loads. */

import type { Sharp } from 'sharp';
import { ProviderError } from '../errors.ts';
import type { MediaTransform } from '../types.ts';

/** Bytes with their media type. */
export interface MediaContent {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** Become a PNG, which loses nothing. */
const LOSSLESS: readonly string[] = ['image/tiff'];

const JPEG_QUALITY = 90; // small text stays legible for a model; 80, the library's default, blurs it

/** Most pixels that are decoded: 400 megapixels in a file of 389 KB would need 1.2 GB. */
const MAX_PIXELS = 100_000_000;

/**
 * Turns an image upright, and scales it so that its longer side has at most `maxEdge` pixels. A PNG stays a PNG, a TIFF becomes
 * one, every other type becomes a JPEG on white. An image that is upright and small enough stays unchanged, unless it is a
 * TIFF or an AVIF, which no model takes. `name` is for messages.
 * @throws {ProviderError} kind `media` when the package is absent or the image cannot be decoded.
 */
export async function prepareImage(
  { bytes, mediaType }: MediaContent,
  { maxEdge = Number.POSITIVE_INFINITY }: NonNullable<MediaTransform['image']>,
  name: string,
  loadSharp = () => import('sharp'),
): Promise<MediaContent> {
  const { default: sharp } = await loadSharp().catch((cause: unknown) => {
    throw new ProviderError('media', `${name} cannot be scaled: the package "sharp" is not installed`, {
      hint: 'npm install sharp, or leave media.image out',
      cause,
    });
  });
  try {
    const image: Sharp = sharp(bytes, { limitInputPixels: MAX_PIXELS });
    const { width, height, orientation = 1 } = await image.metadata();
    const fits = Math.max(width, height) <= maxEdge;
    const isConverted = LOSSLESS.includes(mediaType) || mediaType === 'image/avif';
    if (fits && orientation === 1 && !isConverted) return { bytes, mediaType };
    const upright = image.autoOrient();
    const scaled = fits ? upright : upright.resize({ width: maxEdge, height: maxEdge, fit: 'inside' });
    if (mediaType === 'image/png' || LOSSLESS.includes(mediaType))
      return { bytes: await scaled.png().toBuffer(), mediaType: 'image/png' };
    const jpeg = scaled.flatten({ background: '#ffffff' }).jpeg({ quality: JPEG_QUALITY });
    return { bytes: await jpeg.toBuffer(), mediaType: 'image/jpeg' };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProviderError(
      'media',
      `${name} cannot be ${mediaType === 'image/tiff' || mediaType === 'image/avif' ? 'converted' : 'scaled'}: ${reason}`,
      {
        hint: 'check the file in a viewer',
        cause,
      },
    );
  }
}
