/** Decides whether paired values are worse than a margin allows: shown to be worse, shown not to be, or neither. */

import type { Clusters } from '../stats/clusters.ts';
import { comparePairs, type PairedComparison } from '../stats/compare-pairs.ts';
import { normalQuantile } from '../stats/distributions/normal-quantile.ts';
import { holm } from '../stats/holm.ts';
import type { ScoreKind } from '../stats/methods.ts';
import { detectableDifferenceNormal, samplesNeededNormal } from '../stats/planning/power.ts';

/** Chance of an alarm when nothing is worse, over all gates of one level. */
const ALPHA = 0.05;

/** Fewer pairs than this cannot show anything: even if all of them are worse, chance explains it (2^-4 is above ALPHA). */
const MIN_PAIRS = 5;

/** Of the generator that draws sign vectors, so that equal inputs have equal verdicts. */
const SEED = 1;

/** A difference that only rounding made. */
const ROUNDING = 1e-9;

/** Values of the baseline and of the run, sample by sample. */
export interface PairedGate {
  readonly kind: Exclude<ScoreKind, 'pooled'>;
  readonly baseline: ArrayLike<number>;
  readonly run: ArrayLike<number>;
  readonly clusters: Clusters;
  readonly higherIsBetter: boolean;
  /** The loss that is allowed, in the unit of the values. */
  readonly margin: number;
  /** The loss to compare with the margin where it is not the mean difference, e.g. that of medians. */
  readonly loss?: number;
}

/** All in the unit of the values; a loss is positive when the run is worse. */
export interface Decision {
  readonly verdict: 'pass' | 'inconclusive' | 'regressed';
  readonly n: number;
  /** null = nothing to compare. */
  readonly loss: number | null;
  /** 95 % sure that the loss is not larger; null = not known. */
  readonly lossAtMost: number | null;
  readonly p: number | null;
  readonly pHolm: number | null;
  /** The loss that so many pairs show in 4 of 5 runs; null = not known. */
  readonly visible: number | null;
  /** Samples that would show in 4 of 5 runs that nothing is lost; null = not known. */
  readonly samplesNeeded: number | null;
}

/** Decides over gates that are judged together: the more of them, the smaller each p has to be (Holm). */
export function decideTogether(gates: readonly PairedGate[]): readonly Decision[] {
  const compared = gates.map(compare);
  const adjusted = holm(compared.map(({ p }) => p));
  return gates.map((gate, index) => decide(gate, compared[index] ?? compare(gate), adjusted[index] ?? null));
}

interface Compared {
  readonly comparison: PairedComparison;
  readonly p: number | null;
}

function compare({ kind, baseline, run, clusters, higherIsBetter }: PairedGate): Compared {
  const [a, b] = higherIsBetter ? [baseline, run] : [run, baseline];
  // One bound at 95 %: what is lost at most. The other bound is not used.
  const comparison = comparePairs({ kind, a, b, clusters, seed: SEED, confidence: 1 - 2 * ALPHA });
  const isEnough = independentPairs(clusters, comparison.n) >= MIN_PAIRS;
  return { comparison, p: isEnough ? (comparison.test?.pGreater ?? null) : null };
}

function decide(gate: PairedGate, { comparison, p }: Compared, pHolm: number | null): Decision {
  const { n, difference, ciHigh, reason } = comparison;
  const loss = gate.loss ?? difference;
  const units = independentPairs(gate.clusters, n);
  const { margin } = gate;
  const isAlarm = pHolm !== null && pHolm < ALPHA && loss !== null && loss > 0 && loss >= margin - ROUNDING;
  const isShown = loss !== null && units >= MIN_PAIRS && loss <= margin + ROUNDING && boundHolds();
  const verdict = isAlarm ? 'regressed' : isShown ? 'pass' : 'inconclusive';
  return { verdict, n, loss, lossAtMost: ciHigh, p, pHolm, ...plan(comparison, units, margin) };

  function boundHolds(): boolean {
    if (ciHigh !== null) return ciHigh <= margin;
    // Every pair differs by the same amount, e.g. tokens that did not change at all: there is nothing to estimate.
    return reason === 'no spread';
  }
}

/** Samples of one cluster count once. */
function independentPairs(clusters: Clusters, n: number): number {
  const seen = new Set<string | number>();
  let single = 0;
  for (let index = 0; index < n; index += 1) {
    const cluster = clusters[index] ?? null;
    if (cluster === null) single += 1;
    else seen.add(cluster);
  }
  return single + seen.size;
}

/** How far the comparison can see, about: from the width of its interval, which knows clusters and repeats. */
function plan(
  { n, difference, ciHigh, higherA, higherB }: PairedComparison,
  units: number,
  margin: number,
): Pick<Decision, 'visible' | 'samplesNeeded'> {
  if (difference === null || ciHigh === null || units < 2) return { visible: null, samplesNeeded: null };
  const z = normalQuantile(1 - ALPHA);
  const half = ciHigh - difference;
  // Without any difference the bound is z² / (n + z²).
  if (higherA + higherB === 0)
    return { visible: null, samplesNeeded: margin > 0 ? Math.ceil((z * z * (1 - margin)) / margin) : null };
  if (!(half > 0)) return { visible: null, samplesNeeded: null };
  const design = { deviation: (half / z) * Math.sqrt(n), alpha: 2 * ALPHA };
  return {
    visible: detectableDifferenceNormal(n, design),
    samplesNeeded: margin > 0 ? Math.max(n, Math.ceil(samplesNeededNormal(margin, design))) : null,
  };
}
