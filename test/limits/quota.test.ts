import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createQuota } from '../../src/limits/quota.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

test.each([
  [0, 250],
  [0.5, 375],
  [0.9, 475],
])('half of a pause that nobody named is left to chance: %f makes it %i ms', (chance, pauseMs) => {
  const quota = createQuota({
    requestsPerMinute: undefined,
    tokensPerMinute: undefined,
    patienceMs: 600_000,
    clock: createVirtualClock(),
    random: () => chance,
  });

  expect(quota.onRefusal(new ProviderError('rate_limit', 'slow down'), 0)?.pauseMs).toBe(pauseMs);
});
