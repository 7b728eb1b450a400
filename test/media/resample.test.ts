import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resample } from '../../src/media/resample.ts';

const tone = (hertz: number, rate: number, seconds = 0.25) =>
  Float32Array.from({ length: rate * seconds }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate));

/** Root mean square of the middle, away from the edges where the filter reaches beyond the sound. */
function loudness(samples: Float32Array): number {
  const middle = samples.subarray(Math.floor(samples.length / 4), Math.floor((3 * samples.length) / 4));
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
}

test.each([
  [8000, 16_000],
  [44_100, 16_000],
  [48_000, 16_000],
  [22_050, 16_000],
])('keeps a tone of 1 kHz from %d to %d Hz as it is', (from, to) => {
  const changed = resample(tone(1000, from), from, to);
  const wanted = tone(1000, to);
  const [start, end] = [wanted.length / 4, (3 * wanted.length) / 4];
  const worst = wanted
    .subarray(start, end)
    .reduce((most, sample, index) => Math.max(most, Math.abs(sample - (changed[start + index] ?? Number.NaN))), 0);
  expect(worst).toBeLessThan(0.01);
});

test('takes away what the lower rate cannot hold', () => {
  expect(loudness(resample(tone(11_000, 48_000), 48_000, 16_000))).toBeLessThan(0.01);
});

test('the same rate is the same sound', () => {
  const samples = tone(440, 16_000);
  expect(resample(samples, 16_000, 16_000)).toBe(samples);
});

test('the length follows the ratio, and no sample is lost to nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 4000, max: 96_000 }), (length, rate) => {
      const changed = resample(new Float32Array(length).fill(0.5), rate, 16_000);
      expect(changed).toHaveLength(Math.round((length * 16_000) / rate));
      expect(changed.every((sample) => Number.isFinite(sample))).toBe(true);
    }),
  );
});
