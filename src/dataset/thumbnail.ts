/** Makes small pictures of images with the optional package `sharp`, which the first image loads. */

import type { MediaContent } from '../media/codec.ts';

/** Longest side in pixels: two screen pixels for each of the page, and large print stays legible. */
export const MAX_THUMBNAIL_EDGE = 480;

const WEBP_QUALITY = 72;

/** Most pixels that are decoded, as for images that are sent. */
const MAX_PIXELS = 100_000_000;

/** The original when it is the smaller one; null when the package is absent or the image cannot be decoded. */
export async function thumbnail(
  { bytes, mediaType }: MediaContent,
  loadSharp = () => import('sharp'),
): Promise<MediaContent | null> {
  try {
    const { default: sharp } = await loadSharp();
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS }).autoOrient();
    const small = await image
      .resize({ width: MAX_THUMBNAIL_EDGE, height: MAX_THUMBNAIL_EDGE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: WEBP_QUALITY })
      .toBuffer();
    return small.length < bytes.length ? { bytes: small, mediaType: 'image/webp' } : { bytes, mediaType };
  } catch {
    return null;
  }
}
