/** One timer for all that wait for something. */

import type { Clock } from './clock.ts';

/** Longest single timer; Node fires timers of more than 2^31 ms at once. */
const LONGEST_SLEEP_MS = 3_600_000;

export interface Alarm {
  /** Rings at this time of the clock at the latest, or earlier: whoever hears it looks whether it is time. Infinity = never. */
  set(at: number): void;
}

/** `ring` sets the next one. No timer is left after `set(Infinity)`. */
export function createAlarm(clock: Clock, ring: () => void): Alarm {
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
        ring();
      });
    },
  };
}
