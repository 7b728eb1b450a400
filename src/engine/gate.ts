/** Lets a model's requests through: a shared pause after a rate limit, and a stop when going on is hopeless. */

import type { ProviderError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { stopsModel } from './retry.ts';

export interface Gate {
  /** Why nothing more is sent to this model; null while it is open. */
  readonly stopped: () => ProviderError | null;
  /** Waits out a pause. @throws {ProviderError} when the model is stopped. */
  admit(signal: AbortSignal): Promise<void>;
  /** Learns from a failed attempt. */
  onFailure(error: ProviderError): void;
}

export function createGate(clock: Clock): Gate {
  let stop: ProviderError | null = null;
  let pausedUntil = 0;
  return {
    stopped: () => stop,
    async admit(signal) {
      for (let wait = pausedUntil - clock.now(); wait > 0 && !signal.aborted; wait = pausedUntil - clock.now()) {
        await clock.sleep(wait, signal);
      }
      if (stop !== null) throw stop;
    },
    onFailure(error) {
      if (stopsModel(error)) stop ??= error;
      const { retryAfterMs } = error.details;
      if (error.kind === 'rate_limit' && retryAfterMs !== undefined) {
        pausedUntil = Math.max(pausedUntil, clock.now() + retryAfterMs);
      }
    },
  };
}
