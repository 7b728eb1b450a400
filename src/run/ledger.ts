/** Keeps a run within its budget: a cell starts only if its reservation, all others and the spent money fit in it. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind, Result } from '../result.ts';

/** The most that a cell may cost, in USD; it may grow while the cell is open. */
export type MostUsd = () => number;

export interface Ledger {
  /** Reserves the most that a cell may cost; null = it does not fit. Waits while other cells may still return a part of theirs. */
  reserve(mostUsd: MostUsd): Promise<Reservation | null>;
  /** As `reserve`, without waiting. */
  reserveNow(mostUsd: MostUsd): Reservation | null | Promise<Reservation | null>;
  readonly spentUsd: () => number;
}

/** A ledger of one process. */
export interface LocalLedger extends Ledger {
  reserveNow(mostUsd: MostUsd): Reservation | null;
}

/** Money that is reserved for one cell. */
export interface Reservation {
  /** False = reservations have grown, and they no longer fit next to the spent money: nothing more may be sent. */
  isCovered(): boolean;
  /** Reserves the same again. Does not wait: two cells could wait for each other for ever. */
  extend(): boolean;
  /** Replaces the reservation by what the cell spent. */
  settle(spentUsd: number): void;
}

/** Sums in another order differ by less. */
const ROUNDING = 1 + 1e-12;

/** `spentUsd` is what earlier executions of the run have spent. */
export function createLedger(maxUsd: number, spentUsd = 0): LocalLedger {
  let spent = spentUsd;
  /** Open reservations, each with how many times its amount is reserved. */
  const open = new Map<MostUsd, number>();
  let waiting: (() => void)[] = [];

  /** Added up each time: amounts grow, and rounding errors must not use up the budget. */
  const reserved = () => {
    let sum = 0;
    for (const [mostUsd, times] of open) sum += times * mostUsd();
    return sum;
  };
  const fits = (usd: number) => spent + reserved() + usd <= maxUsd;
  const reserveNow = (mostUsd: MostUsd): Reservation | null => {
    if (!fits(mostUsd())) return null;
    // A key of its own: two cells may share one amount.
    const amount = () => mostUsd();
    open.set(amount, 1);
    return {
      isCovered: () => spent + reserved() <= maxUsd * ROUNDING,
      extend() {
        const isAffordable = fits(mostUsd());
        if (isAffordable) open.set(amount, (open.get(amount) ?? 0) + 1);
        return isAffordable;
      },
      settle(spentNow) {
        open.delete(amount);
        spent += spentNow;
        const woken = waiting;
        waiting = [];
        for (const wake of woken) wake();
      },
    };
  };
  return {
    async reserve(mostUsd) {
      for (;;) {
        const reservation = reserveNow(mostUsd);
        if (reservation !== null) return reservation;
        // Spent money does not come back; a part of the reservations may.
        if (open.size === 0 || spent + mostUsd() > maxUsd) return null;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    reserveNow,
    spentUsd: () => spent,
  };
}

/** An endpoint that rejects a request for one of these reasons has not run the model. */
const UNBILLED: ReadonlySet<FailureKind> = new Set(['rate_limit', 'auth', 'bad_request', 'unsupported', 'media']);
/** The request did not reach the endpoint. */
const UNSENT: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EMFILE',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** The server was too busy to start (RFC 9110, 15.6.4). */
const UNAVAILABLE = 503;

/** Whether a failed attempt may have been billed although the endpoint did not report it. */
export function mayBeBilled({ kind, details: { code = '', status } }: ProviderError): boolean {
  return !UNBILLED.has(kind) && !UNSENT.has(code) && status !== UNAVAILABLE;
}

/**
 * The USD that a cell used of the budget: its price, and `highUsd` for an answer without a price and for each attempt
 * that may have been billed without a report.
 */
export function spentOn(result: Result, unseenBills: number, highUsd: number): number {
  const unpriced = result.status === 'completed' ? highUsd : 0;
  return (result.assumedCostUsd ?? result.costUsd ?? unpriced) + unseenBills * highUsd;
}
