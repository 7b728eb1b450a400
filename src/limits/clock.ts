/** Time, passed in so that tests run on virtual time. */

export interface Clock {
  /** Monotonic milliseconds, for latencies, waits and limits. */
  now(): number;
  /** Milliseconds since the epoch, for timestamps only. */
  wall(): number;
  /** Resolves after the delay, or as soon as the signal aborts; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The clocks of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      // The moment may have passed since the caller worked out the delay; Node warns about negative delays.
      const timer = setTimeout(done, Math.max(0, delayMs));
      signal?.addEventListener('abort', done);
    }),
};
