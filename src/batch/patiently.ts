/** Repeats a call to a batch API after failures that may pass. */

import { ProviderError } from '../errors.ts';
import type { Clock } from '../limits/clock.ts';
import { backoffMs, isTransient } from '../limits/retry.ts';

export interface Patience {
  readonly clock: Pick<Clock, 'sleep'>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** With the backoff of all requests, the last one comes about two minutes after the first. */
const MOST_ATTEMPTS = 8;
/** A longer wait is worth another command. */
const MOST_WAIT_MS = 10 * 60_000;

/** `attempt` counts from 0. @throws {ProviderError} the last failure. */
export async function patiently<T>(
  call: (attempt: number) => Promise<T>,
  { clock, random, signal }: Patience,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      if (!(error instanceof ProviderError) || !isTransient(error) || signal.aborted) throw error;
      const waitMs = backoffMs(attempt + 1, error.details.retryAfterMs, random);
      if (attempt + 1 >= MOST_ATTEMPTS || waitMs > MOST_WAIT_MS) throw error;
      await clock.sleep(waitMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
