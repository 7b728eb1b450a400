/** Finds how many requests an endpoint takes at once, for `concurrency: auto`. */

/** Small enough for any endpoint. */
const START = 8;
/** The default bound over all models; Azure allows 300 requests per deployment. */
const MOST = 256;
/** Share that remains after a cut, and share that an increase adds (at least 1): the steps of Inspect's controller. */
const CUT = 0.8;
const INCREASE = 0.05;
/** Shortest time between two cuts: throttling right after a cut still belongs to the same overload. */
const COOL_DOWN_MS = 5_000;
/** The limit is the bottleneck when this share of it is in flight; the other cells may be reading media or scoring. */
const SATURATED_SHARE = 0.75;

/** One step, for the journal. */
export interface ConcurrencyChange {
  readonly from: number;
  readonly to: number;
  readonly reason: 'slow start' | 'answers keep coming' | 'the endpoint is overloaded';
}

export interface AutoConcurrency {
  limit(): number;
  /** A first attempt was answered with so many requests in flight, itself included. Returns null if nothing changes. */
  onSuccess(inFlight: number): ConcurrencyChange | null;
  /** A request that was sent at `sentAt` got a 429 or 503. Returns null if nothing changes. */
  onThrottle(sentAt: number, now: number): ConcurrencyChange | null;
}

/**
 * Slow start (the limit doubles with every full round of answers), then additive increase, multiplicative decrease.
 * The limit grows only while it is the bottleneck, and is cut only for requests that were sent after the last cut.
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
      // The limit does not grow while the endpoint throttles.
      answered = 0;
      if (sentAt <= cutAt || now - cutAt < COOL_DOWN_MS) return null;
      slowStart = false;
      cutAt = now;
      return change(Math.max(1, Math.floor(limit * CUT)), 'the endpoint is overloaded');
    },
  };
}
