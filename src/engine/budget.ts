/** Keeps a run under its budget: a cell is admitted only while what is spent and reserved stays below it. */

import type { FailureKind, Result } from '../result.ts';

export interface Budget {
  /** Reserves the most a cell may cost; false = it does not fit any more. Waits while others may still give back. */
  reserve(highUsd: number): Promise<boolean>;
  /** Replaces a reservation by what was spent; null = the reply did not tell, so the reservation counts as spent. */
  settle(highUsd: number, spentUsd: number | null): void;
  readonly spentUsd: () => number;
}

/** `spentUsd` is what an interrupted run had spent. */
export function createBudget(maxUsd: number, spentUsd = 0): Budget {
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
    settle(highUsd, spentNow) {
      cells -= 1;
      // Without reservations the sum is exactly 0: floating point must not eat the budget.
      reserved = cells === 0 ? 0 : reserved - highUsd;
      spent += spentNow ?? highUsd;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    spentUsd: () => spent,
  };
}

/** An endpoint that refuses a request for these has done no work. */
const UNBILLED: ReadonlySet<FailureKind> = new Set(['rate_limit', 'auth', 'bad_request', 'unsupported', 'media']);

/** What a cell took from the budget in USD; null = it may have been billed for anything up to its reservation. */
export function spentOn(result: Result): number | null {
  if (result.attempts === 0) return 0;
  const isUnbilled = result.status === 'failed' && UNBILLED.has(result.failure.kind);
  return result.costUsd ?? (isUnbilled ? 0 : null);
}
