/** The cumulative distribution function of the standard normal distribution. */

/** Beyond this the continued fraction is more exact than the series, because nothing cancels. */
const TAIL = 3;

/** Levels of the continued fraction: at `TAIL` more change nothing. */
const LEVELS = 150;

/**
 * P(Z <= z), to about 1e-13 relative in both tails. Near 0 the series of Marsaglia 2004 ("Evaluating the
 * normal distribution"), in the tails Laplace's continued fraction (Abramowitz and Stegun 26.2.14).
 */
export function normalCumulative(z: number): number {
  if (z > TAIL) return 1 - tail(z);
  if (z < -TAIL) return tail(-z);
  let term = z;
  let series = z;
  for (let k = 3; Math.abs(term) > Number.EPSILON * 1e-3 * Math.abs(series); k += 2) {
    term *= (z * z) / k;
    series += term;
  }
  return 0.5 + series * density(z);
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(Z > z) for z > 0. */
function tail(z: number): number {
  if (z === Number.POSITIVE_INFINITY) return 0;
  let fraction = z;
  for (let k = LEVELS; k > 0; k -= 1) fraction = z + k / fraction;
  return density(z) / fraction;
}
