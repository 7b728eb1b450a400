/** Plans a comparison in pass or fail: how often the exact McNemar test sees a difference, and how many samples that takes. */

import { bisect } from '../bisect.ts';
import { requireBetween, requireCount } from '../check-arguments.ts';
import { binomialAtMost, binomialDensity } from '../distributions/binomial.ts';
import { fewest } from './fewest.ts';
import { samplesNeededNormal } from './power.ts';

/** A true difference in pass or fail. */
export interface PassFailDesign {
  /** Pass rate of B less that of A, not 0, from -1 to 1. */
  readonly difference: number;
  /** Share of the samples that only one of them passes; at least the size of the difference. */
  readonly discordant: number;
  /** Chance of an alarm without a difference, at most. */
  readonly alpha?: number;
  /** Chance of an alarm with the difference. */
  readonly power?: number;
}

const ALPHA = 0.05; // Usual level, as of every interval here.
const POWER = 0.8; // Cohen 1988, section 2.4.

/** Counts of discordant samples further than this many standard deviations from their mean add nothing to four digits. */
const DEVIATIONS = 8;

/**
 * Chance that the exact two-sided McNemar test of n samples is significant: the number of discordant samples is binomial, and
 * of these the ones in favour of B are (Miettinen 1968, "The matched pairs design in the case of all-or-none responses";
 * unconditional exact power as in Duffy 1984).
 */
export function mcnemarPower(n: number, design: PassFailDesign): number {
  requireCount('n', n, 1);
  const { difference, discordant, alpha } = checked(design);
  const towardsB = Math.min(1, Math.max(0, (discordant + difference) / (2 * discordant)));
  if (discordant === 1) return alarms(n, criticalCount(n, alpha, null), towardsB);
  const spread = DEVIATIONS * Math.sqrt(n * discordant * (1 - discordant)) + DEVIATIONS;
  const last = Math.min(n, Math.ceil(n * discordant + spread));
  let critical: number | null = null;
  let power = 0;
  for (let d = Math.max(0, Math.floor(n * discordant - spread)); d <= last; d += 1) {
    critical = criticalCount(d, alpha, critical);
    power += binomialDensity(d, n, discordant, 1 - discordant) * alarms(d, critical, towardsB);
  }
  return Math.min(1, power);
}

/** The fewest samples with which the exact McNemar test has the power of the design. */
export function mcnemarSamples(design: PassFailDesign): number {
  const { difference, discordant, alpha, power } = checked(design);
  const size = Math.abs(difference);
  // The t test needs nearly as many: the search begins there.
  const deviation = Math.sqrt(Math.max(discordant - size * size, discordant * size));
  const guess = samplesNeededNormal(size, { deviation, alpha, power });
  return fewest(1, guess, (n) => mcnemarPower(n, design) >= power);
}

/** The smallest difference that n samples see with the power of the design; null = not even that all discordant samples favour one. */
export function mcnemarDetectable(n: number, design: Omit<PassFailDesign, 'difference'>): number | null {
  const { discordant, power } = checked({ ...design, difference: design.discordant });
  const isTooSmall = (difference: number) => mcnemarPower(n, { ...design, difference }) < power;
  if (isTooSmall(discordant)) return null;
  return bisect(discordant * 1e-6, discordant, isTooSmall);
}

/** The largest count on the smaller side, of d discordant samples, that is significant; -1 = none is. `near` is that of d - 1. */
function criticalCount(d: number, alpha: number, near: number | null): number {
  const isSignificant = (k: number) => 2 * binomialAtMost(k, d, 0.5) <= alpha;
  let k = near ?? Math.floor(d / 2 - Math.sqrt(d));
  while (k >= 0 && !isSignificant(k)) k -= 1;
  while (k + 1 < d / 2 && isSignificant(k + 1)) k += 1;
  return Math.max(-1, k);
}

/** Chance that at most `critical` of d coins with the chance `towardsB` fall on either side. */
function alarms(d: number, critical: number, towardsB: number): number {
  if (critical < 0) return 0;
  if (towardsB === 0 || towardsB === 1) return 1;
  return binomialAtMost(critical, d, towardsB) + binomialAtMost(critical, d, 1 - towardsB);
}

function checked({ difference, discordant, alpha = ALPHA, power = POWER }: PassFailDesign): Required<PassFailDesign> {
  requireBetween('discordant', discordant, 0, 1 + Number.EPSILON);
  if (!(Math.abs(difference) > 0 && Math.abs(difference) <= discordant))
    throw new RangeError(
      `difference is ${difference}; it must not be 0, and at most the discordant share ${discordant}`,
    );
  requireBetween('alpha', alpha, 0, 1);
  requireBetween('power', power, alpha, 1);
  return { difference, discordant, alpha, power };
}
