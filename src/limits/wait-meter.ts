/** How long a model has waited for its rate limit: time in which requests were ready and only the quota held them. */

/** Shorter waits are how a rate is kept, and nobody needs to hear of them. */
const LONG_WAIT_MS = 1000;

/** Receives the expected length of a long wait, and null when it is over. */
export type OnWait = (expectedMs: number | null) => void;

/** Times are of the monotonic clock, in milliseconds. */
export interface WaitMeter {
  /** The quota holds a request for `expectedMs` from now; may be called again while it does. */
  hold(now: number, expectedMs: number): void;
  /** The quota holds no request any more. */
  release(now: number): void;
  /** All waits that are over. */
  waitedMs(): number;
  watch(listener: OnWait): void;
}

export function createWaitMeter(): WaitMeter {
  const listeners: OnWait[] = [];
  let since: number | null = null;
  let waited = 0;
  /** The end of the wait that listeners know of; null = of none. */
  let shownUntil: number | null = null;
  const notify = (expectedMs: number | null, now: number) => {
    shownUntil = expectedMs === null ? null : now + expectedMs;
    for (const listener of listeners) listener(expectedMs);
  };
  return {
    hold(now, expectedMs) {
      since ??= now;
      if (now + expectedMs - (shownUntil ?? now) >= LONG_WAIT_MS) notify(expectedMs, now);
    },
    release(now) {
      if (since === null) return;
      waited += now - since;
      since = null;
      if (shownUntil !== null) notify(null, now);
    },
    waitedMs: () => waited,
    watch(listener) {
      listeners.push(listener);
    },
  };
}
