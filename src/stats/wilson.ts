/** Wilson's score interval of a proportion. */

import { requireCount } from './check-arguments.ts';
import { normalQuantile } from './distributions/normal-quantile.ts';
import { CONFIDENCE, requireConfidence } from './estimate.ts';

/**
 * Wilson's interval of a proportion (Wilson 1927; Newcombe 1998, method 3); a bound is exactly 0 or 1 at the ends.
 * Unlike mean +- 1.96 standard errors, it keeps its coverage near 0 and 1 and for few observations.
 * null = there are no observations.
 */
export function wilsonInterval(
  successes: number,
  n: number,
  confidence = CONFIDENCE,
): readonly [low: number, high: number] | null {
  requireCount('n', n);
  requireCount('successes', successes, 0, n);
  requireConfidence(confidence);
  if (n === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const share = successes / n;
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [
    successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    successes === n ? 1 : Math.min(1, (centre + half) / scale),
  ];
}
