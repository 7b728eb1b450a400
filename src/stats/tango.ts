/** The interval of the difference between two shares of the same samples. */

import { bisect } from './bisect.ts';
import { requireBetween, requireCount } from './check-arguments.ts';
import { normalCumulative } from './distributions/normal-cumulative.ts';
import { normalQuantile } from './distributions/normal-quantile.ts';
import { CONFIDENCE, requireConfidence } from './estimate.ts';

/**
 * Tango's score interval of (onlyA - onlyB) / n, the paired difference of proportions (Tango 1998, Statistics in
 * Medicine 17:891). It exists also without discordant pairs,
 * where it is +- z^2 / (n + z^2). null = there are no pairs.
 */
export function tangoInterval(
  onlyA: number,
  onlyB: number,
  n: number,
  confidence = CONFIDENCE,
): readonly [low: number, high: number] | null {
  requireCounts(onlyA, onlyB, n);
  requireConfidence(confidence);
  if (n === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const difference = (onlyA - onlyB) / n;
  // The score falls as the assumed difference rises.
  return [
    bisect(-1, difference, (assumed) => score(onlyA, onlyB, n, assumed) > z),
    bisect(difference, 1, (assumed) => score(onlyA, onlyB, n, assumed) > -z),
  ];
}

/**
 * Tango's test that A is worse than B by less than `margin`, which is above 0 and below 1 (Tango 1998).
 * A small p shows that A is not inferior. null = there are no pairs.
 */
export function tangoNonInferiority(
  onlyA: number,
  onlyB: number,
  n: number,
  margin: number,
): { readonly z: number; readonly p: number } | null {
  requireCounts(onlyA, onlyB, n);
  requireBetween('margin', margin, 0, 1);
  if (n === 0) return null;
  const z = score(onlyA, onlyB, n, -margin);
  return { z, p: normalCumulative(-z) };
}

/** Standardised distance of the data from an assumed difference. */
function score(onlyA: number, onlyB: number, n: number, assumed: number): number {
  const distance = onlyA - onlyB - n * assumed;
  const share = shareOfOnlyB(onlyA, onlyB, n, assumed);
  const deviation = Math.sqrt(Math.max(0, n * (2 * share + assumed * (1 - assumed))));
  return distance === 0 ? 0 : distance / deviation;
}

/** The most likely share of pairs that only B passes, if the difference is as assumed: the larger root of a quadratic. */
function shareOfOnlyB(onlyA: number, onlyB: number, n: number, assumed: number): number {
  const a = 2 * n;
  const b = -onlyA - onlyB + (2 * n - onlyA + onlyB) * assumed;
  const c = -onlyB * assumed * (1 - assumed);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  if (b <= 0) return (root - b) / (2 * a);
  // The same root without the difference of two nearly equal numbers.
  return (-2 * c) / (b + root);
}

function requireCounts(onlyA: number, onlyB: number, n: number): void {
  requireCount('n', n);
  requireCount('onlyA', onlyA, 0, n);
  requireCount('onlyB', onlyB, 0, n - onlyA);
}
