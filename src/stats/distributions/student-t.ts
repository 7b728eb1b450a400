/** The quantile of Student's t distribution. */

import { normalQuantile } from './normal-quantile.ts';

/** Above this the expansion around the normal quantile is exact to double precision, and faster. */
const MANY = 1000;

/**
 * t with P(T <= t) = p for p in (0, 1) and a whole number of degrees of freedom, to about 1e-13 relative.
 * Newton steps in the angle atan(t / sqrt(df)) on the finite trigonometric series of the distribution function
 * (Abramowitz and Stegun 26.7.3 and 26.7.4); more than `MANY` degrees of freedom by the expansion 26.7.5.
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (p < 0.5) return -studentTQuantile(1 - p, degreesOfFreedom);
  if (degreesOfFreedom > MANY) return expansion(normalQuantile(p), degreesOfFreedom);
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
