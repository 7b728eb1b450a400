import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createQuota, createSharedQuotas, type Quota, sharedLimits } from '../../src/limits/quota.ts';
import type { ModelConfig } from '../../src/types.ts';
import { createVirtualClock, type VirtualClock } from '../helpers/virtual-clock.ts';

test.each([
  [0, 250],
  [0.5, 375],
  [0.9, 475],
])('half of a pause of our own is random: %f makes it %i ms', (random, pauseMs) => {
  const quota = createQuota({
    requestsPerMinute: undefined,
    tokensPerMinute: undefined,
    maxPauseMs: 600_000,
    clock: createVirtualClock(),
    random: () => random,
  });

  expect(quota.onThrottle(new ProviderError('rate_limit', 'slow down'), 0)?.pauseMs).toBe(pauseMs);
});

function model(
  id: string,
  more: Partial<ModelConfig> = {},
  perMinute: Partial<ModelConfig['limits']> = {},
): ModelConfig {
  const limits = { concurrency: 8, timeoutMs: 1000, retries: 0, ...perMinute };
  return { id, provider: 'openai', model: id, modalities: ['text'], params: {}, limits, ...more };
}

const readyModel = { stopped: () => null, waitMs: () => 0 };

/** When a second and a third request are admitted that come right after a first. */
async function grants(clock: VirtualClock, quota: Quota, next: Quota): Promise<readonly (number | null)[]> {
  const at: (number | null)[] = [null, null];
  const { signal } = new AbortController();
  const request = { model: readyModel, tokens: 0, retry: false, signal };
  await quota.admit({ ...request, onAdmit: () => {} });
  const from = clock.now();
  for (const index of at.keys())
    void next.admit({ ...request, onAdmit: (now) => Object.assign(at, { [index]: now - from }) });
  await clock.drain();
  return at;
}

test.each([
  ['the same limit group', model('a', { limitGroup: 'g' }), model('b', { limitGroup: 'g' })],
  ['the same deployment', model('a@x', { model: 'm' }), model('a@y', { model: 'm' })],
])('models of %s share one quota with the strictest limits among them', async (_, first, second) => {
  const clock = createVirtualClock();
  const models = [
    { ...first, limits: { ...first.limits, requestsPerMinute: 60 } },
    { ...second, limits: { ...second.limits, requestsPerMinute: 600 } },
  ] as const;
  const quotaOf = createSharedQuotas(models, clock, () => 0);
  expect(quotaOf(models[0])).toBe(quotaOf(models[1]));
  expect(await grants(clock, quotaOf(models[0]), quotaOf(models[1]))).toEqual([1000, 2000]);
});

test.each([
  ['another model', { model: 'other' }],
  ['another endpoint', { endpoint: 'https://other' }],
  ['another key', { auth: { type: 'key', env: 'OTHER' } }],
  ['another group', { limitGroup: 'other' }],
] as const)('%s has its own quota', (_, more) => {
  const models = [model('a', { model: 'm' }), model('b', { model: 'm', ...more })] as const;
  const quotaOf = createSharedQuotas(models, createVirtualClock(), () => 0);
  expect(quotaOf(models[0])).not.toBe(quotaOf(models[1]));
});

test('a model without a rate is held to the rate of its group', () => {
  const models = [model('a', { limitGroup: 'g' }), model('b', { limitGroup: 'g' }, { tokensPerMinute: 5000 })] as const;
  expect(sharedLimits(models[0], models)).toMatchObject({
    members: models,
    requestsPerMinute: undefined,
    tokensPerMinute: 5000,
  });
});

test('keeps a pause that only one model of the group has no time for', async () => {
  const clock = createVirtualClock();
  const models = [
    model('hasty', { limitGroup: 'g' }, { deadlineMs: 1000 }),
    model('patient', { limitGroup: 'g' }, { deadlineMs: 600_000 }),
  ] as const;
  const quotaOf = createSharedQuotas(models, clock, () => 0);

  const slowdown = quotaOf(models[1]).onThrottle(
    new ProviderError('rate_limit', 'slow down', { retryAfterMs: 6000 }),
    0,
  );

  expect(slowdown?.pauseMs).toBe(6000);
});
