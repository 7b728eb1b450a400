/** How much of a configured rate an endpoint still grants: cut when it refuses although the rate was kept, then regained. */

/** A cut leaves this share, as Inspect's controller does. */
const CUT = 0.8;
/** Never slower than this share: a quota is rarely cut further, and the way back stays short. */
const LEAST = 0.02;
/** Regained in the first second without a refusal; each further second regains this much more than the one before. */
const STEP_PER_S = 0.008;

export interface RateFactor {
  /** Share of the configured rate, 0 < share <= 1. */
  value(now: number): number;
  cut(now: number): void;
}

/** Multiplicative decrease and an increase whose step grows, so that a quota that doubles is soon used. */
export function createRateFactor(): RateFactor {
  let base = 1;
  let cutAt = Number.NEGATIVE_INFINITY;
  const value = (now: number) => {
    if (base === 1) return 1;
    const seconds = Math.max(0, now - cutAt) / 1000;
    const regained = base + (STEP_PER_S * seconds * (seconds + 1)) / 2;
    if (regained < 1) return regained;
    base = 1;
    return 1;
  };
  return {
    value,
    cut(now) {
      base = Math.max(LEAST, value(now) * CUT);
      cutAt = now;
    },
  };
}
