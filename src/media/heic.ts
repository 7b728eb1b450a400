/** Decodes photos in HEIC and HEIF with the optional package `heic-decode`. */

import type { RgbaImage } from './bmp.ts';
import { loadCodec } from './codec.ts';
import { createQuietLog } from './quiet-log.ts';

const withoutLines = createQuietLog(console);

/** Most pixels that are decoded; most phones take up to 48 megapixels. */
export const MAX_HEIC_PIXELS = 50_000_000;

/** The first picture, upright: the decoder applies the rotation of the container. @throws for broken and for larger files. */
export function decodeHeic(bytes: Buffer): Promise<RgbaImage> {
  return withoutLines(PRINTED, () => decoded(bytes));
}

/** What the decoder prints before it throws. */
const PRINTED = [
  'Could not create HEIF context',
  'Could not parse HEIF file',
  'Could not get image data for id',
  'Decoding image failed',
  'Error loading image ids',
  'No images found',
];

async function decoded(bytes: Buffer): Promise<RgbaImage> {
  const { default: decode } = await loadCodec('heic-decode', () => import('heic-decode'));
  // Sizes are known before pixels are decoded.
  const pictures = await decode.all({ buffer: bytes });
  try {
    const [first] = pictures;
    if (first === undefined) throw new RangeError('it has no picture');
    if (first.width * first.height > MAX_HEIC_PIXELS)
      throw new RangeError(`${first.width} x ${first.height} exceeds ${MAX_HEIC_PIXELS / 1e6} megapixels`);
    const { data, width, height } = await first.decode();
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height };
  } finally {
    pictures.dispose();
  }
}
