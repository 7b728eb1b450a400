import { expect, test } from 'vitest';
import { patiently } from '../../src/batch/patiently.ts';
import { ProviderError } from '../../src/errors.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

const never = new AbortController().signal;

/** Fails so many times, and notes when it was called. */
function failing(times: number, error: ProviderError, now: () => number) {
  const calls: number[] = [];
  return {
    calls,
    call: async () => {
      calls.push(now());
      if (calls.length <= times) throw error;
      return 'done';
    },
  };
}

test('a throttled call is repeated when the endpoint says, and not earlier', async () => {
  const clock = createVirtualClock();
  const throttled = new ProviderError('rate_limit', 'slow down', { status: 429, retryAfterMs: 90_000 });
  const { calls, call } = failing(2, throttled, clock.now);

  const result = patiently(call, { clock, random: () => 0, signal: never });
  await clock.drain();

  expect(await result).toBe('done');
  expect(calls[1]).toBeGreaterThanOrEqual(90_000);
  expect((calls[2] ?? 0) - (calls[1] ?? 0)).toBeGreaterThanOrEqual(90_000);
});

test.each([
  ['a wait of more than ten minutes', new ProviderError('rate_limit', 'later', { status: 429, retryAfterMs: 700_000 })],
  ['a wrong key', new ProviderError('auth', 'wrong key', { status: 401 })],
])('%s is left to another command', async (_name, error) => {
  const clock = createVirtualClock();
  const { calls, call } = failing(9, error, clock.now);

  await expect(patiently(call, { clock, random: () => 0, signal: never })).rejects.toBe(error);

  expect(calls).toHaveLength(1);
});

test('an endpoint that stays away is given up after eight calls', async () => {
  const clock = createVirtualClock();
  const error = new ProviderError('server', 'unavailable', { status: 503 });
  const { calls, call } = failing(99, error, clock.now);

  const result = patiently(call, { clock, random: () => 0.5, signal: never });
  const outcome = expect(result).rejects.toBe(error);
  await clock.drain();
  await outcome;

  expect(calls).toHaveLength(8);
});
