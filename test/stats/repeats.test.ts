import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averageRepeats } from '../../src/stats/repeats.ts';

test('repeats of a sample become their mean, in the order of first values', () => {
  const { samples, means } = averageRepeats([1, 0, 1, 0.5, 0], ['b', 'a', 'b', 'c', 'b']);

  expect(samples).toEqual(['b', 'a', 'c']);
  expect([...means]).toEqual([2 / 3, 0, 0.5]);
});

test('ids are text or numbers, and 1 is not "1"', () => {
  expect(averageRepeats([1, 2], [1, '1']).samples).toEqual([1, '1']);
});

test('nothing has no samples', () => {
  expect(averageRepeats([], [])).toEqual({ samples: [], means: new Float64Array() });
});

test('a mean lies between the values of its sample', () => {
  const repeat = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(repeat), (repeats) => {
      const { samples, means } = averageRepeats(
        repeats.map(([, value]) => value),
        repeats.map(([id]) => id),
      );
      expect(new Set(samples)).toEqual(new Set(repeats.map(([id]) => id)));
      for (const [index, id] of samples.entries()) {
        const own = repeats.flatMap(([sample, value]) => (sample === id ? [value] : []));
        expect(means[index]).toBeGreaterThanOrEqual(Math.min(...own) - 1e-12);
        expect(means[index]).toBeLessThanOrEqual(Math.max(...own) + 1e-12);
      }
    }),
  );
});

test('a missing score or a missing id is a bug of the caller', () => {
  expect(() => averageRepeats([1, Number.NaN], ['a', 'b'])).toThrow(
    new RangeError('values[1] is NaN; every value must be a finite number'),
  );
  expect(() => averageRepeats([1, 2], ['a'])).toThrow(new RangeError('sampleIds has 1 entries for 2 values'));
});
