import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { memorySource } from '../../src/media/byte-source.ts';
import { exifOrientation } from '../../src/media/exif-orientation.ts';
import { pngBytes } from '../helpers/media.ts';

const FORMATS = ['jpeg', 'png', 'webp', 'tiff'] as const;
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

const read = (bytes: Uint8Array, format: string) => exifOrientation(memorySource(bytes), `image/${format}`);

function photo(format: (typeof FORMATS)[number], orientation: number): Promise<Buffer> {
  return sharp(pngBytes({ width: 4, height: 2 }))
    .withMetadata({ orientation })
    [format]()
    .toBuffer();
}

/** A JPEG of nothing but an APP1 segment with one directory entry. */
function exifJpeg(order: 'II' | 'MM', type: number, value: number): Buffer {
  const tiff = Buffer.alloc(26);
  const isLittle = order === 'II';
  const short = (at: number, of: number) => (isLittle ? tiff.writeUInt16LE(of, at) : tiff.writeUInt16BE(of, at));
  const long = (at: number, of: number) => (isLittle ? tiff.writeUInt32LE(of, at) : tiff.writeUInt32BE(of, at));
  tiff.write(order, 0, 'latin1');
  short(2, 42);
  long(4, 8);
  short(8, 1);
  short(10, 274);
  short(12, type);
  long(14, 1);
  if (type === 4) long(18, value);
  else short(18, value);
  const head = Buffer.from('ffd8ffe10000457869660000', 'hex');
  head.writeUInt16BE(8 + tiff.length, 4);
  return Buffer.concat([head, tiff, Buffer.from('ffd9', 'hex')]);
}

test.each(FORMATS)('reads every orientation of a %s as the decoder does', async (format) => {
  for (const orientation of ORIENTATIONS) {
    const bytes = await photo(format, orientation);

    const decoder = (await sharp(bytes).metadata()).orientation ?? 1;
    expect([await read(bytes, format), decoder]).toEqual([orientation, orientation]);
  }
});

test.each([
  ['little-endian', 'II', 3],
  ['big-endian', 'MM', 3],
  ['little-endian as a long number', 'II', 4],
  ['big-endian as a long number', 'MM', 4],
] as const)('reads %s tags', async (_what, order, type) => {
  expect(await read(exifJpeg(order, type, 6), 'jpeg')).toBe(6);
});

test.each([
  ['a value that is none', exifJpeg('II', 3, 9)],
  ['a value of another type', exifJpeg('II', 2, 6)],
  ['an image without EXIF', pngBytes()],
  ['an empty file', Buffer.alloc(0)],
])('%s is upright', async (_what, bytes) => {
  expect(await read(bytes, bytes[0] === 0x89 ? 'png' : 'jpeg')).toBe(1);
});

test('skips fill bytes between the segments of a JPEG', async () => {
  const bytes = exifJpeg('MM', 3, 3);
  const filled = Buffer.concat([bytes.subarray(0, 2), Buffer.from('ffffff', 'hex'), bytes.subarray(2)]);

  expect(await read(filled, 'jpeg')).toBe(3);
});

test('any bytes give an orientation from 1 to 8', async () => {
  const heads = {
    jpeg: exifJpeg('II', 3, 6),
    png: pngBytes().subarray(0, 20),
    webp: Buffer.from('RIFF....WEBPEXIF'),
    tiff: exifJpeg('II', 3, 6).subarray(12),
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...FORMATS),
      fc.nat(40),
      fc.uint8Array({ maxLength: 60 }),
      async (format, kept, more) => {
        const bytes = Buffer.concat([heads[format].subarray(0, kept), more]);

        expect(ORIENTATIONS).toContain(await read(bytes, format));
      },
    ),
  );
});
