/** Reads the headers `x-ratelimit-*` (OpenAI, Azure) and `anthropic-ratelimit-*` into one shape. */

import type { RateLimit } from '../../rate-limit.ts';
import type { ReplyHeaders } from './retry-after.ts';

/** The longest form, a date, has some 30; splitting a long run of digits would take quadratic time. */
const MAX_RESET_CHARACTERS = 64;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The limits in the headers; undefined when there are none. `now` is the wall clock in ms. */
export function rateLimitOf(headers: ReplyHeaders, now: number): RateLimit | undefined {
  // Most replies have none, and this runs for every reply.
  if (!Object.keys(headers).some((name) => name.includes('-ratelimit-'))) return undefined;
  const read = (what: string, of: string) =>
    headers[`x-ratelimit-${what}-${of}`] ??
    headers[`anthropic-ratelimit-${of}-${what}`] ??
    // Newer accounts count input tokens separately; a prompt spends those.
    (of === 'tokens' ? headers[`anthropic-ratelimit-input-tokens-${what}`] : undefined);
  const limit: RateLimit = {
    ...count('limitRequests', read('limit', 'requests')),
    ...count('limitTokens', read('limit', 'tokens')),
    ...count('remainingRequests', read('remaining', 'requests')),
    ...count('remainingTokens', read('remaining', 'tokens')),
    ...duration('resetRequestsMs', read('reset', 'requests'), now),
    ...duration('resetTokensMs', read('reset', 'tokens'), now),
  };
  return Object.keys(limit).length === 0 ? undefined : limit;
}

/**
 * Milliseconds of `20ms`, `1s`, `6m0s`, `1h2m3.5s`, a bare number of seconds, or a date (RFC 3339);
 * undefined for anything else.
 */
export function resetMs(value: string, now: number): number | undefined {
  if (value.length > MAX_RESET_CHARACTERS) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (pieces.length > 0 && pieces.map(([piece]) => piece).join('') === text)
    return pieces.reduce((sum, [, number, unit]) => sum + Number(number) * (UNIT_MS[unit ?? ''] ?? 0), 0);
  const date = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function count<K extends keyof RateLimit>(name: K, value: string | undefined): Partial<Record<K, number>> {
  // Azure sends -1 for a limit that does not apply.
  return value !== undefined && /^\s*\d+\s*$/.test(value) ? record(name, Number(value)) : {};
}

function duration<K extends keyof RateLimit>(name: K, value: string | undefined, now: number) {
  const ms = value === undefined ? undefined : resetMs(value, now);
  return ms === undefined ? {} : record(name, ms);
}

function record<K extends string>(name: K, value: number): Partial<Record<K, number>> {
  const result: Partial<Record<K, number>> = {};
  result[name] = value;
  return result;
}
