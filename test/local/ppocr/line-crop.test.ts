import { expect, test } from 'vitest';
import type { RgbImage } from '../../../src/local/image.ts';
import { cropLine, quarterTurn, STRIP_HEIGHT } from '../../../src/local/ppocr/line-crop.ts';

/** Red grows to the right, green downwards, blue is 40 everywhere. */
const RAMP: RgbImage = {
  width: 100,
  height: 60,
  data: Uint8Array.from({ length: 3 * 100 * 60 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    return [2 * (pixel % 100), 4 * Math.floor(pixel / 100), 40][index % 3] ?? 0;
  }),
};
const BOX = { centerX: 50, centerY: 30, width: 48, height: 24, angle: 0 };

function at(
  strip: { readonly planes: Float32Array; readonly width: number },
  plane: number,
  row: number,
  column: number,
) {
  return 255 * (strip.planes[plane * STRIP_HEIGHT * strip.width + row * strip.width + column] ?? Number.NaN);
}

test('scales a box to the strip’s height, in the order blue, green, red', () => {
  const strip = cropLine(RAMP, BOX);
  expect(strip.width).toBe(96);
  expect(at(strip, 0, 20, 40)).toBeCloseTo(40, 3);
  // The middle of strip pixel (0, 0) lies a quarter pixel inside the box's corner at (26, 18).
  expect(at(strip, 1, 0, 0)).toBeCloseTo(4 * 17.75, 3);
  expect(at(strip, 2, 0, 0)).toBeCloseTo(2 * 25.75, 3);
});

test('repeats the border beyond the image', () => {
  const strip = cropLine(RAMP, { ...BOX, centerX: -100, centerY: -100 });
  expect(at(strip, 2, 10, 10)).toBeCloseTo(0, 3);
  expect(at(strip, 1, 10, 10)).toBeCloseTo(0, 3);
});

test('reads a tall box along its height when turned', () => {
  const tall = { ...BOX, width: 12, height: 48 };
  const down = cropLine(RAMP, quarterTurn(tall, 1));
  const up = cropLine(RAMP, quarterTurn(tall, -1));
  expect(down.width).toBe(192);
  expect(at(down, 1, 24, 0)).toBeLessThan(at(down, 1, 24, 191));
  expect(at(up, 1, 24, 0)).toBeGreaterThan(at(up, 1, 24, 191));
});

test.each([
  [{ ...BOX, width: 1, height: 40 }, 16],
  [{ ...BOX, width: 9000, height: 40 }, 3200],
])('keeps the width of the strip of %j at %d', (box, width) => {
  expect(cropLine(RAMP, box).width).toBe(width);
});
