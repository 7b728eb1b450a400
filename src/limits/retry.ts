/** What follows from a failed attempt: whether and when to try again, and whether to stop the model. */

import { ProviderError } from '../errors.ts';
import type { FailureKind } from '../result.ts';

/** Longest time from the first attempt to the last, unless the model's limits say otherwise: ten quotas per minute. */
export const DEFAULT_DEADLINE_MS = 10 * 60_000;

/** First and longest backoff when the endpoint names no wait. */
const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;

/** Kinds that may pass by themselves. Another attempt after any other kind would only cost the same again. */
const TRANSIENT: ReadonlySet<FailureKind> = new Set(['timeout', 'network', 'rate_limit', 'server']);

/** True when another attempt may succeed. */
export function isTransient(error: ProviderError): boolean {
  return error.details.retryable ?? TRANSIENT.has(error.kind);
}

/**
 * Milliseconds until the next attempt: what the endpoint asks for, or else full jitter under an exponential ceiling
 * (AWS Architecture Blog, "Exponential Backoff And Jitter").
 * `attempt` counts the failed attempts from 1; `random` returns [0, 1).
 */
export function backoffMs(attempt: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return retryAfterMs;
  return random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
}

/**
 * Why this failure stops the model, or null: every further request would fail the same way (no access, no credit, no such
 * model), or the endpoint asks for a wait that is longer than `deadlineMs`.
 */
export function stopReason(error: ProviderError, deadlineMs: number): ProviderError | null {
  if (error.kind === 'auth') return stopped(error);
  if (isGone(error)) return stopped(error, 'the endpoint does not have it', { hint: GONE_HINT });
  if (error.kind !== 'rate_limit') return null;
  if (error.details.retryable === false) return stopped(error);
  const { retryAfterMs } = error.details;
  if (retryAfterMs === undefined || retryAfterMs <= deadlineMs) return null;
  return stopped(error, `the endpoint asks to wait ${duration(retryAfterMs)}`, {
    hint: `longer than the deadline of ${duration(deadlineMs)}: resume the run later, or raise limits.deadlineMs`,
  });
}

const GONE_HINT =
  'deploy it again or correct its name, then run again with --resume; or use another model or deployment';
/** Codes that say it whatever the status is: Azure and Mistral answer 400 to some. */
const GONE_CODE =
  /^(DeploymentNotFound|(unknown|invalid|no)_model(_name)?|model_?not_?(found|available)|model_(retired|deprecated|decommissioned))$/i;
const GONE_MESSAGE = /\b(models?|deployments?|engine)\b|no endpoints found for /i;
/** A 404 may also be about a file that the request refers to. */
const FILE_MESSAGE = /\b(files?|images?|audios?|urls?|documents?)\b/i;

/** Whether the endpoint says that the model or deployment does not exist (404), or does not exist any more (410). */
function isGone({ kind, message, details: { status, code = '' } }: ProviderError): boolean {
  if (kind !== 'bad_request') return false;
  if (status === 410 || GONE_CODE.test(code)) return true;
  return status === 404 && GONE_MESSAGE.test(message) && !FILE_MESSAGE.test(message);
}

/** The error of the requests that are held back. It names the cause without the usage of the attempt that failed. */
export function stopped(
  cause: ProviderError,
  reason = 'every further request would fail the same way',
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

/** Whether a resumed run asks again: after what may pass or the user can fix, never after what the model did. */
export function isRetriedOnResume(kind: FailureKind): boolean {
  return TRANSIENT.has(kind) || RETRIED_ON_RESUME.has(kind);
}

const RETRIED_ON_RESUME: ReadonlySet<FailureKind> = new Set(['auth', 'media', 'budget', 'aborted', 'invalid_response']);

const UNITS_MS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** `86400000` as `24 h`: in the largest unit that fits, to one decimal. */
export function duration(ms: number): string {
  const [unit, size] = UNITS_MS.find(([, size]) => ms >= size) ?? ['ms', 1];
  return `${Number((ms / size).toFixed(1))} ${unit}`;
}
