import sharp from 'sharp';
import { expect, test } from 'vitest';
import { decodeImage, resizeImage } from '../../src/local/image.ts';
import { RequestError } from '../../src/local/request-error.ts';
import { pngBytes } from '../helpers/media.ts';

const RED = { r: 200, g: 30, b: 60 };
const red = () => sharp({ create: { width: 6, height: 4, channels: 3, background: RED } });

function pixel(image: { readonly data: Uint8Array; readonly width: number }, x: number, y: number) {
  return [...image.data.subarray(3 * (y * image.width + x), 3 * (y * image.width + x) + 3)];
}

test.each([
  ['png', () => red().png().toBuffer()],
  ['webp', () => red().webp({ lossless: true }).toBuffer()],
  ['jpeg', () => red().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()],
  ['gif', () => red().gif().toBuffer()],
])('decodes %s to red, green and blue', async (_, encode) => {
  const image = await decodeImage(await encode(), 'x');
  expect([image.width, image.height, image.data.length]).toEqual([6, 4, 72]);
  for (const [channel, value] of pixel(image, 3, 2).entries())
    expect(Math.abs(value - ([RED.r, RED.g, RED.b][channel] ?? Number.NaN))).toBeLessThan(12);
});

test('puts what is transparent on white', async () => {
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const bytes = await sharp({ create: { width: 2, height: 2, channels: 4, background: clear } })
    .png()
    .toBuffer();
  expect(pixel(await decodeImage(bytes, 'x'), 1, 1)).toEqual([255, 255, 255]);
});

test('spreads grey over the three channels', async () => {
  const bytes = await red().greyscale().png({ palette: false }).toBuffer();
  const [r, g, b] = pixel(await decodeImage(bytes, 'x'), 0, 0);
  expect([g, b]).toEqual([r, r]);
});

test('turns a photo upright as its EXIF says', async () => {
  const bytes = await red().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const image = await decodeImage(bytes, 'x');
  expect([image.width, image.height]).toEqual([4, 6]);
});

test('scales down what is larger than the recognisers need', async () => {
  const image = await decodeImage(pngBytes({ width: 6000, height: 40 }), 'x');
  expect([image.width, image.height]).toEqual([3000, 20]);
});

test('resizes without keeping the shape', async () => {
  const image = await resizeImage(await decodeImage(await red().png().toBuffer(), 'x'), 32, 64);
  expect([image.width, image.height, image.data.length]).toEqual([32, 64, 3 * 32 * 64]);
});

const whole = pngBytes({ width: 64, height: 64 });

test.each([
  ['nothing', Buffer.alloc(0), /not a png, jpeg, gif or webp file/],
  ['garbage', Buffer.from('garbage, not an image'), /not a png, jpeg, gif or webp file/],
  ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /not a png/],
  ['a signature alone', whole.subarray(0, 8), /cannot be decoded/],
  ['half a PNG', whole.subarray(0, whole.length / 2), /cannot be decoded/],
  ['garbage behind a JPEG signature', Buffer.from('ffd8ffe000104a46494600', 'hex'), /cannot be decoded/],
])('rejects %s', async (_, bytes, message) => {
  const failure = decodeImage(bytes, 'messages[0].content[1]');
  await expect(failure).rejects.toBeInstanceOf(RequestError);
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toMatchObject({ details: { status: 400, param: 'messages[0].content[1]' } });
});

test('rejects a small file of 400 megapixels by its header', async () => {
  const header = pngBytes({ width: 1, height: 1 });
  header.writeUInt32BE(20_000, 16);
  header.writeUInt32BE(20_000, 20);
  const { crc32 } = await import('node:zlib');
  header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
  await expect(decodeImage(header, 'x')).rejects.toThrow(/exceeds|pixel limit/i);
});
