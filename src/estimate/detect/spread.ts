/** How much the scores of two models vary: what the number of samples depends on. */

/** Variances are of `score_all`, from 0 to 1; the difference is that of one sample. */
export interface Spread {
  /** Share of the samples that only one model passes, each asked once; null = grades, or samples that share a group. */
  readonly discordant: number | null;
  /** Variance of the differences, each sample asked once. */
  readonly paired: number;
  /** The part of `paired` that differs from repeat to repeat, and shrinks by asking more often; null = not known. */
  readonly repeating: number | null;
  /** Variances of the scores of A and B, each sample asked once, for a comparison without pairs; null = not known. */
  readonly single: readonly [a: number, b: number] | null;
  /** And their parts that differ from repeat to repeat; null = not known. */
  readonly singleRepeating: readonly [a: number, b: number] | null;
  /** Bounds (95 %) of a true variance as parts of `paired`, because a pilot is small; null = not known. */
  readonly bounds: readonly [low: number, high: number] | null;
}

/** The variance of a pair's differences when each sample is asked so often; null = not known. */
export function pairedVariance({ paired, repeating }: Spread, repeats: number): number | null {
  if (repeats === 1) return paired;
  return repeating === null ? null : paired - repeating + repeating / repeats;
}

/** The variances of the scores of A and B when each sample is asked so often; null = not known. */
export function singleVariances(
  { single, singleRepeating }: Spread,
  repeats: number,
): readonly [a: number, b: number] | null {
  if (single === null || repeats === 1) return single;
  if (singleRepeating === null) return null;
  const at = (of: 0 | 1) => single[of] - singleRepeating[of] + singleRepeating[of] / repeats;
  return [at(0), at(1)];
}
