/** A confidence sequence for the mean of a finite list that is read in random order: it may be looked at after every value. */

import { bisect } from '../bisect.ts';
import { requireBetween, requireCount } from '../check-arguments.ts';

/**
 * Stakes on one hypothetical mean, as shares of what may be staked when values are from 0 to 1. Any stakes keep the coverage;
 * a geometric list of them comes close to the best one for small differences and for large ones.
 */
const STAKES: readonly number[] = Array.from({ length: 6 }, (_, index) => 1.5 * 1.8 ** -index);

/** No stake may lose more than this part of the capital, so that a gambler is never ruined. */
const MOST_STAKED = 0.95;

/** Sums of values such as 1/3 are off by less than this. */
const ROUNDING = 1e-9;

/** Bets against the hypothesis that the mean of the whole list is at most, or at least, a bound. */
export interface Wager {
  /** `population` is the length of the whole list. Values are from 0 to 1; at most `population` of them. */
  add(value: number, population: number): void;
  /** The largest capital so far, from 1; Infinity = the values so far contradict the hypothesis. */
  evidence(): number;
}

/**
 * If the mean is at most `bound` (`side` above) or at least it (`side` below), the capital grows to 1/alpha with a chance of at
 * most alpha, however often one looks (Ville's inequality): each value is compared with the mean that the rest of the list
 * would have then, and a mean over several stakes of a capital that cannot grow on average cannot grow on average
 * (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting", section 5: without replacement).
 */
export function createWager(bound: number, side: 'above' | 'below'): Wager {
  requireBetween('bound', bound, -1, 2);
  const capitals = STAKES.map(() => 1 / STAKES.length);
  let [total, count, most] = [0, 0, 1];
  const bet = (value: number, expected: number) => {
    const room = side === 'above' ? expected : 1 - expected;
    const gain = side === 'above' ? value - expected : expected - value;
    let capital = 0;
    for (const [index, stake] of STAKES.entries()) {
      const staked = room <= 0 ? stake : Math.min(stake, MOST_STAKED / room);
      const next = (capitals[index] ?? 0) * (1 + staked * gain);
      capitals[index] = next;
      capital += next;
    }
    most = Math.max(most, capital);
  };
  /** Whether the rest of the list would need a mean that no list has. */
  const isImpossible = (rest: number, left: number) => (side === 'above' ? rest < -ROUNDING : rest > left + ROUNDING);
  return {
    add(value, population) {
      requireCount('population', population, count + 1);
      const rest = population * bound - total;
      const left = population - count;
      total += value;
      count += 1;
      if (isImpossible(rest, left) || isImpossible(rest - value, left - 1)) most = Number.POSITIVE_INFINITY;
      else bet(value, rest / left);
    },
    evidence: () => most,
  };
}

/** A value with the length of the list as it was known then. */
export interface SequenceValue {
  readonly value: number;
  readonly population: number;
}

/**
 * The interval of the mean after the values so far: the means against which neither wager has reached 2/alpha. Together, the
 * intervals after every value cover the mean with a chance of at least 1 - alpha.
 */
export function bettingInterval(values: readonly SequenceValue[], alpha: number): readonly [low: number, high: number] {
  requireBetween('alpha', alpha, 0, 1);
  const isExcluded = (mean: number, side: 'above' | 'below') => {
    const wager = createWager(mean, side);
    for (const { value, population } of values) {
      wager.add(value, population);
      if (wager.evidence() >= 2 / alpha) return true;
    }
    return false;
  };
  const low = isExcluded(0, 'above') ? bisect(0, 1, (mean) => isExcluded(mean, 'above')) : 0;
  const high = isExcluded(1, 'below') ? bisect(0, 1, (mean) => !isExcluded(mean, 'below')) : 1;
  return [low, high];
}
