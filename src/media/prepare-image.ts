/** Turns, scales and converts images with the optional package `sharp`, which the first such image loads. */

import type { Sharp } from 'sharp';
import type { ImageTransform } from '../media-transform.ts';
import { installedVersion, type OptionalPackage, type VersionOf } from '../optional-package.ts';
import { readBmp } from './bmp.ts';
import { codecName, converting, loadCodec, type MediaContent, type PreparedMedia } from './codec.ts';
import { decodeHeic, MAX_HEIC_PIXELS } from './heic.ts';
import { changedImageType, sentImageType } from './sent-form.ts';
import { stressImage } from './stress-image.ts';

const DEFAULT_QUALITY = 90; // small text stays legible for a model; 80, the library's default, blurs it

/** Most pixels that are decoded: 400 megapixels in a file of 389 KB would need 1.2 GB. */
const MAX_PIXELS = 100_000_000;

/** Most pixels of an image of a type that is scaled or converted. */
export const maxPixelsOf = (mediaType: string) => (isHeic(mediaType) ? MAX_HEIC_PIXELS : MAX_PIXELS);

const isHeic = (mediaType: string) => mediaType === 'image/heic' || mediaType === 'image/heif';

/** The settings of a model with the media types that it takes; absent = any. */
export interface ImageRules extends ImageTransform {
  readonly takes?: readonly string[] | undefined;
  /** Names the image for its noise. */
  readonly key?: string;
}

export interface ImageCodecs {
  readonly versionOf: VersionOf;
  readonly loadSharp: () => Promise<typeof import('sharp')>;
}

const INSTALLED: ImageCodecs = { versionOf: installedVersion, loadSharp: () => import('sharp') };

/**
 * Turns an image upright, scales it so that its longer side has at most `maxEdge` pixels, and gives it the form that the
 * settings say; see `sent-form.ts`. An image that is right already stays unchanged. `name` is for messages.
 * @throws {ProviderError} kind `media` when a package is absent or the image cannot be decoded.
 */
export function prepareImage(
  content: MediaContent,
  rules: ImageRules,
  name: string,
  codecs: Partial<ImageCodecs> = {},
): Promise<PreparedMedia> {
  const { versionOf, loadSharp } = { ...INSTALLED, ...codecs };
  return converting(name, 'converted', async () => {
    const { default: sharp } = await loadCodec('sharp', loadSharp);
    const source = await opened(content, sharp);
    const { decoder } = source;
    const stressed = await stressedOf(source.image, rules, sharp);
    const image = stressed?.image ?? source.image;
    const wanted = sentImageType(content.mediaType, rules, rules.takes);
    const { width, height, orientation = 1, space, depth } = await image.metadata();
    const fits = Math.max(width, height) <= (rules.maxEdge ?? Number.POSITIVE_INFINITY);
    // Without `format`, as in earlier versions, the colours of an image alone are no reason to change it.
    const isPlain = rules.format === undefined || (depth === 'uchar' && space !== 'cmyk');
    const isRight = fits && orientation === 1 && isPlain;
    if (isRight && stressed === null && wanted === content.mediaType) return content;
    const codec = codecName([...decoder, 'sharp'], versionOf);
    if (isRight && stressed?.jpeg !== undefined && wanted === 'image/jpeg')
      return { bytes: stressed.jpeg, mediaType: wanted, codec };
    const upright = image.autoOrient();
    const scaled = fits
      ? upright
      : upright.resize({ width: rules.maxEdge ?? width, height: rules.maxEdge ?? height, fit: 'inside' });
    const mediaType = changedImageType(content.mediaType, rules);
    const bytes = await encoded(scaled, mediaType, rules.quality ?? DEFAULT_QUALITY);
    return { bytes, mediaType, codec };
  });
}

/** The image after a step of a stress test; null without one. */
function stressedOf(image: Sharp, { stress, key = '' }: ImageRules, sharp: typeof import('sharp').default) {
  if (stress === undefined) return null;
  return stressImage(image, stress, key, (bytes, options) => sharp(bytes, { ...options, limitInputPixels: false }));
}

/** An image that the library decodes itself, or the pixels that others decode. */
async function opened({ bytes, mediaType }: MediaContent, sharp: typeof import('sharp').default) {
  const ofPixels = ({ data, width, height }: { data: Uint8Array; width: number; height: number }): Sharp =>
    sharp(data, { raw: { width, height, channels: 4 } });
  const none: readonly OptionalPackage[] = [];
  if (mediaType === 'image/bmp') return { image: ofPixels(readBmp(bytes, MAX_PIXELS)), decoder: none };
  if (isHeic(mediaType)) return { image: ofPixels(await decodeHeic(bytes)), decoder: ['heic-decode'] as const };
  return { image: sharp(bytes, { limitInputPixels: MAX_PIXELS }), decoder: none };
}

/** sharp writes 8-bit sRGB by default. JPEG has no opacity, so transparent pixels become white. */
function encoded(image: Sharp, mediaType: string, quality: number): Promise<Buffer> {
  if (mediaType === 'image/png') return image.png().toBuffer();
  if (mediaType === 'image/webp') return image.webp({ quality }).toBuffer();
  return image.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer();
}
