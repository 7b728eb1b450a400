/** What a failed attempt means: whether and when another one is worth it, and whether the model is worth any. */

import { ProviderError } from '../errors.ts';
import type { FailureKind } from '../result.ts';

/** Longest a request may take from its first attempt on, unless the model's limits say otherwise: ten per-minute windows. */
export const DEFAULT_DEADLINE_MS = 10 * 60_000;

/** First and longest wait of the backoff when the endpoint names none. */
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;

/** Kinds that may pass by themselves; all others repeat what they cost. */
const TRANSIENT: ReadonlySet<FailureKind> = new Set(['timeout', 'network', 'rate_limit', 'server']);

/** True when another attempt may succeed. */
export function isTransient(error: ProviderError): boolean {
  return error.details.retryable ?? TRANSIENT.has(error.kind);
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

/**
 * Why a model gets nothing more after this failure, or null: every further request would fail alike (no access,
 * no credit), or the endpoint asks for a longer wait than any request may take (`deadlineMs`).
 */
export function stopReason(error: ProviderError, deadlineMs: number): ProviderError | null {
  if (error.kind === 'auth') return stopped(error);
  if (error.kind !== 'rate_limit') return null;
  if (error.details.retryable === false) return stopped(error);
  const { retryAfterMs } = error.details;
  if (retryAfterMs === undefined || retryAfterMs <= deadlineMs) return null;
  return stopped(error, `the endpoint asks to wait ${duration(retryAfterMs)}`, {
    hint: `longer than the deadline of ${duration(deadlineMs)}: resume the run later, or raise limits.deadlineMs`,
  });
}

/** What the requests that are held back fail with. It tells of the cause, and bills nothing of the attempt behind it. */
export function stopped(
  cause: ProviderError,
  reason = 'every further request would fail alike',
  more: { readonly hint?: string } = {},
): ProviderError {
  const { status, code, hint } = { ...cause.details, ...more };
  return new ProviderError(cause.kind, `the model was stopped: ${reason} (${cause.message})`, {
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(hint === undefined ? {} : { hint }),
    retryable: false,
    cause,
  });
}

/** Whether a resumed run asks again: transient troubles and what the user can mend, never what the model did. */
export function isRetriedOnResume(kind: FailureKind): boolean {
  return TRANSIENT.has(kind) || RETRIED_ON_RESUME.has(kind);
}

const RETRIED_ON_RESUME: ReadonlySet<FailureKind> = new Set(['auth', 'media', 'budget', 'aborted', 'invalid_response']);

const UNITS_MS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** `86400000` as `24 h`: the largest unit that it fills, to one decimal. */
export function duration(ms: number): string {
  const [unit, size] = UNITS_MS.find(([, size]) => ms >= size) ?? ['ms', 1];
  return `${Number((ms / size).toFixed(1))} ${unit}`;
}
