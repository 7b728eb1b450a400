/** Keeps a run under its budget: a cell is admitted only while what is spent and reserved stays below it. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind, Result } from '../result.ts';

export interface Ledger {
  /** Reserves the most a cell may cost; false = it does not fit any more. Waits while others may still give back. */
  reserve(highUsd: number): Promise<boolean>;
  /** Reserves more for a cell that has a reservation, without waiting: two that wait for each other would wait for ever. */
  extend(highUsd: number): boolean;
  /** Replaces what a cell reserved by what was spent. */
  settle(highUsd: number, spentUsd: number): void;
  readonly spentUsd: () => number;
}

/** `spentUsd` is what an interrupted run had spent. */
export function createLedger(maxUsd: number, spentUsd = 0): Ledger {
  let spent = spentUsd;
  let reserved = 0;
  let cells = 0;
  let waiting: (() => void)[] = [];
  return {
    async reserve(highUsd) {
      while (spent + reserved + highUsd > maxUsd) {
        // What is spent never comes back, what is reserved may.
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
      // Without reservations the sum is exactly 0: floating point must not eat the budget.
      reserved = cells === 0 ? 0 : reserved - highUsd;
      spent += spentNow;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    spentUsd: () => spent,
  };
}

/** An endpoint that refuses a request for these has done no work. */
const UNBILLED: ReadonlySet<FailureKind> = new Set(['rate_limit', 'auth', 'bad_request', 'unsupported', 'media']);
/** The request never got there. */
const UNSENT: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EMFILE',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** Too busy to begin with it (RFC 9110, 15.6.4). */
const UNAVAILABLE = 503;

/** Whether a failed attempt may stand on the bill although the endpoint did not say so. */
export function mayBeBilled({ kind, details: { code = '', status } }: ProviderError): boolean {
  return !UNBILLED.has(kind) && !UNSENT.has(code) && status !== UNAVAILABLE;
}

/**
 * What a cell took from the budget in USD: its price, and its reservation for an answer without a price and for each
 * attempt that may have been billed unseen.
 */
export function spentOn(result: Result, unseenBills: number, highUsd: number): number {
  const unpriced = result.status === 'completed' ? highUsd : 0;
  return (result.assumedCostUsd ?? result.costUsd ?? unpriced) + unseenBills * highUsd;
}
