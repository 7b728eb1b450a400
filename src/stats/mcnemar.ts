/** The test of a difference between two models in pass or fail. */

import { requireCount } from './check-arguments.ts';
import { binomialAtMost, binomialDensity } from './distributions/binomial.ts';

/** What a test of a difference A - B found. */
export interface PairedTest {
  /** Against any difference. */
  readonly pTwoSided: number;
  /** Against A being lower. */
  readonly pLess: number;
  /** Against A being higher. */
  readonly pGreater: number;
}

/** A test with the mid-p value beside it. */
export interface McNemarTest extends PairedTest {
  /** Counts half of what is as likely as the data; less cautious than `pTwoSided`. */
  readonly pMidTwoSided: number;
}

/**
 * Exact McNemar test: of the samples that only one model passes, a fair coin decides which one (McNemar 1947; exact form
 * and mid-p in Fagerland, Lydersen and Laake 2013, "The McNemar test for binary matched-pairs data").
 * Without such samples every p is 1: no evidence of a difference.
 */
export function mcnemar(onlyA: number, onlyB: number): McNemarTest {
  requireCount('onlyA', onlyA);
  requireCount('onlyB', onlyB);
  const discordant = onlyA + onlyB;
  const smaller = Math.min(onlyA, onlyB);
  const tail = binomialAtMost(smaller, discordant, 0.5);
  return {
    pTwoSided: Math.min(1, 2 * tail),
    pLess: binomialAtMost(onlyA, discordant, 0.5),
    pGreater: binomialAtMost(onlyB, discordant, 0.5),
    pMidTwoSided: discordant === 0 ? 1 : Math.min(1, 2 * tail - binomialDensity(smaller, discordant, 0.5, 0.5)),
  };
}
