/** A token bucket on a time that is given: how long until a cost may be spent. Arithmetic alone, no timers. */

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
