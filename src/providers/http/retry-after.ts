/** Reads how long an endpoint asks to wait, from three headers, or from the message (Azure). */

/** Names of headers in lower case, as undici gives them. */
export type ReplyHeaders = Readonly<Record<string, string>>;

const SECOND_MS = 1000;
/** Keyed by the letters that distinguish units. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  mil: 1,
  s: SECOND_MS,
  sec: SECOND_MS,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
};

/** "Please wait 23 seconds", "Please retry after 43 seconds", "Try again in 1m12.5s" (Azure, GitHub Models, OpenAI). */
const HINT =
  /(?:please wait|retry after|retry in|try again in)\s+((?:\d+(?:\.\d+)?\s*(?:ms|s|m|h))+|\d+(?:\.\d+)?\s*(?:mil|sec|min|hour)[a-z]*)\b/i;
const PIECE = /(\d+(?:\.\d+)?)\s*(ms|mil|sec|min|hour|s|m|h)/gi;

/**
 * Milliseconds to wait, or undefined when no usable time was sent. The order is that of the vendors' own clients.
 * A time in the past, 0 and unreadable values are ignored: the caller then uses its own backoff.
 * `now` is the wall clock in ms; a `Date` header replaces it, so that a wrong local clock does not matter.
 */
export function retryAfterMs(headers: ReplyHeaders, message: string, now: number): number | undefined {
  return (
    positive(numeric(headers['retry-after-ms'])) ??
    positive(numeric(headers['x-ms-retry-after-ms'])) ??
    positive(secondsOrDate(headers, now)) ??
    positive(hinted(message))
  );
}

function secondsOrDate(headers: ReplyHeaders, now: number): number {
  const value = headers['retry-after'];
  const seconds = numeric(value);
  if (value === undefined || !Number.isNaN(seconds)) return seconds * SECOND_MS;
  const served = Date.parse(headers['date'] ?? '');
  return Date.parse(value) - (Number.isNaN(served) ? now : served);
}

function hinted(message: string): number {
  const pieces = [...(HINT.exec(message)?.[1] ?? '').matchAll(PIECE)];
  return pieces.reduce((sum, [, number, unit]) => sum + Number(number) * (UNIT_MS[unit?.toLowerCase() ?? ''] ?? 0), 0);
}

function numeric(value: string | undefined): number {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : Number.NaN;
}

function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined;
}
