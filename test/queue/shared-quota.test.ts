import { setMaxListeners } from 'node:events';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/limits/clock.ts';
import { createSharedQuota, type SharedQuota } from '../../src/queue/shared-quota.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';

const { signal } = new AbortController();
// Every request that waits adds a listener.
setMaxListeners(0, signal);

describe.skipIf(NO_REDIS !== null)(
  `one quota of two workers${NO_REDIS === null ? '' : ` (skipped: ${NO_REDIS})`}`,
  () => {
    let redis: TestRedis;
    let clients: readonly Redis[];
    beforeEach(async () => {
      redis = await startRedis();
      clients = [new Redis(redis.url), new Redis(redis.url)];
    });
    afterEach(async () => {
      for (const client of clients) client.disconnect();
      await redis[Symbol.asyncDispose]();
    });
    const quotasOf = (limits: { readonly requestsPerMinute?: number; readonly tokensPerMinute?: number }) =>
      clients.map((client) =>
        createSharedQuota({
          redis: client,
          key: 'quota',
          requestsPerMinute: limits.requestsPerMinute,
          tokensPerMinute: limits.tokensPerMinute,
          clock: systemClock,
        }),
      );
    /** Milliseconds until all of them may be sent, each second one by the other worker. */
    const timeOf = async (quotas: readonly SharedQuota[], tokens: readonly number[]) => {
      const from = performance.now();
      await Promise.all(tokens.map((cost, index) => quotas[index % quotas.length]?.take(cost, signal)));
      return performance.now() - from;
    };

    test('gives both together what one may send', async () => {
      // 100 a second, of which the first 5 at once.
      const quotas = quotasOf({ requestsPerMinute: 6000 });

      expect(
        await timeOf(
          quotas,
          Array.from({ length: 45 }, () => 0),
        ),
      ).toBeGreaterThanOrEqual(390);
    });

    test('counts the tokens of both', async () => {
      // 1,000 a second, of which the first 50 at once; the last request may start as soon as 50 are there.
      const quotas = quotasOf({ tokensPerMinute: 60_000 });

      expect(await timeOf(quotas, [100, 100, 100, 100, 100])).toBeGreaterThanOrEqual(390);
    });

    test('gives back what a request did not use', async () => {
      const quotas = quotasOf({ tokensPerMinute: 60_000 });
      await timeOf(quotas, [3_600_000]);
      quotas[1]?.refund(3_600_000);

      // Without the refund, this would take an hour.
      expect(await timeOf(quotas, [10, 10])).toBeLessThan(60_000);
    });

    test('pauses both when one was throttled', async () => {
      const [one, other] = quotasOf({ requestsPerMinute: 60_000 });
      if (one === undefined || other === undefined) throw new Error('two quotas');
      await timeOf([one, other], [0, 0]);
      one.pause(600);
      await clients[0]?.ping();

      expect(await timeOf([other], [0])).toBeGreaterThanOrEqual(550);
    });
  },
);
