import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import {
  createLedger,
  type Ledger,
  type MostUsd,
  mayBeBilled,
  type Reservation,
  spentOn,
} from '../../src/run/ledger.ts';
import { answered, failed } from '../helpers/results.ts';

/** Rounding errors of a few hundred sums are smaller. */
const ROUNDING = 1e-9;

test('spent and reserved money stays within the maximum under any schedule, and no cell waits for ever', async () => {
  const cell = fc.record({
    high: fc.double({ min: 0, max: 3, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    isKnown: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(cell, { maxLength: 40 }),
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.double({ min: 0, max: 10, noNaN: true }),
      async (scheduler, cells, max, spentBefore) => {
        const ledger = createLedger(max, spentBefore);
        let spent = spentBefore;
        let reserved = 0;
        let peak = 0;
        const run = async ({ high, share, isKnown }: (typeof cells)[number]) => {
          await scheduler.schedule(Promise.resolve());
          const reservation = await ledger.reserve(() => high);
          if (reservation === null) return false;
          reserved += high;
          peak = Math.max(peak, spent + reserved);
          await scheduler.schedule(Promise.resolve());
          reserved -= high;
          spent += isKnown ? high * share : high;
          reservation.settle(isKnown ? high * share : high);
          return true;
        };
        const all = Promise.all(cells.map(run));
        await scheduler.waitFor(all);
        const admitted = await all;

        expect(peak).toBeLessThanOrEqual(Math.max(max, 0) + ROUNDING);
        expect(ledger.spentUsd()).toBeCloseTo(spent, 9);
        // A rejected cell would still not fit.
        for (const [index, { high }] of cells.entries())
          if (admitted[index] === false) expect(spent + high).toBeGreaterThan(max - ROUNDING);
      },
    ),
  );
});

/** Reserves an amount that must fit. */
async function reserved(ledger: Ledger, mostUsd: MostUsd): Promise<Reservation> {
  const reservation = await ledger.reserve(mostUsd);
  if (reservation === null) throw new Error('it does not fit');
  return reservation;
}

test('a cell that does not fit next to the spent money is rejected at once, without waiting for others', async () => {
  const ledger = createLedger(1, 0.8);
  await reserved(ledger, () => 0.1);

  expect(await ledger.reserve(() => 0.3)).toBeNull();
});

test('a cell that fits only after others return money waits for them, unless it must not wait', async () => {
  const ledger = createLedger(1);
  const first = await reserved(ledger, () => 0.8);
  const waiting = ledger.reserve(() => 0.5);
  expect(ledger.reserveNow(() => 0.5)).toBeNull();
  first.settle(0.1);

  expect(await waiting).not.toBeNull();
});

test('a cell that fits exactly is admitted, also after others returned money', async () => {
  const ledger = createLedger(1);
  const first = await reserved(ledger, () => 0.5);
  const all = ledger.reserve(() => 1);
  first.settle(0);

  expect(await all).not.toBeNull();
});

test('reserved money is returned to the last fraction of a cent', async () => {
  const ledger = createLedger(0.31);
  const both = await Promise.all([reserved(ledger, () => 0.1), reserved(ledger, () => 0.2)]);
  for (const reservation of both) reservation.settle(0);

  expect(await ledger.reserve(() => 0.31)).not.toBeNull();
});

test('a reservation is extended only while it fits next to the spent and the reserved money', async () => {
  const ledger = createLedger(1, 0.25);
  const large = await reserved(ledger, () => 0.25);
  const small = await reserved(ledger, () => 0.125);

  expect([large.extend(), large.extend(), small.extend(), small.extend()]).toEqual([true, false, true, false]);
});

test('reservations that grow leave less for others, and are no longer covered when they exceed the budget', async () => {
  let most = 0.25;
  const ledger = createLedger(1);
  const open = [await reserved(ledger, () => most), await reserved(ledger, () => most)];
  most = 0.4;
  expect([ledger.reserveNow(() => 0.3), open[0]?.isCovered()]).toEqual([null, true]);

  most = 0.6;
  expect(open.map((reservation) => reservation.isCovered())).toEqual([false, false]);
  open[0]?.settle(0);
  expect(open[1]?.isCovered()).toBe(true);
});

test.each([
  ['an answer at its price', answered(1, { costUsd: 0.25 }), 0, 0.25],
  ['an answer without a price counts as the most it may cost', answered(1), 0, 2],
  ['a failure costs nothing by itself', failed('timeout'), 0, 0],
  ['each attempt that may have been billed without a report counts as the most it may cost', failed('timeout'), 3, 6],
  ['also before an answer', answered(1, { costUsd: 0.25 }), 2, 4.25],
  ['a failure after paid turns costs these', failed('bad_request', { costUsd: 0.5 }), 0, 0.5],
  [
    'an answer of which more is on the bill than its price',
    { ...answered(1, { costUsd: 0.25 }), assumedCostUsd: 1.5 },
    0,
    1.5,
  ],
  ['what was not sent costs nothing', { ...failed('timeout'), attempts: 0 }, 0, 0],
])('%s', (_what, result, unseenBills, spent) => {
  expect(spentOn(result, unseenBills, 2)).toBe(spent);
});

test.each([
  ['rate_limit', { status: 429 }, false],
  ['auth', { status: 401 }, false],
  ['bad_request', { status: 400 }, false],
  ['unsupported', {}, false],
  ['media', {}, false],
  ['timeout', {}, true],
  ['timeout', { code: 'UND_ERR_CONNECT_TIMEOUT' }, false],
  ['network', { code: 'ECONNRESET' }, true],
  ['network', { code: 'ECONNREFUSED' }, false],
  ['network', { code: 'ENOTFOUND' }, false],
  ['network', { code: 'EAI_AGAIN' }, false],
  ['network', { code: 'EMFILE' }, false],
  ['server', { status: 500 }, true],
  ['server', { status: 503 }, false],
  ['invalid_response', { status: 200 }, true],
  ['content_filter', { status: 200 }, true],
  ['aborted', {}, true],
] as const)('whether %s %j may be on the bill: %s', (kind, details, expected) => {
  expect(mayBeBilled(new ProviderError(kind, 'x', details))).toBe(expected);
});
