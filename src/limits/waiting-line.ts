/** Who waits for a quota, in order: retries first, then first come first served, with one timer for all. */

import { ProviderError } from '../errors.ts';
import type { Clock } from './clock.ts';
import { createAlarm } from './timers.ts';

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

export interface WaitingLine {
  /** Waits for the request's turn; resolves to what `onGrant` gave. @throws {ProviderError} `aborted`, or why the door is stopped. */
  admit<T>(ticket: Ticket<T>): Promise<T>;
  /** A door or the supply changed: lets through whoever may go now, and turns away whose door was stopped. */
  recheck(): void;
}

/** What they wait for. */
export interface Supply {
  readonly clock: Clock;
  /** Milliseconds until a request with so many tokens may go; 0 = now. */
  waitMs(tokens: number, now: number): number;
  take(tokens: number, now: number): void;
}

interface Waiter {
  readonly door: Door;
  readonly tokens: number;
  readonly grant: (now: number) => void;
  readonly reject: (error: ProviderError) => void;
}

/** Nothing is timed while nobody waits. */
export function createWaitingLine({ clock, waitMs, take }: Supply): WaitingLine {
  const retries = new Set<Waiter>();
  const fresh = new Set<Waiter>();

  /** Lets through whoever may go, and sleeps until the next one may. */
  const advance = () => {
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
    alarm.set(now + wait);
  };
  const alarm = createAlarm(clock, advance);

  const grant = <T>({ tokens, onGrant }: Ticket<T>, now: number): T => {
    take(tokens, now);
    return onGrant(now);
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
        advance();
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
      advance();
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
    recheck() {
      if (retries.size + fresh.size === 0) return;
      for (const waiter of [...retries, ...fresh]) {
        const stop = waiter.door.stopped();
        if (stop !== null) waiter.reject(stop);
      }
      advance();
    },
  };
}

function notSent(): ProviderError {
  return new ProviderError('aborted', 'the run was stopped before this request was sent');
}
