/** The request rate that an endpoint grants: at most the configured one, and measured when it refuses. */

/** A refusal leaves this share, as in Inspect's controller, unless less than that was answered. */
const CUT = 0.8;
/** Fewer answers between two refusals measure nothing. */
const LEAST_ANSWERS = 8;
/** Time in which the rate grows e-fold: by 5 % in the first 3 s, twofold in 12 s, so that a quota that doubles is soon used. */
const GROWTH_MS = 15_000;

/** All rates in requests per millisecond. */
export interface GrantedRate {
  /** At most so fast; Infinity = nothing is known. */
  value(now: number): number;
  onAnswer(): void;
  /** A request was refused although the rate was kept. What was answered since the last time is what is granted. */
  onRefusal(now: number): void;
  /** Nothing is sent until then: growth waits, too. */
  resumeAt(at: number): void;
}

/** `configured` may be Infinity. */
export function createGrantedRate(configured: number, now: number): GrantedRate {
  let base = configured;
  let growsFrom = now;
  let answered = 0;
  let measuredFrom = now;

  const value = (time: number) =>
    base === Number.POSITIVE_INFINITY
      ? base
      : // Gentle at first, where the quota was found; ever faster while nothing is refused.
        Math.min(configured, base * Math.exp((Math.max(0, time - growsFrom) / GROWTH_MS) ** 2));
  return {
    value,
    onAnswer() {
      answered += 1;
    },
    onRefusal(time) {
      const measured = answered < LEAST_ANSWERS ? Number.POSITIVE_INFINITY : answered / (time - measuredFrom);
      base = Math.min(value(time) * CUT, measured);
      growsFrom = time;
      answered = 0;
      measuredFrom = time;
    },
    resumeAt(at) {
      growsFrom = Math.max(growsFrom, at);
    },
  };
}
