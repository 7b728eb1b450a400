/** Probabilities of the binomial distribution. */

/** Terms smaller than this against their sum add nothing to a double. */
const NEGLIGIBLE = 2 ** -60;

/** P(X <= k) for n trials that succeed with probability p in (0, 1); summed from k away from the mean. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  if (k > n * p) return 1 - binomialAtMost(n - k - 1, n, 1 - p);
  let term = binomialDensity(k, n, p, 1 - p);
  let total = term;
  for (let j = k; j > 0 && term > NEGLIGIBLE * total; j -= 1) {
    term *= (j / (n - j + 1)) * ((1 - p) / p);
    total += term;
  }
  return Math.min(1, total);
}

/**
 * n! / (x! (n - x)!) p^x q^(n - x), also between whole numbers; q = 1 - p is given so that neither loses digits.
 * Saddle-point form (Loader 2000, "Fast and accurate computation of binomial probabilities"): no large logarithms cancel.
 */
export function binomialDensity(x: number, n: number, p: number, q: number): number {
  if (x === 0) return Math.exp(n * Math.log1p(-p));
  if (x === n) return Math.exp(n * Math.log1p(-q));
  const exponent =
    stirlingError(n) - stirlingError(x) - stirlingError(n - x) - deviance(x, n * p) - deviance(n - x, n * q);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * x * (n - x)));
}

/** Above this the first terms of Stirling's series are exact to double precision. */
const LARGE = 16;

/** log(x!) less Stirling's approximation of it, for x > 0. */
function stirlingError(x: number): number {
  // From x to x + 1, until the series holds.
  if (x < LARGE) return stirlingError(x + 1) + (x + 0.5) * Math.log1p(1 / x) - 1;
  const inverse = 1 / (x * x);
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - inverse / 1188) * inverse) * inverse) * inverse) / x;
}

/** x log(x / mean) + mean - x, without cancellation when x is near the mean. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x;
  const v = difference / (x + mean);
  let total = difference * v;
  let power = 2 * x * v;
  for (let k = 3; ; k += 2) {
    power *= v * v;
    const next = total + power / k;
    if (next === total) return total;
    total = next;
  }
}
