/** The request rate that an endpoint grants: at most the configured one, and measured when it refuses. */

import { createRefusalCause } from './refusal-cause.ts';

/** A refusal leaves this share, as in Inspect's controller, unless less than that was answered. */
const CUT = 0.8;
/** Fewer answers measure nothing yet. */
const LEAST_ANSWERS = 8;
/** Time in which the rate grows e-fold: by 6 % in the first 3 s, twofold in 10 s, so that a quota that doubles is soon used. */
const GROWTH_MS = 12_000;
/** It takes as long as so many requests at least: of a few a minute, every other one would be a probe, and refused. */
const GROWTH_REQUESTS = 60;

/** Slower than this no quota is: one a minute, in requests per millisecond. */
const SLOWEST = 1 / 60_000;

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
  /** Something was, since the last refusal. */
  let isAnswered = true;
  let measuredFrom = now;
  const cause = createRefusalCause();

  /** Gentle at first, where the quota was found; ever faster while nothing is refused. */
  const grown = (time: number) => {
    const steps = Math.max(0, time - growsFrom) / Math.max(GROWTH_MS, GROWTH_REQUESTS / base);
    return base * Math.exp(steps ** 2);
  };
  const value = (time: number) =>
    base === Number.POSITIVE_INFINITY || cause.verdict() !== 'rate' ? configured : Math.min(configured, grown(time));
  /** What was granted in a trial is granted, whatever the cuts before it came to. */
  const endTrial = () => {
    if (cause.verdict() === 'rate') base = Math.max(base, CUT * cause.granted());
  };
  return {
    value,
    onAnswer(sentAt) {
      answered += 1;
      isAnswered = true;
      cause.onAnswer(sentAt);
    },
    onFurtherRefusal(sentAt, time) {
      const wasTrial = cause.verdict() === 'trial';
      cause.onFurtherRefusal(sentAt);
      growsFrom = Math.max(growsFrom, time);
      if (wasTrial) endTrial();
    },
    onRefusal(sentAt, time) {
      const [before, rate] = [cause.verdict(), value(time)];
      cause.onRefusal(rate, sentAt);
      const verdict = cause.verdict();
      growsFrom = time;
      // Refusals without an answer between them are one: the quota is still used up.
      if (before === 'rate' && isAnswered) base = rate * CUT;
      isAnswered = false;
      if (answered >= LEAST_ANSWERS) {
        const granted = answered / (time - measuredFrom);
        if (verdict === 'rate') base = Math.min(base, granted);
        // Should it be a quota in the end, the latest pace is the one to go on with.
        if (verdict === 'chance') base = granted;
        answered = 0;
        measuredFrom = time;
      }
      if (before === 'trial') endTrial();
      base = Math.max(base, Math.min(configured, SLOWEST));
      return verdict === 'rate';
    },
    resumeAt(at) {
      growsFrom = Math.max(growsFrom, at);
    },
  };
}
