/** Whether and when a failed attempt is worth another one. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind } from '../types.ts';

/** First and longest wait of the backoff when the endpoint names none. */
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;

/** Kinds that may pass by themselves; all others repeat what they cost. */
const TRANSIENT: ReadonlySet<FailureKind> = new Set(['timeout', 'network', 'rate_limit', 'server']);

/** True when another attempt may succeed. */
export function isTransient(error: ProviderError): boolean {
  return error.details.retryable ?? TRANSIENT.has(error.kind);
}

/** Kinds that end a model at once: every further cell would fail alike. */
export function stopsModel(error: ProviderError): boolean {
  return error.kind === 'auth' || (error.kind === 'rate_limit' && error.details.retryable === false);
}

/**
 * Milliseconds until the next attempt: what the endpoint asked for, else full jitter over an exponential ceiling
 * (AWS Architecture Blog, "Exponential Backoff And Jitter").
 * `attempt` counts the failed ones from 1; `random` gives [0, 1).
 */
export function backoffMs(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
}

/** Whether a resumed run asks again: transient troubles and what the user can mend, never what the model did. */
export function isRetriedOnResume(kind: FailureKind): boolean {
  return TRANSIENT.has(kind) || RETRIED_ON_RESUME.has(kind);
}

const RETRIED_ON_RESUME: ReadonlySet<FailureKind> = new Set(['auth', 'media', 'budget', 'aborted', 'invalid_response']);
