/** Who waits for a quota, in order: retries first, then first come first served, with one timer for all. */

import { ProviderError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { createTimer } from './timers.ts';

/** What else a waiting request depends on: its own model. */
export interface ModelState {
  /** Why nothing more is let through; null = it may be. */
  stopped(): ProviderError | null;
  /** Milliseconds until it is let through; Infinity = until `recheck`. */
  waitMs(now: number): number;
}

export interface WaitingRequest<T> {
  readonly model: ModelState;
  /** Tokens to reserve. */
  readonly tokens: number;
  /** Goes before those that were never sent. */
  readonly retry: boolean;
  readonly signal: AbortSignal;
  /** Called at the moment when the request is let through. */
  readonly onAdmit: (now: number) => T;
}

export interface WaitingLine {
  /** Waits for the request's turn; resolves to what `onAdmit` gave. @throws {ProviderError} `aborted`, or why the model is stopped. */
  admit<T>(request: WaitingRequest<T>): Promise<T>;
  /** A model or the supply changed: lets through whoever may go now, and turns away whose model was stopped. */
  recheck(): void;
}

/** What they wait for. */
export interface WaitingLineOptions {
  readonly clock: Clock;
  /** Milliseconds until a request with so many tokens may go; 0 = now. */
  waitMs(tokens: number, now: number): number;
  take(tokens: number, now: number): void;
}

interface Waiter {
  readonly model: ModelState;
  readonly tokens: number;
  readonly admit: (now: number) => void;
  readonly reject: (error: ProviderError) => void;
}

/** Nothing is timed while nobody waits. */
export function createWaitingLine({ clock, waitMs, take }: WaitingLineOptions): WaitingLine {
  const retries = new Set<Waiter>();
  const newRequests = new Set<Waiter>();

  /** Lets through whoever may go, and sleeps until the next one may. */
  const advance = () => {
    const now = clock.now();
    let wait = Number.POSITIVE_INFINITY;
    for (const waiter of [...retries, ...newRequests]) {
      const held = waiter.model.waitMs(now);
      const due = held > 0 ? held : waitMs(waiter.tokens, now);
      if (due > 0) wait = Math.min(wait, due);
      else waiter.admit(now);
      // Whoever waits for the quota itself is not overtaken: a large request would never have its turn.
      if (held <= 0 && due > 0) break;
    }
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
      const free =
        retries.size + newRequests.size === 0 && request.model.waitMs(now) <= 0 && waitMs(request.tokens, now) === 0;
      return free ? admit(request, now) : join(request);
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
