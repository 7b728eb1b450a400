/** A clock whose time passes only when a test advances it. */

import type { Clock } from '../../src/limits/clock.ts';

export interface VirtualClock extends Clock {
  /** Advances the time; each sleeper that wakes up runs at its own time. */
  advance(ms: number): Promise<void>;
  /** Advances the time until no sleeper is left. @throws after `atMost` ms. */
  drain(atMost?: number): Promise<void>;
  /** Sleepers that have neither woken up nor been aborted: timers that are left. */
  sleeping(): number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Starts at 0 on the monotonic clock, and at `wall` since the epoch. */
export function createVirtualClock(wall = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = 0;
  const sleepers = new Set<Sleeper>();

  const next = () => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) if (first === undefined || sleeper.at < first.at) first = sleeper;
    return first;
  };
  const advanceTo = async (end: number) => {
    await settle();
    for (let sleeper = next(); sleeper !== undefined && sleeper.at <= end; sleeper = next()) {
      now = Math.max(now, sleeper.at);
      sleeper.wake();
      await settle();
    }
    now = end;
  };
  return {
    now: () => now,
    wall: () => wall + now,
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { at: now + delayMs, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake);
      }),
    advance: (ms) => advanceTo(now + ms),
    async drain(atMost = 86_400_000) {
      const end = now + atMost;
      await settle();
      for (let sleeper = next(); sleeper !== undefined; sleeper = next()) {
        if (sleeper.at > end) throw new Error(`a sleeper is left after ${atMost} ms`);
        await advanceTo(sleeper.at);
      }
    },
    sleeping: () => sleepers.size,
  };
}

/** Waits until all promises that can settle have settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
