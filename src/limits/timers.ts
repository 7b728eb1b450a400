/** Timers that many waiting parts share: one that wakes the waiting line, and one for the time limits of all requests in flight. */

import type { Clock } from './clock.ts';

/** Longest single timer; Node fires timers of more than 2^31 ms at once. */
const LONGEST_SLEEP_MS = 3_600_000;

export interface Timer {
  /** Rings at this time of the clock at the latest, or earlier: whoever hears it looks whether it is time. Infinity = never. */
  set(at: number): void;
}

/** `ring` sets the next one. No timer is left after `set(Infinity)`. */
export function createTimer(clock: Clock, onFire: () => void): Timer {
  let next: { readonly at: number; readonly off: AbortController } | null = null;
  return {
    set(time) {
      const now = clock.now();
      // Timers cut fractions off, and would ring too early.
      const at = now + Math.min(LONGEST_SLEEP_MS, Math.ceil(time - now));
      // One that comes early enough stays.
      if (next !== null && (time === Number.POSITIVE_INFINITY || at < next.at)) {
        next.off.abort();
        next = null;
      }
      if (next !== null || time === Number.POSITIVE_INFINITY) return;
      const off = new AbortController();
      next = { at, off };
      void clock.sleep(at - now, off.signal).then(() => {
        if (off.signal.aborted) return;
        next = null;
        onFire();
      });
    },
  };
}

/** One request in flight. */
export interface RequestTimeout {
  /** Aborts with a `TimeoutError` when its time is over, or with the reason of the common signal. */
  readonly signal: AbortSignal;
  /** It is over by itself. */
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
 * A timer of its own for every request costs more than sending it; no timer is left once nothing is in flight.
 * A signal that was not aborted is lent again: on Node 20 each has a hidden class of its own, which slows whoever reads it.
 */
export function createTimeouts(clock: Clock, abort: AbortSignal): Timeouts {
  /** By their time limit; within one limit the first to begin is the first to be due. */
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
        leave(queue, entry);
      }
    }
    timer.set(firstDue());
  };
  const timer = createTimer(clock, onFire);
  const leave = (queue: Set<Entry>, entry: Entry) => {
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
      return { signal: entry.controller.signal, clear: () => leave(queue, entry) };
    },
  };
}
