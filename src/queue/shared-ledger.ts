/** One budget over all workers. What a worker that dies had reserved stays reserved: it may have been spent. */

import type { Redis } from 'ioredis';
import type { Clock } from '../limits/clock.ts';
import type { Ledger, MostUsd, Reservation } from '../run/ledger.ts';
import { RESERVE, SETTLE } from './scripts.ts';

/** How often a cell that waits for money asks again. */
const ASK_AGAIN_MS = 250;

export function createSharedLedger(redis: Redis, key: string, maxUsd: number, clock: Clock): Ledger {
  /** Of this worker. */
  let spent = 0;
  const settle = (reserved: number, used: number) => {
    spent += used;
    void redis.eval(SETTLE, 1, key, reserved, used);
  };
  const tryReserve = async (mostUsd: MostUsd): Promise<Reservation | 'never' | 'later'> => {
    let reserved = mostUsd();
    const reply = Number(await redis.eval(RESERVE, 1, key, reserved, maxUsd));
    if (reply !== 1) return reply === 0 ? 'never' : 'later';
    return {
      // It has grown: the cell must reserve the larger sum.
      isCovered: () => mostUsd() <= reserved * (1 + 1e-9),
      extend() {
        // It does not wait for the others: all workers together overspend at most by what is in flight.
        const more = mostUsd();
        reserved += more;
        void redis.eval(SETTLE, 1, key, -more, 0);
        return true;
      },
      settle: (used) => settle(reserved, used),
    };
  };
  return {
    async reserve(mostUsd) {
      for (;;) {
        const reservation = await tryReserve(mostUsd);
        if (typeof reservation === 'object') return reservation;
        if (reservation === 'never') return null;
        await clock.sleep(ASK_AGAIN_MS);
      }
    },
    async reserveNow(mostUsd) {
      const reservation = await tryReserve(mostUsd);
      return typeof reservation === 'object' ? reservation : null;
    },
    spentUsd: () => spent,
  };
}
