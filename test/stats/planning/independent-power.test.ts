import { expect, test } from 'vitest';
import { independentSamplesNeeded } from '../../../src/stats/planning/independent-power.ts';

// Reference: scipy 1.17.1, root of stats.nct.sf(t.ppf(1 - alpha / 2, 2n - 2), 2n - 2, d sqrt(n / (va + vb))) = power.
test.each([
  [0.1, { variances: [0.16, 0.21] as const, alpha: 0.05, power: 0.8 }, 291.3720288826548],
  [0.5, { variances: [1, 1] as const, alpha: 0.01, power: 0.95 }, 144.18270375130336],
])('a difference of %d with %j takes %d samples of each model', (difference, design, n) => {
  expect(independentSamplesNeeded(difference, design)).toBe(Math.ceil(n));
});

test('a difference far above the spread still takes two samples', () => {
  expect(independentSamplesNeeded(100, { variances: [0.01, 0.01], alpha: 0.05, power: 0.8 })).toBe(2);
});
