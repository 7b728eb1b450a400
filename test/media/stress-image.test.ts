import fc from 'fast-check';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { prepareImage } from '../../src/media/prepare-image.ts';
import type { ImageTransform } from '../../src/media-transform.ts';
import { sentImage } from '../../src/tokens/sent-media.ts';
import { pngBytes } from '../helpers/media.ts';

const versionOf = () => '1.2.3';
const prepare = (bytes: Buffer, mediaType: string, rules: ImageTransform, key = 'a') =>
  prepareImage({ bytes, mediaType }, { ...rules, key }, '"a"', { versionOf });

const grey = (level: number, width = 64, height = 48) =>
  sharp({ create: { width, height, channels: 3, background: { r: level, g: level, b: level } } });
const stripes = () =>
  sharp(Buffer.from(Array.from({ length: 64 * 64 }, (_, at) => (at % 8 < 4 ? 0 : 255))), {
    raw: { width: 64, height: 64, channels: 1 },
  });

/** Mean and deviation of all values of an image. */
async function spreadOf(bytes: Buffer) {
  const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const mean = data.reduce((total, value) => total + value, 0) / data.length;
  const squares = data.reduce((total, value) => total + (value - mean) ** 2, 0) / data.length;
  return { mean, deviation: Math.sqrt(squares) };
}

test('jpeg encodes once at its quality, also what is a JPEG already', async () => {
  const source = await stripes().jpeg({ quality: 95 }).toBuffer();

  const good = await prepare(source, 'image/jpeg', { stress: { kind: 'jpeg', level: 80 } });
  const bad = await prepare(source, 'image/jpeg', { stress: { kind: 'jpeg', level: 5 } });

  expect([good.mediaType, good.codec]).toEqual(['image/jpeg', 'sharp 1.2.3']);
  expect(good.bytes).not.toEqual(source);
  expect(bad.bytes.length).toBeLessThan(good.bytes.length);
  expect(bad.bytes).toEqual(await sharp(source).toColourspace('srgb').jpeg({ quality: 5 }).toBuffer());
});

test('a model with a form of its own gets it after the step', async () => {
  const source = await stripes().png().toBuffer();

  const sent = await prepare(source, 'image/png', { format: 'png', maxEdge: 32, stress: { kind: 'jpeg', level: 1 } });

  expect(sent.mediaType).toBe('image/png');
  expect(await sharp(sent.bytes).metadata()).toMatchObject({ format: 'png', width: 32, height: 32 });
});

test('noise has its deviation, is repeated by its seed, and differs between images', async () => {
  const source = await grey(128).png().toBuffer();
  const noisy = (seed: number, key: string) =>
    prepare(source, 'image/png', { stress: { kind: 'noise', level: 20, seed } }, key);

  const [first, again, other, key] = await Promise.all([noisy(1, 'a'), noisy(1, 'a'), noisy(2, 'a'), noisy(1, 'b')]);

  expect(first.mediaType).toBe('image/png');
  const { mean, deviation } = await spreadOf(first.bytes);
  expect(Math.abs(mean - 128)).toBeLessThan(1);
  expect(Math.abs(deviation - 20)).toBeLessThan(1);
  expect(again.bytes).toEqual(first.bytes);
  expect(other.bytes).not.toEqual(first.bytes);
  expect(key.bytes).not.toEqual(first.bytes);
});

test('blur takes contrast away', async () => {
  const source = await stripes().png().toBuffer();

  const sent = await prepare(source, 'image/png', { stress: { kind: 'blur', level: 4 } });

  expect((await spreadOf(source)).deviation).toBeGreaterThan(120);
  expect((await spreadOf(sent.bytes)).deviation).toBeLessThan(30);
});

test('what a turned image does not cover, and what is transparent, is white', async () => {
  const clear = await sharp({
    create: { width: 40, height: 20, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();

  const turned = await prepare(await grey(0).png().toBuffer(), 'image/png', { stress: { kind: 'rotate', level: 45 } });
  const flat = await prepare(clear, 'image/png', { stress: { kind: 'blur', level: 1 } });

  const { data } = await sharp(turned.bytes).raw().toBuffer({ resolveWithObject: true });
  expect([...data.subarray(0, 3)]).toEqual([255, 255, 255]);
  expect(await spreadOf(flat.bytes)).toEqual({ mean: 255, deviation: 0 });
});

test.each([
  ['image/png', 'image/png'],
  ['image/jpeg', 'image/jpeg'],
  ['image/webp', 'image/jpeg'],
])('a changed %s is sent as %s', async (mediaType, sent) => {
  const source = grey(90);
  const format = mediaType.slice('image/'.length);
  const bytes = await source.toFormat(format === 'png' ? 'png' : format === 'webp' ? 'webp' : 'jpeg').toBuffer();

  expect((await prepare(bytes, mediaType, { stress: { kind: 'blur', level: 1 } })).mediaType).toBe(sent);
});

test('an image of 16 bits, and one that lies on its side, become upright ones of 8 bits', async () => {
  const deep = await sharp(pngBytes({ width: 8, height: 4 }))
    .toColourspace('rgb16')
    .png()
    .toBuffer();
  const lying = await grey(90).jpeg().withMetadata({ orientation: 6 }).toBuffer();
  const stress = { kind: 'noise', level: 1, seed: 1 } as const;

  const [sent, upright] = await Promise.all([
    prepare(deep, 'image/png', { stress }),
    prepare(lying, 'image/jpeg', { stress }),
  ]);

  expect(await sharp(sent.bytes).metadata()).toMatchObject({ depth: 'uchar', width: 8, height: 4 });
  expect(Math.abs((await spreadOf(sent.bytes)).mean - (await spreadOf(deep)).mean)).toBeLessThan(2);
  expect(await sharp(upright.bytes).metadata()).toMatchObject({ width: 48, height: 64 });
});

test('estimates know the size of a turned image', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 8, max: 200 }),
      fc.integer({ min: 8, max: 200 }),
      fc.double({ min: -180, max: 180, noNaN: true }).filter((level) => Math.abs(level) >= 0.1),
      async (width, height, level) => {
        const rules = { stress: { kind: 'rotate', level } } as const;
        const { bytes } = await prepare(await grey(1, width, height).png().toBuffer(), 'image/png', rules);

        const sent = await sharp(bytes).metadata();
        const known = sentImage({ type: 'image', width, height, orientation: 1 }, rules);

        expect(Math.abs((known.width ?? 0) - sent.width)).toBeLessThanOrEqual(1);
        expect(Math.abs((known.height ?? 0) - sent.height)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 20 },
  );
});
