import { expect, test } from 'vitest';
import { createGate } from '../../src/limits/gate.ts';
import { createQuota } from '../../src/limits/quota.ts';
import { createRequestSlots } from '../../src/limits/slots.ts';
import { createWaitMeter } from '../../src/limits/wait-meter.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

test('sums the time in which a request is held, and tells of long waits, their extension and their end', () => {
  const meter = createWaitMeter();
  const told: (number | null)[] = [];
  meter.watch((expectedMs) => told.push(expectedMs));

  meter.hold(0, 999);
  meter.release(900);
  meter.release(950);
  meter.hold(1000, 5000);
  meter.hold(2000, 4500);
  meter.hold(3000, 30_000);
  meter.release(33_000);

  expect(told).toEqual([5000, 30_000, null]);
  expect(meter.waitedMs()).toBe(900 + 32_000);
});

test('a gate measures the wait for the quota, and not the wait for a free slot', async () => {
  const clock = createVirtualClock();
  const rates = { requestsPerMinute: 6, tokensPerMinute: undefined };
  const quota = createQuota({ ...rates, maxPauseMs: 60_000, clock, random: () => 0 });
  const limits = { concurrency: 1, timeoutMs: 1000, retries: 0 };
  const gate = createGate({ limits, quota, clock, requestSlots: createRequestSlots(1) });
  const request = { tokens: 0, retry: false, signal: new AbortController().signal };

  const first = await gate.admit(request);
  const second = gate.admit(request);
  await clock.advance(4000);
  const whileBusy = gate.waits.waitedMs();
  first.onSuccess({ text: '', finishReason: 'stop', refused: false, usage: null, servedModel: null, requestId: null });
  await clock.advance(6000);
  (await second).cancel();

  expect([whileBusy, gate.waits.waitedMs()]).toEqual([0, 6000]);
});
