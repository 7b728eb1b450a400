/** The noncentral t distribution: how often a t test sees a true effect. */

import { normalCumulative } from './normal-cumulative.ts';

/** Mass further than this below the peak of the density, as a logarithm, adds nothing to a double. */
const NEGLIGIBLE = 40;

/** Points of the trapezoid rule, at least. */
const POINTS = 400;

/**
 * P(T > t) for t > 0, where T = (Z + effect) / S, Z is standard normal and S^2 is chi-squared over its degrees of freedom.
 * The mean of P(Z > t s - effect) over the density of s (Johnson, Kotz and Balakrishnan 1995, chapter 31), by the trapezoid
 * rule in log(s), where the density falls off so fast that the rule is exact to about 1e-12.
 */
export function noncentralTAbove(t: number, degreesOfFreedom: number, effect: number): number {
  const logDensity = (u: number) => degreesOfFreedom * (u - Math.expm1(2 * u) / 2);
  const spread = NEGLIGIBLE / degreesOfFreedom;
  const low = -1.5 * Math.sqrt(spread) - spread;
  const high = spread < 1 ? Math.sqrt(spread) : Math.log1p(4 * spread) / 2;
  // The inner probability is steep where t s passes the effect: the step stays below that width.
  const slope = Math.min(Math.abs(effect), t * Math.exp(high));
  const step = Math.min((high - low) / POINTS, 0.5 / (slope + 1));
  let weights = 0;
  let total = 0;
  for (let u = low; u <= high; u += step) {
    const weight = Math.exp(logDensity(u));
    weights += weight;
    total += weight * normalCumulative(effect - t * Math.exp(u));
  }
  return total / weights;
}
