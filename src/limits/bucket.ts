/** A token bucket, and a pacer that sets its rate from limits and response headers. No timers: time is passed in. */

/**
 * How much may be spent at one instant, and how much a late timer may catch up, in milliseconds of the rate.
 * Together 100 ms: some endpoints check a quota per minute every second (Azure, `quota.md`).
 */
const BURST_MS = 50;
const CATCH_UP_MS = 50;
/** Rounding errors of the sums below must not cause a wait. */
const EPSILON = 1e-6;

/**
 * In any window of w ms, costs less refunds never exceed `capacity + rate * w`, plus the part of the largest single
 * cost that exceeds the burst: such a cost passes as soon as the bucket holds a burst, and is paid off afterwards.
 */
export interface Bucket {
  /** The most that the bucket holds after an idle time. */
  capacity(): number;
  /** Milliseconds until `cost` may be spent at this rate; 0 = now. */
  waitMs(cost: number, now: number): number;
  take(cost: number, now: number): void;
  /** Refunds what was reserved and not used; a negative amount spends what was used beyond the reservation. */
  give(amount: number, now: number): void;
  setRate(ratePerMs: number, now: number): void;
  /** The bucket holds at most `level` at the time `at`, which may be in the future; debts are paid off until then. */
  drainTo(level: number, at: number): void;
}

/** `ratePerMs` > 0; a burst holds at least `unit`, e.g. one request. The bucket starts with one burst. */
export function createBucket(ratePerMs: number, unit: number, now: number): Bucket {
  let rate = ratePerMs;
  let at = now;
  const burst = () => Math.max(unit, rate * BURST_MS);
  const capacity = () => burst() + rate * CATCH_UP_MS;
  let level = burst();

  const fill = (until: number) => {
    // A refund may raise the level above the capacity: the endpoint refunds its quota, too.
    if (until > at && level < capacity()) level = Math.min(capacity(), level + rate * (until - at));
    at = Math.max(at, until);
  };
  return {
    capacity,
    waitMs(cost, time) {
      fill(time);
      const missing = Math.min(cost, burst()) - level;
      return missing <= EPSILON ? 0 : at - time + missing / rate;
    },
    take(cost, time) {
      fill(time);
      level -= cost;
    },
    give(amount, time) {
      fill(time);
      level += amount;
    },
    setRate(next, time) {
      fill(time);
      rate = next;
    },
    drainTo(most, time) {
      fill(time);
      level = Math.min(level, most);
    },
  };
}

/** Share of the limit. Below it, what remains is spread until the reset. */
const LOW_SHARE = 0.2;

/** Paces one dimension of a quota, requests or tokens, by its rate and by what the response headers report. */
export interface Pacer {
  /** Milliseconds until `cost` may be spent; 0 = now. */
  waitMs(cost: number, now: number): number;
  take(cost: number, now: number): void;
  give(amount: number, now: number): void;
  /** The most per millisecond; Infinity = no limit. */
  setRate(ratePerMs: number, now: number): void;
  /** Starts at `at` with one unit: after a pause, an endpoint that has just throttled must not receive a burst. */
  restart(at: number): void;
  /** Takes in response headers: a low remainder is spread until its reset. A limit alone never sets a rate. */
  learn(limit: number | undefined, remaining: number | undefined, resetMs: number | undefined, now: number): void;
}

/** `unit` is the smallest cost. There is no rate until one is set. */
export function createPacer(unit: number): Pacer {
  /** The highest remainder so far: stands in for a limit that the headers leave out. */
  let highestRemaining = 0;
  let ownRate = Number.POSITIVE_INFINITY;
  let headerRate: { readonly rate: number; readonly until: number } | null = null;
  let bucket: Bucket | null = null;

  const refresh = (now: number) => {
    if (headerRate !== null && now >= headerRate.until) headerRate = null;
    const rate = Math.min(ownRate, headerRate?.rate ?? Number.POSITIVE_INFINITY);
    if (rate === Number.POSITIVE_INFINITY) bucket = null;
    else if (bucket === null) bucket = createBucket(rate, unit, now);
    else bucket.setRate(rate, now);
  };
  return {
    waitMs(cost, now) {
      refresh(now);
      const wait = bucket?.waitMs(cost, now) ?? 0;
      return headerRate === null ? wait : Math.min(wait, headerRate.until - now);
    },
    take: (cost, now) => bucket?.take(cost, now),
    give: (amount, now) => bucket?.give(amount, now),
    setRate(ratePerMs, now) {
      ownRate = ratePerMs;
      refresh(now);
    },
    restart: (at) => bucket?.drainTo(unit, at),
    learn(limit, remaining, resetMs, now) {
      if (remaining === undefined) return;
      highestRemaining = Math.max(highestRemaining, remaining);
      const low = remaining > 0 && remaining < LOW_SHARE * (limit ?? highestRemaining);
      headerRate = low && resetMs !== undefined ? { rate: remaining / resetMs, until: now + resetMs } : null;
      refresh(now);
    },
  };
}
