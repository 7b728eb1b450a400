/** Keeps a run within its budget: a cell starts only if its reservation, all others and the spent money fit in it. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind, Result } from '../result.ts';

export interface Ledger {
  /** Reserves the most that a cell may cost; false = it does not fit. Waits while other cells may still return a part of theirs. */
  reserve(highUsd: number): Promise<boolean>;
  /** Reserves more for a cell that has a reservation. Does not wait: two cells could wait for each other for ever. */
  extend(highUsd: number): boolean;
  /** Replaces the reservation of a cell by what it spent. */
  settle(highUsd: number, spentUsd: number): void;
  readonly spentUsd: () => number;
}

/** `spentUsd` is what earlier executions of the run have spent. */
export function createLedger(maxUsd: number, spentUsd = 0): Ledger {
  let spent = spentUsd;
  let reserved = 0;
  let cells = 0;
  let waiting: (() => void)[] = [];
  return {
    async reserve(highUsd) {
      while (spent + reserved + highUsd > maxUsd) {
        // Spent money does not come back; a part of the reservations may.
        if (cells === 0 || spent + highUsd > maxUsd) return false;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      reserved += highUsd;
      cells += 1;
      return true;
    },
    extend(highUsd) {
      const fits = spent + reserved + highUsd <= maxUsd;
      if (fits) reserved += highUsd;
      return fits;
    },
    settle(highUsd, spentNow) {
      cells -= 1;
      // Without reservations the sum is exactly 0: rounding errors must not use up the budget.
      reserved = cells === 0 ? 0 : reserved - highUsd;
      spent += spentNow;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
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
