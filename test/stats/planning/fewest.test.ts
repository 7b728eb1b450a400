import fc from 'fast-check';
import { test } from 'vitest';
import { fewest } from '../../../src/stats/planning/fewest.ts';

test('finds the first number that is enough, wherever the search begins', () => {
  const whole = fc.integer({ min: 2, max: 100_000 });
  fc.assert(fc.property(whole, whole, (wanted, guess) => fewest(2, guess, (n) => n >= wanted) === wanted));
});
