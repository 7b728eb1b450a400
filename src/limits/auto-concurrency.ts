/** Finds how many requests an endpoint takes at once, for `concurrency: auto`. */

/** Small enough for any endpoint. */
const START = 8;
/** As many as all models may have together by default; Azure allows 300 a deployment. */
const MOST = 256;
/** A cut leaves this share, an increase adds this one (at least 1): the steps of Inspect's controller. */
const CUT = 0.8;
const INCREASE = 0.05;
/** Cuts are at least this far apart: what follows an overload at once is the same overload. */
const COOL_DOWN_MS = 5_000;
/** The limit is the bottleneck when this share of it is in flight; the rest may be reading media or judging. */
const SATURATED_SHARE = 0.75;

/** One step, for the journal. */
export interface ConcurrencyChange {
  readonly from: number;
  readonly to: number;
  readonly reason: 'slow start' | 'answers keep coming' | 'the endpoint is overloaded';
}

export interface AutoConcurrency {
  limit(): number;
  /** An answer at the first attempt came while so many were in flight, itself included; null = nothing changes. */
  onSuccess(inFlight: number): ConcurrencyChange | null;
  /** The endpoint refused (429, 503) a request that was sent at `sentAt`; null = nothing changes. */
  onThrottle(sentAt: number, now: number): ConcurrencyChange | null;
}

/**
 * Slow start (doubles with every full round of answers), then additive increase and multiplicative decrease.
 * It grows only while the limit was the bottleneck, and hears only of requests that were sent after its last cut.
 */
export function createAutoConcurrency(): AutoConcurrency {
  let limit = START;
  let slowStart = true;
  let answered = 0;
  let cutAt = Number.NEGATIVE_INFINITY;

  const change = (to: number, reason: ConcurrencyChange['reason']): ConcurrencyChange | null => {
    const from = limit;
    answered = 0;
    limit = to;
    return from === to ? null : { from, to, reason };
  };
  return {
    limit: () => limit,
    onSuccess(inFlight) {
      if (inFlight < SATURATED_SHARE * limit) return null;
      answered += 1;
      if (answered < limit) return null;
      if (slowStart) return change(Math.min(MOST, limit * 2), 'slow start');
      return change(Math.min(MOST, limit + Math.max(1, Math.round(limit * INCREASE))), 'answers keep coming');
    },
    onThrottle(sentAt, now) {
      // While it refuses, nothing grows.
      answered = 0;
      if (sentAt <= cutAt || now - cutAt < COOL_DOWN_MS) return null;
      slowStart = false;
      cutAt = now;
      return change(Math.max(1, Math.floor(limit * CUT)), 'the endpoint is overloaded');
    },
  };
}
