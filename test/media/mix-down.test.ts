import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mixDown } from '../../src/media/mix-down.ts';

const samples = (length: number) =>
  fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: length, maxLength: length });

test('one channel is kept as it is', () => {
  fc.assert(
    fc.property(samples(5), (channel) => {
      expect(mixDown([Float32Array.from(channel)], 5)).toEqual(Float32Array.from(channel, (value) => value + 0));
    }),
  );
});

test('several channels become their mean', () => {
  fc.assert(
    fc.property(fc.array(samples(4), { minLength: 2, maxLength: 6 }), (channels) => {
      const mono = mixDown(
        channels.map((channel) => Float32Array.from(channel)),
        4,
      );

      for (const [index, value] of mono.entries()) {
        const mean = channels.reduce((sum, channel) => sum + (channel[index] ?? 0), 0) / channels.length;
        expect(value).toBeCloseTo(mean, 5);
      }
    }),
  );
});

test('a decoder may give more than the samples it counts', () => {
  expect(mixDown([Float32Array.of(1, 0.5, 9), Float32Array.of(0, 0.5, 9)], 2)).toEqual(Float32Array.of(0.5, 0.5));
});
