/** A quota: requests and tokens per minute, and the pauses after throttled requests, for all models that share it. */

import type { ProviderError } from '../errors.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { ModelConfig } from '../types.ts';
import { createPacer } from './bucket.ts';
import type { Clock } from './clock.ts';
import { createRateController } from './rate.ts';
import { DEFAULT_DEADLINE_MS } from './retry.ts';
import { createWaitingLine, type WaitingLine } from './waiting-line.ts';

const MINUTE_MS = 60_000;
/** First and longest pause when a 429 names none; doubled with each throttled request until an answer comes. */
const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 30_000;
/** The first pause when throttling is random: a longer one would not help. */
const RANDOM_PAUSE_BASE_MS = 100;
/** If the probe is not throttled within 2 s, assume it was accepted: an answer may take minutes, a 429 does not. */
const PROBE_MS = 2000;
/** Shorter resets are ignored: they may be over when the reply arrives, and the buckets spread requests anyway. */
const NEGLIGIBLE_RESET_MS = 100;

/** The caller reports what became of a request, and then calls `recheck` to admit what may go now. */
export interface Quota extends Pick<WaitingLine, 'admit' | 'recheck'> {
  /** The request that was admitted at `sentAt` was not sent: refunds all of it. */
  cancel(tokens: number, sentAt: number): void;
  /** Replaces the reserved tokens by those that were used. */
  settle(reserved: number, used: number, sentAt: number): void;
  /** A request admitted at `sentAt` was not throttled. Returns the pause that its headers ask for; null = none. */
  onAnswer(headers: RateLimit | undefined, sentAt: number): Slowdown | null;
  /** A request was throttled (429). Returns what changed; null if it was sent before the latest slowdown. */
  onThrottle(error: ProviderError, sentAt: number): Slowdown | null;
}

/** The effect of a throttled request, or of a quota that is used up. */
export interface Slowdown {
  /** Milliseconds until requests are sent again. */
  readonly pauseMs: number;
  /** The most to be sent after the pause, before the rate grows again; null = no rate is configured or measured. */
  readonly requestsPerMinute: number | null;
}

export interface QuotaOptions {
  /** Undefined = not configured; likewise for tokens. */
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  /** Longest pause that is taken from response headers. A longer reset is ignored; the endpoint then throttles. */
  readonly maxPauseMs: number;
  readonly clock: Clock;
  /** [0, 1) */
  readonly random: () => number;
}

export function createQuota(options: QuotaOptions): Quota {
  const { requestsPerMinute, tokensPerMinute, maxPauseMs, clock, random } = options;
  const requests = createPacer(1);
  const tokens = createPacer(1);
  const rateController = createRateController((requestsPerMinute ?? Number.POSITIVE_INFINITY) / MINUTE_MS, clock.now());
  tokens.setRate((tokensPerMinute ?? Number.POSITIVE_INFINITY) / MINUTE_MS, clock.now());
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** Ignore replies to requests sent before this time. */
  let slowedAt = Number.NEGATIVE_INFINITY;
  let throttlesInRow = 0;
  /** After a pause of our own at an unknown rate, send one request first: most of a crowd would be throttled again. */
  let probe: 'none' | 'due' | { readonly until: number } = 'none';

  const line = createWaitingLine({
    clock,
    waitMs(cost, now) {
      requests.setRate(rateController.ratePerMs(now), now);
      const ahead = typeof probe === 'object' ? probe.until - now : 0;
      return Math.max(0, ahead, pausedUntil - now, requests.waitMs(1, now), tokens.waitMs(cost, now));
    },
    take(cost, now) {
      probe = probe === 'due' ? { until: now + PROBE_MS } : 'none';
      requests.take(1, now);
      tokens.take(cost, now);
    },
  });
  /** The reset, if it is neither over by now nor later than anyone waits for. */
  const usable = (resetMs: number | undefined) =>
    resetMs !== undefined && resetMs > NEGLIGIBLE_RESET_MS && resetMs <= maxPauseMs ? resetMs : undefined;
  const pause = (ms: number, now: number) => {
    pausedUntil = Math.max(pausedUntil, now + ms);
    rateController.resumeAt(pausedUntil);
    requests.restart(pausedUntil);
    tokens.restart(pausedUntil);
  };

  const slowdown = (now: number): Slowdown => {
    const rate = rateController.ratePerMs(now) * MINUTE_MS;
    return { pauseMs: pausedUntil - now, requestsPerMinute: rate === Number.POSITIVE_INFINITY ? null : rate };
  };

  return {
    admit: line.admit,
    cancel(reserved, sentAt) {
      const now = clock.now();
      if (typeof probe === 'object' && sentAt > slowedAt) probe = 'due';
      requests.give(1, now);
      tokens.give(reserved, now);
    },
    settle(reserved, used, sentAt) {
      tokens.give(reserved - used, clock.now());
      if (typeof probe === 'object' && sentAt > slowedAt) probe = 'none';
    },
    onAnswer(headers, sentAt) {
      rateController.onAnswer(sentAt);
      if (sentAt <= slowedAt) return null;
      throttlesInRow = 0;
      if (headers === undefined) return null;
      const now = clock.now();
      requests.learn(headers.limitRequests, headers.remainingRequests, usable(headers.resetRequestsMs), now);
      tokens.learn(headers.limitTokens, headers.remainingTokens, usable(headers.resetTokensMs), now);
      const reset = usable(longestResetMs(headers) ?? undefined);
      if (reset !== undefined) {
        slowedAt = now;
        pause(reset, now);
      }
      return reset === undefined ? null : slowdown(now);
    },
    onThrottle(error, sentAt) {
      const now = clock.now();
      const isNew = sentAt > slowedAt;
      // Ignore a reset that is over: as a pause it would send all requests again at once.
      const hint = error.details.retryAfterMs ?? usable(longestResetMs(error.details.rateLimit) ?? undefined) ?? null;
      const isRandom = isNew && !rateController.onThrottle(sentAt, now);
      if (isNew) {
        slowedAt = now;
        throttlesInRow += 1;
      } else rateController.onLateThrottle(sentAt, now);
      if (hint !== null && hint <= maxPauseMs) pause(hint, now);
      else if (isNew) {
        if (rateController.ratePerMs(now) === Number.POSITIVE_INFINITY && !isRandom) probe = 'due';
        const ceiling = Math.min(
          PAUSE_CAP_MS,
          (isRandom ? RANDOM_PAUSE_BASE_MS : PAUSE_BASE_MS) * 2 ** (throttlesInRow - 1),
        );
        // Half of the pause is random, so that several runs on one quota do not collide again.
        pause(ceiling * (0.5 + random() / 2), now);
      }
      return isNew ? slowdown(now) : null;
    },
    recheck: line.recheck,
  };
}

/** The longest reset among the quotas that are used up; null when none is. */
function longestResetMs(headers: RateLimit | undefined): number | null {
  const resets = [
    headers?.remainingRequests === 0 ? headers.resetRequestsMs : undefined,
    headers?.remainingTokens === 0 ? headers.resetTokensMs : undefined,
  ].filter((reset) => reset !== undefined);
  return resets.length === 0 ? null : Math.max(...resets);
}

/**
 * Returns the quota of each model. Models with the same `limitGroup` or the same deployment (such as the variants of a
 * model) share one quota. Its limits are the strictest of theirs.
 */
export function createSharedQuotas(
  models: readonly ModelConfig[],
  clock: Clock,
  random: () => number,
): (model: ModelConfig) => Quota {
  const quotas = new Map<string, Quota>();
  return (model) => {
    const { group, members, requestsPerMinute, tokensPerMinute } = sharedLimits(model, models);
    const known = quotas.get(group);
    if (known !== undefined) return known;
    // The longest deadline counts: a model with a shorter one stops by itself, and the others wait.
    const maxPauseMs = Math.max(...members.map(({ limits }) => limits.deadlineMs ?? DEFAULT_DEADLINE_MS));
    const quota = createQuota({ requestsPerMinute, tokensPerMinute, maxPauseMs, clock, random });
    quotas.set(group, quota);
    return quota;
  };
}

/** The limits that several models share; undefined = no limit is configured. */
export interface SharedLimits {
  readonly group: string;
  /** Includes the model itself. */
  readonly members: readonly ModelConfig[];
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

/** The limits of the quota that a model uses, and the models that share it. */
export function sharedLimits(model: ModelConfig, models: readonly ModelConfig[]): SharedLimits {
  const group = groupOf(model);
  const members = [model, ...models.filter((other) => other !== model && groupOf(other) === group)];
  return {
    group,
    members,
    requestsPerMinute: strictest(members.map(({ limits }) => limits.requestsPerMinute)),
    tokensPerMinute: strictest(members.map(({ limits }) => limits.tokensPerMinute)),
  };
}

function groupOf({ limitGroup, provider, endpoint, model, deployment, auth }: ModelConfig): string {
  return JSON.stringify(limitGroup ?? [provider, endpoint, model, deployment, auth]);
}

function strictest(limits: readonly (number | undefined)[]): number | undefined {
  const named = limits.filter((limit) => limit !== undefined);
  return named.length === 0 ? undefined : Math.min(...named);
}
