/** The requests that wait for a quota: retries first, then in the order of their arrival, with one timer for all. */

import { ProviderError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { createTimer } from './timers.ts';
import type { WaitMeter } from './wait-meter.ts';

/** What a request depends on besides the quota: its own model. */
export interface ModelState {
  /** Why the model takes no more requests; null = it does. */
  stopped(): ProviderError | null;
  /** Milliseconds until the model takes a request; Infinity = ask again at `recheck`. */
  waitMs(now: number): number;
  /** Measures how long the quota holds the model's requests. */
  readonly meter?: WaitMeter;
}

export interface WaitingRequest<T> {
  readonly model: ModelState;
  /** Tokens to reserve. */
  readonly tokens: number;
  /** It was sent before: goes ahead of new requests. */
  readonly retry: boolean;
  readonly signal: AbortSignal;
  /** Called at the moment of admission. */
  readonly onAdmit: (now: number) => T;
}

export interface WaitingLine {
  /** Waits for its turn, then returns the result of `onAdmit`. @throws {ProviderError} `aborted`, or why it is stopped. */
  admit<T>(request: WaitingRequest<T>): Promise<T>;
  /** A model or the quota changed: rejects the requests of stopped models, and admits those that may go now. */
  recheck(): void;
}

/** The quota that the requests wait for. */
export interface WaitingLineOptions {
  readonly clock: Clock;
  /** Milliseconds until the quota has room for a request of so many tokens; 0 = now. */
  waitMs(tokens: number, now: number): number;
  take(tokens: number, now: number): void;
}

interface Waiter {
  readonly model: ModelState;
  readonly tokens: number;
  readonly admit: (now: number) => void;
  readonly reject: (error: ProviderError) => void;
}

/** No timer runs while nothing waits. */
export function createWaitingLine({ clock, waitMs, take }: WaitingLineOptions): WaitingLine {
  const retries = new Set<Waiter>();
  const newRequests = new Set<Waiter>();
  /** Of the model whose request the quota holds now. */
  let metered: WaitMeter | undefined;

  /** Admits all that may go now, and sets the timer for the next one. */
  const advance = () => {
    const now = clock.now();
    let wait = Number.POSITIVE_INFINITY;
    let heldBack: WaitMeter | undefined;
    for (const waiter of [...retries, ...newRequests]) {
      const held = waiter.model.waitMs(now);
      const due = held > 0 ? held : waitMs(waiter.tokens, now);
      if (due > 0) wait = Math.min(wait, due);
      else waiter.admit(now);
      // Nothing overtakes a request that waits for the quota, or small ones would hold up a large one for ever.
      if (held <= 0 && due > 0) {
        heldBack = waiter.model.meter;
        heldBack?.hold(now, due);
        break;
      }
    }
    if (heldBack !== metered) metered?.release(now);
    metered = heldBack;
    timer.set(now + wait);
  };
  const timer = createTimer(clock, advance);

  const admit = <T>({ tokens, onAdmit }: WaitingRequest<T>, now: number): T => {
    take(tokens, now);
    return onAdmit(now);
  };
  const join = <T>(request: WaitingRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      const queue = request.retry ? retries : newRequests;
      const leave = () => {
        queue.delete(waiter);
        request.signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(notSent());
        advance();
      };
      const waiter: Waiter = {
        model: request.model,
        tokens: request.tokens,
        admit(now) {
          leave();
          resolve(admit(request, now));
        },
        reject(error) {
          leave();
          reject(error);
        },
      };
      request.signal.addEventListener('abort', onAbort);
      queue.add(waiter);
      advance();
    });

  return {
    async admit(request) {
      const now = clock.now();
      const stop = request.model.stopped();
      if (stop !== null) throw stop;
      if (request.signal.aborted) throw notSent();
      const isFree =
        retries.size + newRequests.size === 0 && request.model.waitMs(now) <= 0 && waitMs(request.tokens, now) === 0;
      return isFree ? admit(request, now) : join(request);
    },
    recheck() {
      if (retries.size + newRequests.size === 0) return;
      for (const waiter of [...retries, ...newRequests]) {
        const stop = waiter.model.stopped();
        if (stop !== null) waiter.reject(stop);
      }
      advance();
    },
  };
}

function notSent(): ProviderError {
  return new ProviderError('aborted', 'the run was stopped before this request was sent');
}
