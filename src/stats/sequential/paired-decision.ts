/** Decides between two models while their samples are asked in random order. */

import { bettingInterval, createWager, type SequenceValue } from './betting.ts';

/** `better`, `worse`: B against A. `within`: they differ by at most the margin. `open`: not decided. */
export type SequentialConclusion = 'better' | 'worse' | 'within' | 'open';

export interface DecisionOptions {
  /** Chance that the sequence ever excludes the true difference, at most. */
  readonly alpha: number;
  /** Differences up to this one do not matter, above 0 and at most 1; null = every difference matters. */
  readonly margin: number | null;
}

export interface PairedDecision {
  /** The next difference B - A, from -1 to 1, of so many samples in all; ignored once it is decided. */
  add(difference: number, population: number): void;
  conclusion(): SequentialConclusion;
  /** Samples that were used. */
  count(): number;
  /** Of these samples; null = none. */
  difference(): number | null;
  /** Of the mean difference over all samples of the list, see `bettingInterval`. */
  interval(): readonly [low: number, high: number];
}

/**
 * Ends as soon as the confidence sequence of the mean difference is on one side of zero, or within the margin. Since all looks
 * belong to one sequence, a wrong end has a chance of at most alpha; zero is excluded at alpha / 2 on each side.
 */
export function createPairedDecision({ alpha, margin }: DecisionOptions): PairedDecision {
  const enough = 2 / alpha;
  /** Differences from -1 to 1 are read as values from 0 to 1. */
  const asValue = (difference: number) => (difference + 1) / 2;
  const wagers = {
    above: createWager(0.5, 'above'),
    below: createWager(0.5, 'below'),
    notWorse: margin === null ? null : createWager(asValue(-margin), 'above'),
    notBetter: margin === null ? null : createWager(asValue(margin), 'below'),
  };
  const values: SequenceValue[] = [];
  let total = 0;
  let conclusion: SequentialConclusion = 'open';
  const isSure = (name: keyof typeof wagers) => (wagers[name]?.evidence() ?? 0) >= enough;
  const concluded = (): SequentialConclusion => {
    if (isSure('above')) return 'better';
    if (isSure('below')) return 'worse';
    return isSure('notWorse') && isSure('notBetter') ? 'within' : 'open';
  };
  return {
    add(difference, population) {
      if (conclusion !== 'open') return;
      const value = asValue(difference);
      for (const wager of Object.values(wagers)) wager?.add(value, population);
      values.push({ value, population });
      total += difference;
      conclusion = concluded();
    },
    conclusion: () => conclusion,
    count: () => values.length,
    difference: () => (values.length === 0 ? null : total / values.length),
    interval: () => {
      const [low, high] = bettingInterval(values, alpha);
      return [2 * low - 1, 2 * high - 1];
    },
  };
}
