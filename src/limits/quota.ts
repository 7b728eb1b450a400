/** The quota of an endpoint: requests and tokens per minute and the pause after a throttled request, shared by all models that draw on it. */

import type { ProviderError } from '../errors.ts';
import type { ModelConfig, RateLimit } from '../types.ts';
import { createPacer } from './bucket.ts';
import type { Clock } from './clock.ts';
import { createRateController } from './rate.ts';
import { DEFAULT_DEADLINE_MS } from './retry.ts';
import { createWaitingLine, type WaitingLine } from './waiting-line.ts';

const MINUTE_MS = 60_000;
/** First and longest pause after refusals that name none; doubled from one to the next until an answer comes. */
const PAUSE_BASE_MS = 500;
const PAUSE_CAP_MS = 30_000;
/** The first where refusals have nothing to do with the rate. */
const RANDOM_PAUSE_BASE_MS = 100;
/** Whoever went ahead and was not refused by then is on its way: an answer may take minutes, a refusal does not. */
const PROBE_MS = 2000;
/** Shorter resets are finer than the buckets spread anyway, and older than they are long when they arrive. */
const NEGLIGIBLE_RESET_MS = 100;

/** What came of a request is told by all that it concerns, then `recheck` lets through who may go now. */
export interface Quota extends Pick<WaitingLine, 'admit' | 'recheck'> {
  /** The request that was admitted at `sentAt` was not sent: gives back all of it. */
  cancel(tokens: number, sentAt: number): void;
  /** What was reserved becomes what was used. */
  settle(reserved: number, used: number, sentAt: number): void;
  /** A request that was admitted at `sentAt` was not refused. Returns the pause that its headers ask for; null = none. */
  onAnswer(said: RateLimit | undefined, sentAt: number): Slowdown | null;
  /** The endpoint refused (429). Resolves into what changed; null when it was known already. */
  onThrottle(error: ProviderError, sentAt: number): Slowdown | null;
}

/** What a refusal, or a quota that is used up, led to. */
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
  /** Replies to what was sent up to then are no news. */
  let slowedAt = Number.NEGATIVE_INFINITY;
  let throttlesInRow = 0;
  /** After a pause of our own at an unknown rate one request goes ahead: of all at once most would be refused again. */
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
  /** Resets that are worth heeding: neither over before the reply was here, nor further away than anyone waits. */
  const near = (resetMs: number | undefined) =>
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
    onAnswer(said, sentAt) {
      rateController.onAnswer(sentAt);
      if (sentAt <= slowedAt) return null;
      throttlesInRow = 0;
      if (said === undefined) return null;
      const now = clock.now();
      requests.learn(said.limitRequests, said.remainingRequests, near(said.resetRequestsMs), now);
      tokens.learn(said.limitTokens, said.remainingTokens, near(said.resetTokensMs), now);
      const reset = near(exhaustedMs(said) ?? undefined);
      if (reset !== undefined) {
        slowedAt = now;
        pause(reset, now);
      }
      return reset === undefined ? null : slowdown(now);
    },
    onThrottle(error, sentAt) {
      const now = clock.now();
      const news = sentAt > slowedAt;
      // A reset that is over already says nothing; as a pause it would have all of them back at once.
      const hint = error.details.retryAfterMs ?? near(exhaustedMs(error.details.rateLimit) ?? undefined) ?? null;
      const isRandom = news && !rateController.onThrottle(sentAt, now);
      if (news) {
        slowedAt = now;
        throttlesInRow += 1;
      } else rateController.onLateThrottle(sentAt, now);
      if (hint !== null && hint <= maxPauseMs) pause(hint, now);
      else if (news) {
        if (rateController.ratePerMs(now) === Number.POSITIVE_INFINITY && !isRandom) probe = 'due';
        const ceiling = Math.min(
          PAUSE_CAP_MS,
          (isRandom ? RANDOM_PAUSE_BASE_MS : PAUSE_BASE_MS) * 2 ** (throttlesInRow - 1),
        );
        // Half of it is left to chance, so that several runs on one quota do not meet again.
        pause(ceiling * (0.5 + random() / 2), now);
      }
      return news ? slowdown(now) : null;
    },
    recheck: line.recheck,
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

/**
 * The quota of each model. Models of one `limitGroup` share theirs, and so do those that name the same deployment
 * (the variants of a model); the strictest limits that any of them names hold for all.
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
    // A model that cannot wait so long stops itself; the others wait.
    const maxPauseMs = Math.max(...members.map(({ limits }) => limits.deadlineMs ?? DEFAULT_DEADLINE_MS));
    const quota = createQuota({ requestsPerMinute, tokensPerMinute, maxPauseMs, clock, random });
    quotas.set(group, quota);
    return quota;
  };
}

/** Rates that several models keep together; undefined = not limited by us. */
export interface SharedLimits {
  readonly group: string;
  /** The model itself among them. */
  readonly members: readonly ModelConfig[];
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
}

/** What the quota of a model is, and who draws on it. */
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
