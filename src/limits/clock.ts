/** Time as the engine sees it, injected so that tests run on virtual time. */

export interface Clock {
  /** Monotonic milliseconds: for latencies, waits and limits. */
  now(): number;
  /** Milliseconds since the epoch: for timestamps only. */
  wall(): number;
  /** Resolves after the delay, or at once when the signal aborts; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clocks. */
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
      // What is due already may have become so on the way here; Node warns of negative delays.
      const timer = setTimeout(done, Math.max(0, delayMs));
      signal?.addEventListener('abort', done);
    }),
};
