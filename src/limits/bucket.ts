/** A token bucket, and a pacer that sets its rate from configured limits and from rate-limit headers. Pure arithmetic: time is passed in. */

/**
 * What may be spent at one instant, and how much of a late timer is caught up, in milliseconds of the rate.
 * Together a tenth of a second: some endpoints check a minute's quota second by second (Azure, `quota.md`).
 */
const BURST_MS = 50;
const CATCH_UP_MS = 50;
/** Rounding errors of the sums below are no reason to wait. */
const EPSILON = 1e-6;

/**
 * Spends never exceed `capacity + rate * w` in any window of w ms (give-backs taken off), plus the part of the
 * largest single cost that is above the burst: such a cost passes when a burst is there, and is paid off afterwards.
 */
export interface Bucket {
  /** Most that gathers while nothing is spent. */
  capacity(): number;
  /** Milliseconds until `cost` may be taken at this rate; 0 = now. */
  waitMs(cost: number, now: number): number;
  take(cost: number, now: number): void;
  /** Gives back what was reserved and not used; a negative amount takes what was used on top. */
  give(amount: number, now: number): void;
  setRate(ratePerMs: number, now: number): void;
  /** No more than `level` is there at `at`, which may lie ahead; what is owed is paid off until then. */
  drainTo(level: number, at: number): void;
}

/** `ratePerMs` > 0; `unit` is the least that a burst holds, e.g. one request. Starts with one burst. */
export function createBucket(ratePerMs: number, unit: number, now: number): Bucket {
  let rate = ratePerMs;
  let at = now;
  const burst = () => Math.max(unit, rate * BURST_MS);
  const capacity = () => burst() + rate * CATCH_UP_MS;
  let level = burst();

  const gather = (until: number) => {
    // What was given back may stand above the capacity: it is quota that the endpoint gave back, too.
    if (until > at && level < capacity()) level = Math.min(capacity(), level + rate * (until - at));
    at = Math.max(at, until);
  };
  return {
    capacity,
    waitMs(cost, time) {
      gather(time);
      const missing = Math.min(cost, burst()) - level;
      return missing <= EPSILON ? 0 : at - time + missing / rate;
    },
    take(cost, time) {
      gather(time);
      level -= cost;
    },
    give(amount, time) {
      gather(time);
      level += amount;
    },
    setRate(next, time) {
      gather(time);
      rate = next;
    },
    drainTo(most, time) {
      gather(time);
      level = Math.min(level, most);
    },
  };
}

/** Below this share of what there can be, the rest is spread until the reset. */
const LOW_SHARE = 0.2;

export interface Pacer {
  /** Milliseconds until `cost` may be spent; 0 = now. */
  waitMs(cost: number, now: number): number;
  take(cost: number, now: number): void;
  give(amount: number, now: number): void;
  /** At most so much a millisecond; Infinity = no limit. */
  setRate(ratePerMs: number, now: number): void;
  /** Starts afresh with one unit after a pause: no burst falls on an endpoint that has just refused. */
  restart(at: number): void;
  /** Learns from headers: what is low is made to last until its reset. A rate is never inferred from a limit alone. */
  learn(limit: number | undefined, remaining: number | undefined, resetMs: number | undefined, now: number): void;
}

/** `unit` is the smallest cost. Without a rate until one is set. */
export function createPacer(unit: number): Pacer {
  let most = 0;
  let allowed = Number.POSITIVE_INFINITY;
  let asked: { readonly rate: number; readonly until: number } | null = null;
  let bucket: Bucket | null = null;

  const refresh = (now: number) => {
    if (asked !== null && now >= asked.until) asked = null;
    const rate = Math.min(allowed, asked?.rate ?? Number.POSITIVE_INFINITY);
    if (rate === Number.POSITIVE_INFINITY) bucket = null;
    else if (bucket === null) bucket = createBucket(rate, unit, now);
    else bucket.setRate(rate, now);
  };
  return {
    waitMs(cost, now) {
      refresh(now);
      const wait = bucket?.waitMs(cost, now) ?? 0;
      return asked === null ? wait : Math.min(wait, asked.until - now);
    },
    take: (cost, now) => bucket?.take(cost, now),
    give: (amount, now) => bucket?.give(amount, now),
    setRate(ratePerMs, now) {
      allowed = ratePerMs;
      refresh(now);
    },
    restart: (at) => bucket?.drainTo(unit, at),
    learn(limit, remaining, resetMs, now) {
      if (remaining === undefined) return;
      most = Math.max(most, remaining);
      const low = remaining > 0 && remaining < LOW_SHARE * (limit ?? most);
      asked = low && resetMs !== undefined ? { rate: remaining / resetMs, until: now + resetMs } : null;
      refresh(now);
    },
  };
}
