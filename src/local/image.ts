/** Decodes an image for the recognisers, after a check of its header. */

import { loadOptional } from '../optional-package.ts';
import { badRequest } from './request-error.ts';

/** 8-bit red, green, blue, row by row. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Larger images are rejected by their header: a small file can decode to gigabytes. */
const MAX_PIXELS = 50e6;
/** Larger images are scaled down to this longest side; a page of A4 at 250 dpi still fits. */
const MAX_WORKING_EDGE = 3000;

const SIGNATURES: readonly { readonly name: string; readonly matches: (bytes: Buffer) => boolean }[] = [
  { name: 'png', matches: (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n' },
  { name: 'jpeg', matches: (bytes) => bytes.toString('latin1', 0, 3) === '\xff\xd8\xff' },
  { name: 'gif', matches: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)) },
  { name: 'webp', matches: (bytes) => /^RIFF.{4}WEBP/s.test(bytes.toString('latin1', 0, 12)) },
];

/**
 * The pixels of a PNG, JPEG, GIF or WebP (first frame), rotated by its EXIF orientation, on white.
 * @throws {RequestError} 400 when the bytes are of another type or broken, or decode to more than 50 megapixels.
 */
export async function decodeImage(bytes: Buffer, param: string): Promise<RgbImage> {
  if (!SIGNATURES.some(({ matches }) => matches(bytes)))
    throw badRequest('The image is not a png, jpeg, gif or webp file.', 'invalid_image', param);
  const sharp = await loadSharp();
  try {
    const options = { limitInputPixels: MAX_PIXELS, sequentialRead: true };
    const { width, height } = await sharp(bytes, options).metadata();
    if (width * height > MAX_PIXELS)
      throw new RangeError(`${width} x ${height} exceeds ${MAX_PIXELS / 1e6} megapixels`);
    const { data, info } = await sharp(bytes, options)
      .autoOrient()
      .resize({ width: MAX_WORKING_EDGE, height: MAX_WORKING_EDGE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return {
      data: info.channels === 3 ? data : spreadGrey(data, info.channels),
      width: info.width,
      height: info.height,
    };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw badRequest(`The image cannot be decoded: ${reason}`, 'invalid_image', param, error);
  }
}

/** Images are decoded one at a time and only once, so threads and a cache would only use memory. */
async function loadSharp() {
  const { default: sharp } = await loadOptional('sharp', () => import('sharp'));
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp;
}

/** Greyscale images have one channel (two with alpha), which is repeated. */
function spreadGrey(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels;
  const rgb = new Uint8Array(3 * pixels);
  for (let index = 0; index < pixels; index += 1) rgb.fill(data[index * channels] ?? 0, 3 * index, 3 * index + 3);
  return rgb;
}

/** The image at another size, without keeping its aspect ratio. */
export async function resizeImage(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  const sharp = await loadSharp();
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  const data = await sharp(image.data, { raw }).resize({ width, height, fit: 'fill' }).raw().toBuffer();
  return { data, width, height };
}
