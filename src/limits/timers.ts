/** Timers that many requests share: one to wake up waiting requests, one for the time limits of those in flight. */

import type { Clock } from './clock.ts';

/** Milliseconds. Node fires timers of more than 2^31 ms at once, so longer waits are cut into hours. */
const MAX_SLEEP_MS = 3_600_000;

export interface Timer {
  /** Fires no later than `at`; may fire early, so callers must re-check. Infinity = never. */
  set(at: number): void;
}

/** Holds one moment at a time: `onFire` sets the next. No timer remains after `set(Infinity)`. */
export function createTimer(clock: Clock, onFire: () => void): Timer {
  let next: { readonly at: number; readonly cancel: AbortController } | null = null;
  return {
    set(time) {
      const now = clock.now();
      // Node cuts off fractions of a millisecond, and would fire before `time`.
      const at = now + Math.min(MAX_SLEEP_MS, Math.ceil(time - now));
      // A timer that is early enough is kept.
      if (next !== null && (time === Number.POSITIVE_INFINITY || at < next.at)) {
        next.cancel.abort();
        next = null;
      }
      if (next !== null || time === Number.POSITIVE_INFINITY) return;
      const cancel = new AbortController();
      next = { at, cancel };
      void clock.sleep(at - now, cancel.signal).then(() => {
        if (cancel.signal.aborted) return;
        next = null;
        onFire();
      });
    },
  };
}

/** The time limit of one request in flight. */
export interface RequestTimeout {
  /** Aborts with a `TimeoutError` after the time limit, or with the reason of the run's signal. */
  readonly signal: AbortSignal;
  /** To be called when the request ends. */
  clear(): void;
}

export interface Timeouts {
  start(timeoutMs: number): RequestTimeout;
}

interface Entry {
  readonly controller: AbortController;
  readonly due: number;
}

/**
 * Ends requests that take too long, and all of them when `abort` fires. One timer and one listener serve all requests:
 * a timer for each would cost more than sending it. No timer remains when nothing is in flight.
 * Signals that were not aborted are used again: on Node 20 each has a hidden class of its own, which slows its readers.
 */
export function createTimeouts(clock: Clock, abort: AbortSignal): Timeouts {
  /** By time limit. Within one limit, the requests become due in the order in which they started. */
  const queues = new Map<number, Set<Entry>>();
  const idle: AbortController[] = [];
  let inFlight = 0;

  abort.addEventListener(
    'abort',
    () => {
      for (const queue of queues.values()) for (const { controller } of queue) controller.abort(abort.reason);
    },
    { once: true },
  );

  const firstDue = () => {
    let first = Number.POSITIVE_INFINITY;
    for (const queue of queues.values())
      for (const { due } of queue) {
        first = Math.min(first, due);
        break;
      }
    return first;
  };
  const onFire = () => {
    const now = clock.now();
    for (const [timeoutMs, queue] of queues) {
      for (const entry of queue) {
        if (entry.due > now) break;
        entry.controller.abort(new DOMException(`no complete answer within ${timeoutMs} ms`, 'TimeoutError'));
        remove(queue, entry);
      }
    }
    timer.set(firstDue());
  };
  const timer = createTimer(clock, onFire);
  const remove = (queue: Set<Entry>, entry: Entry) => {
    if (!queue.delete(entry)) return;
    inFlight -= 1;
    if (!entry.controller.signal.aborted) idle.push(entry.controller);
    if (inFlight === 0) timer.set(Number.POSITIVE_INFINITY);
  };

  return {
    start(timeoutMs) {
      const queue = queues.get(timeoutMs) ?? new Set();
      queues.set(timeoutMs, queue);
      const entry = { controller: idle.pop() ?? new AbortController(), due: clock.now() + timeoutMs };
      if (abort.aborted) entry.controller.abort(abort.reason);
      queue.add(entry);
      inFlight += 1;
      timer.set(entry.due);
      return { signal: entry.controller.signal, clear: () => remove(queue, entry) };
    },
  };
}
