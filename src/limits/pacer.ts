/** Paces one dimension of a quota, requests or tokens: by the rate it is given, and by what the endpoint's headers ask for. */

import { type Bucket, createBucket } from './bucket.ts';

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
