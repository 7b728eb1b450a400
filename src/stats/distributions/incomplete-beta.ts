/** The regularized incomplete beta function. */

import { binomialDensity } from './binomial.ts';

/** Replaces 0 where the continued fraction would divide by it. */
const TINY = 1e-300;

/**
 * I_x(a, b) for a, b > 0 and x in [0, 1]; `y` = 1 - x is given where the caller knows it with more digits.
 * Continued fraction of Abramowitz and Stegun 26.5.8 by Lentz's method (Press et al. 2007, "Numerical Recipes", 6.4).
 */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, y, x);
  // x^a y^b / B(a, b) as a binomial density.
  const front = (binomialDensity(a, a + b, x, y) * b) / (a + b);
  return front * continuedFraction(a, b, x);
}

function continuedFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; ; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) <= 2 * Number.EPSILON) return value;
  }
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
