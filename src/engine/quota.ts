/** One quota of an endpoint: requests and tokens per minute, and a pause that all who share it keep. */

import { ProviderError } from '../errors.ts';
import type { RateLimit } from '../types.ts';
import type { Clock } from './clock.ts';
import { createGrantedRate } from './granted-rate.ts';
import { createPacer } from './pacer.ts';

const MINUTE_MS = 60_000;
/** First and longest pause after refusals that name none; doubled from one to the next until an answer comes. */
const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 30_000;
/** Shorter resets are finer than the buckets spread anyway, and older than they are long when they arrive. */
const NEGLIGIBLE_RESET_MS = 100;
/** Longest single timer; Node fires timers of more than 2^31 ms at once. */
const LONGEST_SLEEP_MS = 3_600_000;

/** What else a waiting request depends on: its own model. */
export interface Door {
  /** Why nothing more is let through; null = it may be. */
  stopped(): ProviderError | null;
  /** Milliseconds until it is let through; Infinity = until `recheck`. */
  waitMs(now: number): number;
}

export interface Ticket<T> {
  readonly door: Door;
  /** Tokens to reserve. */
  readonly tokens: number;
  /** Goes before those that were never sent. */
  readonly retry: boolean;
  readonly signal: AbortSignal;
  /** Called at the moment when the request is let through. */
  readonly onGrant: (now: number) => T;
}

export interface Quota {
  /** Waits for the request's turn; resolves to what `onGrant` gave. @throws {ProviderError} `aborted`, or why the door is stopped. */
  admit<T>(ticket: Ticket<T>): Promise<T>;
  /** The request was not sent: gives back all of it. */
  cancel(tokens: number): void;
  /** What was reserved becomes what was used. */
  settle(reserved: number, used: number): void;
  /** An answer came to a request that was admitted at `sentAt`. */
  onAnswer(said: RateLimit | undefined, sentAt: number): void;
  /** The endpoint refused (429). Resolves into what changed; null when it was known already. */
  onRefusal(error: ProviderError, sentAt: number): Slowdown | null;
  /** A door changed: it may let through, or was stopped. */
  recheck(): void;
}

/** What a refusal led to. */
export interface Slowdown {
  /** Until requests are sent again. */
  readonly pauseMs: number;
  /** At most so many at first from then on; null = nothing is configured or measured. */
  readonly requestsPerMinute: number | null;
}

export interface QuotaOptions {
  /** Undefined = none is configured; so for tokens. */
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  /** Resets further away are left to the endpoint's own refusals. */
  readonly patienceMs: number;
  readonly clock: Clock;
  /** [0, 1) */
  readonly random: () => number;
}

interface Waiter {
  readonly door: Door;
  readonly tokens: number;
  readonly grant: (now: number) => void;
  readonly reject: (error: ProviderError) => void;
}

export function createQuota(options: QuotaOptions): Quota {
  const { requestsPerMinute, tokensPerMinute, patienceMs, clock, random } = options;
  const requests = createPacer(1);
  const tokens = createPacer(1);
  const granted = createGrantedRate((requestsPerMinute ?? Number.POSITIVE_INFINITY) / MINUTE_MS, clock.now());
  tokens.setRate((tokensPerMinute ?? Number.POSITIVE_INFINITY) / MINUTE_MS, clock.now());
  const retries = new Set<Waiter>();
  const fresh = new Set<Waiter>();
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** Replies to what was sent up to then are no news. */
  let slowedAt = Number.NEGATIVE_INFINITY;
  let refusals = 0;
  let alarm: { readonly at: number; readonly off: AbortController } | null = null;

  const waitMs = (cost: number, now: number) => {
    requests.setRate(granted.value(now), now);
    return Math.max(0, pausedUntil - now, requests.waitMs(1, now), tokens.waitMs(cost, now));
  };
  const grant = <T>({ tokens: cost, onGrant }: Ticket<T>, now: number): T => {
    requests.take(1, now);
    tokens.take(cost, now);
    return onGrant(now);
  };
  /** Resets that are worth heeding: neither over before the reply was here, nor further away than anyone waits. */
  const near = (resetMs: number | undefined) =>
    resetMs !== undefined && resetMs > NEGLIGIBLE_RESET_MS && resetMs <= patienceMs ? resetMs : undefined;
  const pause = (ms: number, now: number) => {
    pausedUntil = Math.max(pausedUntil, now + ms);
    granted.resumeAt(pausedUntil);
    requests.restart(pausedUntil);
    tokens.restart(pausedUntil);
  };

  /** Lets through whoever may go, and sleeps until the next one may. */
  const pump = () => {
    const now = clock.now();
    let wait = Number.POSITIVE_INFINITY;
    for (const waiter of [...retries, ...fresh]) {
      const held = waiter.door.waitMs(now);
      const due = held > 0 ? held : waitMs(waiter.tokens, now);
      if (due > 0) wait = Math.min(wait, due);
      else waiter.grant(now);
      // Whoever waits for the quota itself is not overtaken: a large request would never have its turn.
      if (held <= 0 && due > 0) break;
    }
    wakeAfter(wait, now);
  };
  /** One timer for all; one that comes early enough stays. */
  const wakeAfter = (wait: number, now: number) => {
    // Timers cut fractions off; the buckets catch up what rounding up loses.
    const at = now + Math.min(LONGEST_SLEEP_MS, Math.ceil(wait));
    if (alarm !== null && (wait === Number.POSITIVE_INFINITY || at < alarm.at)) {
      alarm.off.abort();
      alarm = null;
    }
    if (alarm !== null || wait === Number.POSITIVE_INFINITY) return;
    const off = new AbortController();
    alarm = { at, off };
    void clock.sleep(at - now, off.signal).then(() => {
      if (off.signal.aborted) return;
      alarm = null;
      pump();
    });
  };

  const join = <T>(ticket: Ticket<T>) =>
    new Promise<T>((resolve, reject) => {
      const queue = ticket.retry ? retries : fresh;
      const leave = () => {
        queue.delete(waiter);
        ticket.signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(notSent());
        pump();
      };
      const waiter: Waiter = {
        door: ticket.door,
        tokens: ticket.tokens,
        grant(now) {
          leave();
          resolve(grant(ticket, now));
        },
        reject(error) {
          leave();
          reject(error);
        },
      };
      ticket.signal.addEventListener('abort', onAbort);
      queue.add(waiter);
      pump();
    });

  return {
    async admit(ticket) {
      const now = clock.now();
      const stop = ticket.door.stopped();
      if (stop !== null) throw stop;
      if (ticket.signal.aborted) throw notSent();
      const free = retries.size + fresh.size === 0 && ticket.door.waitMs(now) <= 0 && waitMs(ticket.tokens, now) === 0;
      return free ? grant(ticket, now) : join(ticket);
    },
    cancel(reserved) {
      const now = clock.now();
      requests.give(1, now);
      tokens.give(reserved, now);
      pump();
    },
    settle(reserved, used) {
      tokens.give(reserved - used, clock.now());
      if (used < reserved) pump();
    },
    onAnswer(said, sentAt) {
      granted.onAnswer();
      if (sentAt <= slowedAt) return;
      refusals = 0;
      if (said === undefined) return;
      const now = clock.now();
      requests.learn(said.limitRequests, said.remainingRequests, near(said.resetRequestsMs), now);
      tokens.learn(said.limitTokens, said.remainingTokens, near(said.resetTokensMs), now);
      const reset = near(exhaustedMs(said) ?? undefined);
      if (reset !== undefined) {
        slowedAt = now;
        granted.onRefusal(now);
        pause(reset, now);
      }
      pump();
    },
    onRefusal(error, sentAt) {
      const now = clock.now();
      const news = sentAt > slowedAt;
      const hint = error.details.retryAfterMs ?? exhaustedMs(error.details.rateLimit);
      if (news) {
        slowedAt = now;
        refusals += 1;
        granted.onRefusal(now);
      }
      if (hint !== null && hint <= patienceMs) pause(hint, now);
      else if (news) {
        const ceiling = Math.min(PAUSE_CAP_MS, PAUSE_BASE_MS * 2 ** (refusals - 1));
        // Half of it is left to chance, so that several runs on one quota do not meet again.
        pause(ceiling * (0.5 + random() / 2), now);
      }
      pump();
      if (!news) return null;
      const rate = granted.value(now) * MINUTE_MS;
      return { pauseMs: pausedUntil - now, requestsPerMinute: rate === Number.POSITIVE_INFINITY ? null : rate };
    },
    recheck() {
      for (const waiter of [...retries, ...fresh]) {
        const stop = waiter.door.stopped();
        if (stop !== null) waiter.reject(stop);
      }
      pump();
    },
  };
}

/** The longest reset among what is used up; null when nothing is. */
function exhaustedMs(said: RateLimit | undefined): number | null {
  const resets = [
    said?.remainingRequests === 0 ? said.resetRequestsMs : undefined,
    said?.remainingTokens === 0 ? said.resetTokensMs : undefined,
  ].filter((reset) => reset !== undefined);
  return resets.length === 0 ? null : Math.max(...resets);
}

function notSent(): ProviderError {
  return new ProviderError('aborted', 'the run was stopped before this request was sent');
}
