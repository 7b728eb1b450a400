/** Paces one dimension of a quota, requests or tokens: by the configured rate, and by what the endpoint's headers ask for. */

import { type Bucket, createBucket } from './bucket.ts';

/** Below this share of what there can be, the rest is spread until the reset. */
const LOW_SHARE = 0.2;
const MINUTE_MS = 60_000;

export interface Pacer {
  /** Milliseconds until `cost` may be spent; 0 = now. */
  waitMs(cost: number, now: number): number;
  take(cost: number, now: number): void;
  give(amount: number, now: number): void;
  /** Holds the configured rate down to this share, 0 < share <= 1. */
  scale(share: number, now: number): void;
  /** Starts afresh with one unit after a pause: no burst falls on an endpoint that has just refused. */
  restart(at: number): void;
  /** Learns from headers; what is low is made to last until its reset. A rate is never inferred from a limit alone. */
  learn(limit: number | undefined, remaining: number | undefined, resetMs: number | undefined, now: number): void;
}

/** `perMinute` undefined = no rate is configured; `unit` is the smallest cost. */
export function createPacer(perMinute: number | undefined, unit: number, now: number): Pacer {
  const configured = perMinute === undefined ? null : perMinute / MINUTE_MS;
  let share = 1;
  let most = 0;
  let asked: { readonly rate: number; readonly until: number } | null = null;
  let rate = configured;
  let bucket: Bucket | null = configured === null ? null : createBucket(configured, unit, now);

  const refresh = (time: number) => {
    if (asked !== null && time >= asked.until) asked = null;
    const scaled = configured === null ? Number.POSITIVE_INFINITY : configured * share;
    const wanted = Math.min(scaled, asked?.rate ?? Number.POSITIVE_INFINITY);
    const next = wanted === Number.POSITIVE_INFINITY ? null : wanted;
    if (next === rate) return;
    rate = next;
    if (rate === null) bucket = null;
    else if (bucket === null) bucket = createBucket(rate, unit, time);
    else bucket.setRate(rate, time);
  };
  return {
    waitMs(cost, time) {
      refresh(time);
      const wait = bucket?.waitMs(cost, time) ?? 0;
      return asked === null ? wait : Math.min(wait, Math.max(0, asked.until - time));
    },
    take: (cost, time) => bucket?.take(cost, time),
    give: (amount, time) => bucket?.give(amount, time),
    scale(next, time) {
      share = next;
      refresh(time);
    },
    restart: (at) => bucket?.drainTo(unit, at),
    learn(limit, remaining, resetMs, time) {
      if (remaining === undefined) return;
      most = Math.max(most, remaining);
      const low = remaining > 0 && remaining < LOW_SHARE * (limit ?? most);
      asked = low && resetMs !== undefined ? { rate: remaining / resetMs, until: time + resetMs } : null;
      refresh(time);
    },
  };
}
