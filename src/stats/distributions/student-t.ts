/** Student's t distribution: quantile and tail. */

import { bisect } from '../bisect.ts';
import { incompleteBeta } from './incomplete-beta.ts';
import { normalQuantile } from './normal-quantile.ts';

/** Above this the expansion around the normal quantile is exact to double precision, and faster. */
const MANY = 1000;

/** P(T > t) for degrees of freedom above 0, to about 1e-13 relative (Abramowitz and Stegun 26.7.1). */
export function studentTAbove(t: number, degreesOfFreedom: number): number {
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return t > 0 ? 0 : 1;
  const total = degreesOfFreedom + square;
  const half = incompleteBeta(degreesOfFreedom / 2, 0.5, degreesOfFreedom / total, square / total) / 2;
  return t > 0 ? half : 1 - half;
}

/**
 * t with P(T <= t) = p for p in (0, 1), to about 1e-13 relative. Newton steps in the angle atan(t / sqrt(df)) on the
 * finite trigonometric series of the distribution function (Abramowitz and Stegun 26.7.3 and 26.7.4); more than `MANY`
 * degrees of freedom by the expansion 26.7.5; fractions, which only sample sizes need, by bisection.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (p < 0.5) return -studentTQuantile(1 - p, degreesOfFreedom);
  if (degreesOfFreedom > MANY) return expansion(normalQuantile(p), degreesOfFreedom);
  if (!Number.isInteger(degreesOfFreedom)) return byBisection(1 - p, degreesOfFreedom);
  const target = 2 * p - 1;
  const peak = densityAtZero(degreesOfFreedom);
  // `inside` is concave in the angle, so Newton steps from 0 approach the root from below and never overshoot.
  let angle = 0;
  for (;;) {
    const step = (target - inside(angle, degreesOfFreedom)) / (peak * Math.cos(angle) ** (degreesOfFreedom - 1));
    const next = angle + step;
    if (!(next > angle) || next >= Math.PI / 2) return Math.sqrt(degreesOfFreedom) * Math.tan(angle);
    angle = next;
  }
}

function byBisection(tail: number, degreesOfFreedom: number): number {
  let high = 2;
  while (studentTAbove(high, degreesOfFreedom) > tail) high *= 2;
  return bisect(0, high, (t) => studentTAbove(t, degreesOfFreedom) > tail);
}

/** P(|T| <= sqrt(df) tan(angle)). */
function inside(angle: number, degreesOfFreedom: number): number {
  const odd = degreesOfFreedom % 2 === 1;
  const cosine = Math.cos(angle);
  let term = odd ? cosine : 1;
  let series = degreesOfFreedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degreesOfFreedom; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    series += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * series) : Math.sin(angle) * series;
}

/** Derivative of `inside` by the angle at 0. */
function densityAtZero(degreesOfFreedom: number): number {
  let density = degreesOfFreedom % 2 === 1 ? 2 / Math.PI : 1;
  for (let k = degreesOfFreedom % 2 === 1 ? 1 : 2; k < degreesOfFreedom; k += 2) density *= (k + 1) / k;
  return density;
}

function expansion(z: number, degreesOfFreedom: number): number {
  const square = z * z;
  const terms = [
    (square + 1) / 4,
    ((5 * square + 16) * square + 3) / 96,
    (((3 * square + 19) * square + 17) * square - 15) / 384,
    ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
  ];
  return z * (1 + terms.reduceRight((sum, term) => (sum + term) / degreesOfFreedom, 0));
}
