import sharp from 'sharp';
import { expect, test } from 'vitest';
import { prepareImage } from '../../src/media/prepare-image.ts';
import type { ImageTransform } from '../../src/media-transform.ts';
import { bmpFile } from '../helpers/bmp.ts';
import { HEIC } from '../helpers/bombs.ts';
import { pngBytes } from '../helpers/media.ts';

const versionOf = () => '1.2.3';
const prepare = (bytes: Buffer, mediaType: string, settings: ImageTransform, takes?: readonly string[]) =>
  prepareImage({ bytes, mediaType }, { ...settings, takes }, '"a"', { versionOf });

async function formOf(bytes: Buffer) {
  const { format, width, height, depth, space, channels } = await sharp(bytes).metadata();
  return { format, width, height, depth, space, channels };
}

const png = pngBytes({ width: 8, height: 4 });
const cmyk = () => sharp(png).toColourspace('cmyk').jpeg().toBuffer();
const deep = () => sharp(png).toColourspace('rgb16').png().toBuffer();

test('an image that is right already stays as it is', async () => {
  expect(await prepare(png, 'image/png', { format: 'keep', maxEdge: 8 })).toEqual({
    bytes: png,
    mediaType: 'image/png',
  });
});

test.each([
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
] as const)('format %s converts, and the codec is named', async (format, mediaType) => {
  const sent = await prepare(png, 'image/png', { format });

  expect(sent).toMatchObject({ mediaType, codec: 'sharp 1.2.3' });
  expect(await formOf(sent.bytes)).toMatchObject({ format, width: 8, height: 4, depth: 'uchar', space: 'srgb' });
});

test('a lower quality makes a smaller file', async () => {
  const large = pngBytes({ width: 200, height: 200 });
  const [good, bad] = await Promise.all(
    [95, 10].map((quality) => prepare(large, 'image/png', { format: 'jpeg', quality })),
  );
  expect(bad?.bytes.length).toBeLessThan((good?.bytes.length ?? 0) / 2);
});

test.each<[string, () => Promise<Buffer>, string, string]>([
  ['CMYK', cmyk, 'image/jpeg', 'jpeg'],
  ['16 bits', deep, 'image/png', 'png'],
])('%s becomes 8 bits of RGB with a format, and stays without one', async (_name, make, mediaType, format) => {
  const bytes = await make();

  expect(await prepare(bytes, mediaType, { maxEdge: 100 })).toEqual({ bytes, mediaType });
  const sent = await prepare(bytes, mediaType, { format: 'keep' });
  expect(sent.mediaType).toBe(mediaType);
  expect(await formOf(sent.bytes)).toMatchObject({ format, depth: 'uchar', space: 'srgb' });
});

test('a bitmap becomes a PNG with the same pixels', async () => {
  const data = Buffer.from('0000ff00ff0000000000', 'hex');
  const bmp = bmpFile({ width: 2, height: 1, bits: 24, data });

  const sent = await prepare(bmp, 'image/bmp', {});

  expect(sent).toMatchObject({ mediaType: 'image/png', codec: 'sharp 1.2.3' });
  expect((await sharp(sent.bytes).removeAlpha().raw().toBuffer()).toString('hex')).toBe('ff000000ff00');
});

test('a form that the model does not take is converted', async () => {
  const gif = await sharp(png).gif().toBuffer();

  expect((await prepare(gif, 'image/gif', { format: 'keep' })).mediaType).toBe('image/gif');
  expect((await prepare(gif, 'image/gif', { format: 'keep' }, ['image/png', 'image/jpeg'])).mediaType).toBe(
    'image/jpeg',
  );
});

test('what is transparent is white in a JPEG', async () => {
  const clear = await sharp({ create: { width: 2, height: 2, channels: 4, background: '#00000000' } })
    .png()
    .toBuffer();
  const sent = await prepare(clear, 'image/png', { format: 'jpeg' });
  expect([...(await sharp(sent.bytes).raw().toBuffer())].every((value) => value > 250)).toBe(true);
});

test('an image of 50,000 x 50,000 pixels is rejected by its header', async () => {
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(50_000, 16);
  bomb.writeUInt32BE(50_000, 20);
  await expect(prepare(bomb, 'image/png', { maxEdge: 100 })).rejects.toMatchObject({
    kind: 'media',
    message: expect.stringMatching(/^"a" cannot be converted: /),
  });
});

test('a HEIC becomes a JPEG, or a PNG, of the same picture', async () => {
  const jpeg = await prepare(HEIC, 'image/heic', { format: 'keep', maxEdge: 32 });
  const sent = await prepare(HEIC, 'image/heic', { format: 'png' });

  expect(jpeg).toMatchObject({ mediaType: 'image/jpeg', codec: 'heic-decode 1.2.3, sharp 1.2.3' });
  expect(await formOf(jpeg.bytes)).toMatchObject({ format: 'jpeg', width: 32, height: 24, space: 'srgb' });
  const { data, info } = await sharp(sent.bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number) => [...data.subarray(3 * (y * info.width + x)).subarray(0, 3)];
  const off = (color: readonly number[], wanted: readonly number[]) =>
    Math.max(...color.map((value, index) => Math.abs(value - (wanted[index] ?? 0))));
  expect([info.width, info.height]).toEqual([64, 48]);
  expect(off(pixel(8, 8), [220, 30, 30])).toBeLessThan(5);
  expect(off(pixel(56, 8), [30, 180, 60])).toBeLessThan(5);
  expect(off(pixel(8, 40), [40, 60, 220])).toBeLessThan(5);
  expect(off(pixel(56, 40), [240, 240, 240])).toBeLessThan(5);
});

test('a HEIC that is cut off is named', async () => {
  await expect(prepare(HEIC.subarray(0, 500), 'image/heic', {})).rejects.toMatchObject({
    kind: 'media',
    message: expect.stringMatching(/^"a" cannot be converted: /),
  });
});

test('a HEIC that is none is named', async () => {
  await expect(prepare(Buffer.from('0000001c66747970686569630000', 'hex'), 'image/heic', {})).rejects.toMatchObject({
    kind: 'media',
    message: expect.stringMatching(/^"a" cannot be converted: /),
  });
});
