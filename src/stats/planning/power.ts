/** Plans a comparison: what difference n samples can see, and how many samples a difference needs. */

import { bisect } from '../bisect.ts';
import { requireBetween } from '../check-arguments.ts';
import { noncentralTAbove } from '../distributions/noncentral-t.ts';
import { normalQuantile } from '../distributions/normal-quantile.ts';
import { studentTQuantile } from '../distributions/student-t.ts';
import { fewest } from './fewest.ts';

/** The design of a two-sided test of paired differences. */
export interface Design {
  /** Standard deviation of the differences, above 0. */
  readonly deviation: number;
  /** Chance of an alarm without a difference. */
  readonly alpha?: number;
  /** Chance of an alarm with the difference. */
  readonly power?: number;
}

const ALPHA = 0.05; // Usual level, as of every interval here.
const POWER = 0.8; // Cohen 1988, section 2.4.

/** Standard deviation of pass/fail differences (+1, 0, -1) when `discordantRate` of the samples differ and no model is better. */
export function discordantDeviation(discordantRate: number): number {
  if (!(discordantRate > 0 && discordantRate <= 1)) {
    throw new RangeError(`discordantRate is ${discordantRate}; it must be above 0 and at most 1`);
  }
  return Math.sqrt(discordantRate);
}

/**
 * Samples that a paired t test needs to see `difference`; round up (Cohen 1988, section 2.4; as R's
 * `power.t.test(type = "paired")`, which neglects alarms in the wrong direction, too). At least 2.
 */
export function samplesNeeded(difference: number, design: Design): number {
  requireBetween('difference', difference, 0, Number.POSITIVE_INFINITY);
  const { deviation, power } = checked(design);
  const isTooFew = (n: number) => powerOf(n, difference / deviation, design) < power;
  let many = 4;
  while (isTooFew(many)) many *= 2;
  return isTooFew(2) ? bisect(2, many, isTooFew) : 2;
}

/** `samplesNeeded` in whole samples, which is much faster. */
export function wholeSamplesNeeded(difference: number, design: Design): number {
  const { power } = checked(design);
  return fewest(2, samplesNeededNormal(difference, design), (n) => pairedTPower(n, difference, design) >= power);
}

/** Chance that a paired t test of n samples, at least 2, sees the difference. */
export function pairedTPower(n: number, difference: number, design: Design): number {
  requireBetween('difference', difference, 0, Number.POSITIVE_INFINITY);
  return powerOf(n, difference / checked(design).deviation, design);
}

/** Smallest difference that a paired t test of n samples sees with the given power. null = fewer than 2 samples. */
export function detectableDifference(n: number, design: Design): number | null {
  requireBetween('n', n, 0, Number.POSITIVE_INFINITY);
  const { deviation, power } = checked(design);
  if (n < 2) return null;
  const isTooSmall = (ratio: number) => powerOf(n, ratio, design) < power;
  let large = 4 / Math.sqrt(n);
  while (isTooSmall(large)) large *= 2;
  return deviation * bisect(0, large, isTooSmall);
}

/** `samplesNeeded` by the normal approximation, ((z(1 - alpha/2) + z(power)) deviation / difference)^2. */
export function samplesNeededNormal(difference: number, design: Design): number {
  requireBetween('difference', difference, 0, Number.POSITIVE_INFINITY);
  return (distance(design) / difference) ** 2;
}

/** `detectableDifference` by the normal approximation, for pass/fail scores with `discordantDeviation`. */
export function detectableDifferenceNormal(n: number, design: Design): number {
  requireBetween('n', n, 0, Number.POSITIVE_INFINITY);
  return distance(design) / Math.sqrt(n);
}

function distance(design: Design): number {
  const { deviation, alpha, power } = checked(design);
  return (normalQuantile(1 - alpha / 2) + normalQuantile(power)) * deviation;
}

/** Chance that the test of n samples sees a difference of `ratio` standard deviations. */
function powerOf(n: number, ratio: number, { alpha = ALPHA }: Design): number {
  return noncentralTAbove(studentTQuantile(1 - alpha / 2, n - 1), n - 1, Math.sqrt(n) * ratio);
}

function checked({ deviation, alpha = ALPHA, power = POWER }: Design): Required<Design> {
  requireBetween('deviation', deviation, 0, Number.POSITIVE_INFINITY);
  requireBetween('alpha', alpha, 0, 1);
  // A test without any power still alarms by chance.
  requireBetween('power', power, alpha, 1);
  return { deviation, alpha, power };
}
