/** Lets a model's requests through when its quota, its breaker and its own limit allow, and learns from what becomes of them. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind } from '../result.ts';
import type { Completion, Limits, Usage } from '../types.ts';
import { type ConcurrencyChange, createAutoConcurrency } from './auto-concurrency.ts';
import { type BreakerState, createBreaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import type { Quota, Slowdown } from './quota.ts';
import { DEFAULT_DEADLINE_MS, duration, stopped, stopReason } from './retry.ts';
import { type CellSlots, createCellSlots, type RequestSlots } from './slots.ts';
import type { ModelState } from './waiting-line.ts';

/** A few refusals say little, however long they took: at a low rate they are far apart. */
const THROTTLES_TO_STOP = 8;

/** A change of pace with its reason: journalled, and told to whoever watches. */
export type LimitChange =
  | ({ readonly type: 'concurrency' } & ConcurrencyChange)
  | ({ readonly type: 'pause'; readonly reason: string } & Slowdown)
  | { readonly type: 'breaker'; readonly state: BreakerState; readonly reason: string }
  | { readonly type: 'stop'; readonly kind: FailureKind; readonly reason: string };

export interface AdmitRequest {
  /** Prompt and completion tokens to reserve; estimated. */
  readonly tokens: number;
  /** It was sent before: goes to the front. */
  readonly retry: boolean;
  readonly signal: AbortSignal;
}

/** The right to send one request. Whoever holds it calls exactly one of its functions. */
export interface Permit {
  /** An answer came. */
  onSuccess(completion: Completion): void;
  /** No answer came. */
  onFailure(error: ProviderError): void;
  /** Nothing was sent. */
  cancel(): void;
}

export interface Gate {
  /** Why nothing more is sent to this model; null while it is open. */
  stopped(): ProviderError | null;
  /** Waits for its turn. @throws {ProviderError} `aborted` by the signal, or why the model is stopped. */
  admit(request: AdmitRequest): Promise<Permit>;
  /** Of its cells. */
  readonly cellSlots: CellSlots;
  /** Tells every change from now on. */
  watch(listener: (change: LimitChange) => void): void;
}

export interface GateOptions {
  readonly limits: Limits;
  /** Shared with the models that draw on the same quota. */
  readonly quota: Quota;
  readonly clock: Clock;
  /** Shared by all models: taken with the permit, so that nobody who waits for one holds a right to send. */
  readonly requestSlots: RequestSlots;
}

export function createGate({ limits, quota, clock, requestSlots }: GateOptions): Gate {
  const deadlineMs = limits.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const breaker = createBreaker();
  const auto = limits.concurrency === 'auto' ? createAutoConcurrency() : null;
  const fixed = limits.concurrency === 'auto' ? null : limits.concurrency;
  const concurrency = () => auto?.limit() ?? fixed ?? 1;
  const cellSlots = createCellSlots(concurrency);
  const listeners: ((change: LimitChange) => void)[] = [];
  let stop: ProviderError | null = null;
  let inFlight = 0;
  /** Since when every reply was a refusal, and how many they are; null = the last one was none. */
  let throttled: { readonly since: number; readonly times: number } | null = null;

  const notify = (change: LimitChange) => {
    for (const listener of listeners) listener(change);
  };
  const notifyConcurrency = (change: ConcurrencyChange | null | undefined) => {
    if (!change) return;
    notify({ type: 'concurrency', ...change });
    cellSlots.onConcurrencyChange();
  };
  /** The last that an outcome leads to: only now is known who may go, and who was stopped. */
  const leave = () => {
    inFlight -= 1;
    requestSlots.release();
    quota.recheck();
  };
  const end = (reason: ProviderError) => {
    if (stop !== null) return;
    stop = reason;
    const { hint } = reason.details;
    notify({ type: 'stop', kind: reason.kind, reason: `${reason.message}${hint === undefined ? '' : ` · ${hint}`}` });
  };
  /** Reports what an outcome does to the breaker. */
  const updateBreaker = (error: ProviderError | null, probe: boolean, now: number) => {
    const before = breaker.state();
    if (error === null) breaker.onAlive();
    else breaker.onFailure(error, probe, now);
    const state = breaker.state();
    if (state === before) return;
    notify({ type: 'breaker', state, reason: error?.message ?? 'an answer came' });
    if (state === 'spent' && error !== null) end(stopped(error, 'it failed again and again, and so did every probe'));
  };

  requestSlots.onFree(quota.recheck);
  const model: ModelState = {
    stopped: () => stop,
    waitMs: (now) =>
      inFlight < concurrency() && requestSlots.isFree() ? breaker.waitMs(now) : Number.POSITIVE_INFINITY,
  };

  const onThrottle = (error: ProviderError, sentAt: number, now: number) => {
    throttled = { since: throttled?.since ?? sentAt, times: (throttled?.times ?? 0) + 1 };
    const slowdown = quota.onThrottle(error, sentAt);
    if (slowdown !== null) notify({ type: 'pause', ...slowdown, reason: error.message });
    if (now - throttled.since > deadlineMs && throttled.times >= THROTTLES_TO_STOP) {
      end(stopped(error, `every request was throttled for ${duration(deadlineMs)}`));
    }
  };

  const permit = (tokens: number, retry: boolean, sentAt: number, probe: boolean): Permit => ({
    onSuccess({ usage, rateLimit }) {
      const now = clock.now();
      throttled = null;
      quota.settle(tokens, usedTokens(usage) ?? tokens, sentAt);
      const slowdown = quota.onAnswer(rateLimit, sentAt);
      if (slowdown !== null) notify({ type: 'pause', ...slowdown, reason: 'an answer said that nothing remains' });
      updateBreaker(null, probe, now);
      // What succeeded only at a later attempt says nothing for more.
      if (!retry) notifyConcurrency(auto?.onSuccess(inFlight));
      leave();
    },
    onFailure(error) {
      const now = clock.now();
      // A throttled request was not charged; of others nobody knows.
      quota.settle(tokens, usedTokens(error.details.usage) ?? (error.kind === 'rate_limit' ? 0 : tokens), sentAt);
      if (error.kind === 'rate_limit' || error.details.status === 503) notifyConcurrency(auto?.onThrottle(sentAt, now));
      if (error.kind === 'rate_limit') onThrottle(error, sentAt, now);
      else {
        throttled = null;
        // It was let through, whatever became of it then.
        if (error.details.status !== undefined) quota.onAnswer(undefined, sentAt);
      }
      updateBreaker(error, probe, now);
      const reason = stopReason(error, deadlineMs);
      if (reason !== null) end(reason);
      leave();
    },
    cancel() {
      breaker.onSilence(probe);
      quota.cancel(tokens, sentAt);
      leave();
    },
  });

  return {
    stopped: () => stop,
    admit({ tokens, retry, signal }) {
      const onAdmit = (now: number) => {
        inFlight += 1;
        requestSlots.acquire();
        return permit(tokens, retry, now, breaker.onSent(now));
      };
      return quota.admit({ model, tokens, retry, signal, onAdmit });
    },
    cellSlots,
    watch(listener) {
      listeners.push(listener);
    },
  };
}

/** What a reply says was billed; null when it does not say. */
function usedTokens(usage: Usage | null | undefined): number | null {
  if (usage === null || usage === undefined) return null;
  if (usage.totalTokens !== null) return usage.totalTokens;
  if (usage.promptTokens === null) return null;
  return usage.promptTokens + (usage.completionTokens ?? 0);
}
