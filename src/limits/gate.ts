/** Admits the requests of one model as its quota, its breaker and its concurrency allow, and adapts to the replies. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind } from '../result.ts';
import type { Completion, Limits, Usage } from '../types.ts';
import { type ConcurrencyChange, createAutoConcurrency } from './auto-concurrency.ts';
import { type BreakerState, createBreaker } from './breaker.ts';
import type { Clock } from './clock.ts';
import type { Quota, Slowdown } from './quota.ts';
import { createRejections, REJECTIONS_TO_DOUBT } from './rejections.ts';
import { DEFAULT_DEADLINE_MS, duration, stopped, stopReason } from './retry.ts';
import { type CellSlots, createCellSlots, type RequestSlots } from './slots.ts';
import { createWaitMeter, type WaitMeter } from './wait-meter.ts';
import type { ModelState } from './waiting-line.ts';

/** A few throttled requests say little, even over a long time: at a low rate they are far apart. */
const THROTTLES_TO_STOP = 8;

/** A change of pace with its reason, for the journal and for listeners. */
export type LimitChange =
  | ({ readonly type: 'concurrency' } & ConcurrencyChange)
  | ({ readonly type: 'pause'; readonly reason: string } & Slowdown)
  | { readonly type: 'breaker'; readonly state: BreakerState; readonly reason: string }
  /** The first requests were rejected: one more is tried before the model is stopped. */
  | { readonly type: 'trial'; readonly reason: string }
  | { readonly type: 'stop'; readonly kind: FailureKind; readonly reason: string };

export interface AdmitRequest {
  /** Estimated prompt and completion tokens, to be reserved. */
  readonly tokens: number;
  /** It was sent before: goes ahead of new requests. */
  readonly retry: boolean;
  readonly signal: AbortSignal;
}

/** The right to send one request. The holder must call exactly one of its functions. */
export interface Permit {
  /** The endpoint answered. */
  onSuccess(completion: Completion): void;
  /** The request failed. */
  onFailure(error: ProviderError): void;
  /** The request was not sent. */
  cancel(): void;
}

export interface Gate {
  /** Why nothing more is sent to this model; null = it is not stopped. */
  stopped(): ProviderError | null;
  /** Waits for the request's turn. @throws {ProviderError} `aborted` by the signal, or why the model is stopped. */
  admit(request: AdmitRequest): Promise<Permit>;
  /** As `admit`, for the request that is tried while the model is in doubt and all others wait. */
  admitTrial(request: AdmitRequest): Promise<Permit>;
  /** True when the model has answered a request. */
  hasAnswered(): boolean;
  /**
   * Called when the model is in doubt: it has rejected its first requests, and none is in flight. `trial` should send one
   * request by `admitTrial`. If the doubt remains when it resolves, requests that wait are tried, the last one first.
   */
  onDoubt(trial: () => Promise<void>): void;
  /** How many cells of the model may be open. */
  readonly cellSlots: CellSlots;
  /** How long its requests have waited for the quota. */
  readonly waits: Pick<WaitMeter, 'waitedMs' | 'watch'>;
  /** Its requests at this moment. */
  load(): GateLoad;
  /** Stops the model for a reason that is known from elsewhere. */
  stop(reason: ProviderError): void;
  /** Calls the listener on every change from now on. */
  watch(listener: (change: LimitChange) => void): void;
}

/** Requests of a model at one moment. */
export interface GateLoad {
  readonly inFlight: number;
  /** Ready to be sent, held by a limit. */
  readonly waiting: number;
}

export interface GateOptions {
  readonly limits: Limits;
  /** Shared with the models that use the same quota. */
  readonly quota: Quota;
  readonly clock: Clock;
  /** Shared by all models. Acquired with the permit: a request that waits for a slot has not used its quota yet. */
  readonly requestSlots: RequestSlots;
}

export function createGate({ limits, quota, clock, requestSlots }: GateOptions): Gate {
  const deadlineMs = limits.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const breaker = createBreaker();
  const rejections = createRejections();
  const auto = limits.concurrency === 'auto' ? createAutoConcurrency() : null;
  const fixed = limits.concurrency === 'auto' ? null : limits.concurrency;
  const concurrency = () => auto?.limit() ?? fixed ?? 1;
  const cellSlots = createCellSlots(concurrency);
  const listeners: ((change: LimitChange) => void)[] = [];
  const meter = createWaitMeter();
  /** Requests that wait for their turn, in the order of their arrival. */
  const waiting = new Set<AdmitRequest>();
  let startTrial = async () => {};
  /** While in doubt: the trial was started, or failed to tell, so that requests that wait are tried. */
  let trial: 'none' | 'started' | 'open' = 'none';
  let stop: ProviderError | null = null;
  let inFlight = 0;
  /** Since when every reply was a 429, and how many there were; null = the last reply was another. */
  let throttled: { readonly since: number; readonly times: number } | null = null;

  const notify = (change: LimitChange) => {
    for (const listener of listeners) listener(change);
  };
  const notifyConcurrency = (change: ConcurrencyChange | null | undefined) => {
    if (!change) return;
    notify({ type: 'concurrency', ...change });
    cellSlots.onConcurrencyChange();
  };
  /** Answers that were in flight when the doubt began may end it: the trial waits for them. */
  const settleDoubt = () => {
    if (!rejections.inDoubt()) trial = 'none';
    else if (trial === 'none' && inFlight === 0 && stop === null) {
      trial = 'started';
      void startTrial().finally(() => {
        if (trial === 'started') trial = 'open';
        quota.recheck();
      });
    }
  };
  /** The last step of every reply: pauses and stops must be known before the quota admits others. */
  const release = () => {
    inFlight -= 1;
    requestSlots.release();
    settleDoubt();
    quota.recheck();
  };
  const stopModel = (reason: ProviderError) => {
    if (stop !== null) return;
    stop = reason;
    const { hint } = reason.details;
    notify({ type: 'stop', kind: reason.kind, reason: `${reason.message}${hint === undefined ? '' : ` · ${hint}`}` });
  };
  /** Reports a reply to the breaker; null = an answer. */
  const updateBreaker = (error: ProviderError | null, probe: boolean, now: number) => {
    const before = breaker.state();
    if (error === null) breaker.onAlive();
    else breaker.onFailure(error, probe, now);
    const state = breaker.state();
    if (state === before) return;
    notify({ type: 'breaker', state, reason: error?.message ?? 'a request succeeded' });
    if (state === 'spent' && error !== null)
      stopModel(stopped(error, 'requests kept failing the same way, and every probe failed'));
  };

  /** Reports a failure to the rejections: a model that takes no request is stopped. */
  const updateRejections = (error: ProviderError, isTrial: boolean) => {
    const wasInDoubt = rejections.inDoubt();
    const isRejectedAgain = rejections.onFailure(error, isTrial);
    if (rejections.inDoubt() && !wasInDoubt)
      notify({ type: 'trial', reason: `the first ${REJECTIONS_TO_DOUBT} requests were rejected: ${error.message}` });
    if (!isRejectedAgain) return;
    const { hint = 'change what it names in params, extraBody or modalities' } = error.details;
    stopModel(
      stopped(error, 'its first requests were all rejected, and so was one from the end of the manifest', {
        hint: `${hint}; or leave out the samples that it rejects; then run again with --resume`,
      }),
    );
  };

  requestSlots.onFree(quota.recheck);
  const waitMs = (now: number) =>
    inFlight < concurrency() && requestSlots.isFree() ? breaker.waitMs(now) : Number.POSITIVE_INFINITY;
  const isLast = (request: AdmitRequest) => [...waiting].at(-1) === request;
  const stateFor = (mayTry: () => boolean): ModelState => ({
    meter,
    stopped: () => stop,
    waitMs: (now) => {
      const isHeld = rejections.inDoubt() && (inFlight > 0 || !mayTry());
      return isHeld ? Number.POSITIVE_INFINITY : waitMs(now);
    },
  });

  const onThrottle = (error: ProviderError, sentAt: number, now: number) => {
    throttled = { since: throttled?.since ?? sentAt, times: (throttled?.times ?? 0) + 1 };
    const slowdown = quota.onThrottle(error, sentAt);
    if (slowdown !== null) notify({ type: 'pause', ...slowdown, reason: error.message });
    if (now - throttled.since > deadlineMs && throttled.times >= THROTTLES_TO_STOP) {
      stopModel(stopped(error, `every request was throttled for ${duration(deadlineMs)}`));
    }
  };

  const permit = (
    { tokens, retry }: AdmitRequest,
    sentAt: number,
    { probe, isTrial }: { readonly probe: boolean; readonly isTrial: boolean },
  ): Permit => ({
    onSuccess({ usage, rateLimit }) {
      const now = clock.now();
      throttled = null;
      rejections.onAnswer();
      quota.settle(tokens, usedTokens(usage) ?? tokens, sentAt);
      const slowdown = quota.onAnswer(rateLimit, sentAt);
      if (slowdown !== null)
        notify({ type: 'pause', ...slowdown, reason: 'the response headers report no remaining quota' });
      updateBreaker(null, probe, now);
      // A retry that succeeds does not show that the endpoint can take more.
      if (!retry) notifyConcurrency(auto?.onSuccess(inFlight));
      release();
    },
    onFailure(error) {
      const now = clock.now();
      // A throttled request used no tokens. Other failures may have, so their reservation stays.
      quota.settle(tokens, usedTokens(error.details.usage) ?? (error.kind === 'rate_limit' ? 0 : tokens), sentAt);
      if (error.kind === 'rate_limit' || error.details.status === 503) notifyConcurrency(auto?.onThrottle(sentAt, now));
      if (error.kind === 'rate_limit') onThrottle(error, sentAt, now);
      else {
        throttled = null;
        // The endpoint did not throttle it, so the quota covered it.
        if (error.details.status !== undefined) quota.onAnswer(undefined, sentAt);
      }
      updateBreaker(error, probe, now);
      const reason = stopReason(error, deadlineMs);
      if (reason !== null) stopModel(reason);
      updateRejections(error, isTrial);
      release();
    },
    cancel() {
      breaker.onSilence(probe);
      quota.cancel(tokens, sentAt);
      release();
    },
  });

  const admit = async (request: AdmitRequest, model: ModelState): Promise<Permit> => {
    const { tokens, retry, signal } = request;
    const onAdmit = (now: number) => {
      inFlight += 1;
      requestSlots.acquire();
      return permit(request, now, { probe: breaker.onSent(now), isTrial: rejections.inDoubt() });
    };
    waiting.add(request);
    try {
      return await quota.admit({ model, tokens, retry, signal, onAdmit });
    } finally {
      waiting.delete(request);
    }
  };

  return {
    stopped: () => stop,
    admit: (request) =>
      admit(
        request,
        stateFor(() => trial === 'open' && isLast(request)),
      ),
    admitTrial: (request) =>
      admit(
        request,
        stateFor(() => true),
      ),
    hasAnswered: rejections.hasAnswered,
    onDoubt(next) {
      startTrial = next;
    },
    cellSlots,
    waits: meter,
    load: () => ({ inFlight, waiting: waiting.size }),
    stop(reason) {
      stopModel(reason);
      quota.recheck();
    },
    watch(listener) {
      listeners.push(listener);
    },
  };
}

/** Tokens that a reply reports; null when it reports none. */
function usedTokens(usage: Usage | null | undefined): number | null {
  if (usage === null || usage === undefined) return null;
  if (usage.totalTokens !== null) return usage.totalTokens;
  if (usage.promptTokens === null) return null;
  return usage.promptTokens + (usage.completionTokens ?? 0);
}
