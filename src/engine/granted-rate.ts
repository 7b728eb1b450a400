/** The request rate that an endpoint grants: at most the configured one, and measured when it refuses. */

import { createRefusalCause } from './refusal-cause.ts';

/** A refusal leaves this share, as in Inspect's controller, unless less than that was answered. */
const CUT = 0.8;
/** Fewer answers measure nothing yet. */
const LEAST_ANSWERS = 8;
/** Time in which the rate grows e-fold: by 6 % in the first 3 s, twofold in 10 s, so that a quota that doubles is soon used. */
const GROWTH_MS = 12_000;

/** All rates in requests per millisecond. */
export interface GrantedRate {
  /** At most so fast; Infinity = nothing is known. */
  value(now: number): number;
  onAnswer(sentAt: number): void;
  /**
   * A request was refused although the rate was kept. What was answered since the last time is what is granted.
   * Returns whether the refusal follows from the rate.
   */
  onRefusal(sentAt: number, now: number): boolean;
  /** One more of those that were on their way then. */
  onFurtherRefusal(sentAt: number, now: number): void;
  /** Nothing is sent until then: growth waits, too. */
  resumeAt(at: number): void;
}

/** `configured` may be Infinity. */
export function createGrantedRate(configured: number, now: number): GrantedRate {
  let base = configured;
  let growsFrom = now;
  let answered = 0;
  let measuredFrom = now;
  const cause = createRefusalCause();

  const value = (time: number) =>
    base === Number.POSITIVE_INFINITY || !cause.followsFromRate()
      ? configured
      : // Gentle at first, where the quota was found; ever faster while nothing is refused.
        Math.min(configured, base * Math.exp((Math.max(0, time - growsFrom) / GROWTH_MS) ** 2));
  return {
    value,
    onAnswer(sentAt) {
      answered += 1;
      cause.onAnswer(sentAt);
    },
    onFurtherRefusal(sentAt, time) {
      cause.onFurtherRefusal(sentAt);
      growsFrom = Math.max(growsFrom, time);
    },
    onRefusal(sentAt, time) {
      const rate = value(time);
      // What was never the rate's cuts nothing; should it be in the end, it goes on from where it was.
      if (cause.followsFromRate()) base = rate * CUT;
      cause.onRefusal(rate, sentAt);
      growsFrom = time;
      if (answered >= LEAST_ANSWERS) {
        if (cause.followsFromRate()) base = Math.min(base, answered / (time - measuredFrom));
        answered = 0;
        measuredFrom = time;
      }
      return cause.followsFromRate();
    },
    resumeAt(at) {
      growsFrom = Math.max(growsFrom, at);
    },
  };
}
