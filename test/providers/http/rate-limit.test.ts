import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rateLimitOf, resetMs } from '../../../src/providers/http/rate-limit.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);

test('reads the headers of OpenAI', () => {
  const headers = {
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-remaining-tokens': '199500',
    'x-ratelimit-reset-requests': '8.64s',
    'x-ratelimit-reset-tokens': '150ms',
  };

  expect(rateLimitOf(headers, NOW)).toEqual({
    limitRequests: 10_000,
    limitTokens: 200_000,
    remainingRequests: 9999,
    remainingTokens: 199_500,
    resetRequestsMs: 8640,
    resetTokensMs: 150,
  });
});

test('reads the two headers of Azure', () => {
  const headers = { 'x-ratelimit-remaining-requests': '237', 'x-ratelimit-remaining-tokens': '239952' };

  expect(rateLimitOf(headers, NOW)).toEqual({ remainingRequests: 237, remainingTokens: 239_952 });
});

test('reads the headers of Anthropic, whose resets are dates', () => {
  const headers = {
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '49',
    'anthropic-ratelimit-requests-reset': '2026-11-23T12:00:05Z',
    'anthropic-ratelimit-input-tokens-limit': '40000',
    'anthropic-ratelimit-input-tokens-remaining': '39000',
    'anthropic-ratelimit-input-tokens-reset': '2026-11-23T11:59:00Z',
  };

  expect(rateLimitOf(headers, NOW)).toEqual({
    limitRequests: 50,
    remainingRequests: 49,
    resetRequestsMs: 5000,
    limitTokens: 40_000,
    remainingTokens: 39_000,
    resetTokensMs: 0,
  });
});

test.each([
  {},
  { 'x-ratelimit-remaining-requests': '-1', 'x-ratelimit-limit-tokens': 'many', 'x-ratelimit-reset-tokens': 'soon' },
])('says nothing for %j', (headers) => {
  expect(rateLimitOf(headers, NOW)).toBeUndefined();
});

test.each([
  ['20ms', 20],
  ['1s', 1000],
  ['6m0s', 360_000],
  ['1h2m3.5s', 3_723_500],
  ['1d', 86_400_000],
  ['7', 7000],
  ['0.5', 500],
  [' 1s ', 1000],
  ['2026-11-23T12:00:01.250Z', 1250],
  ['2020-01-01T00:00:00Z', 0],
  ['', undefined],
  ['1x', undefined],
  ['s1', undefined],
  ['1s later', undefined],
  ['2026-11-23', undefined],
  ['2026-99-99T00:00:00Z', undefined],
])('the reset "%s" is %s ms away', (value, expected) => {
  expect(resetMs(value, NOW)).toBe(expected);
});

test('adds the parts of any duration', () => {
  const part = fc.nat({ max: 59 });
  fc.assert(
    fc.property(part, part, part, (hours, minutes, seconds) => {
      const expected = ((hours * 60 + minutes) * 60 + seconds) * 1000;
      expect(resetMs(`${hours}h${minutes}m${seconds}s`, NOW)).toBe(expected);
    }),
  );
});

test('does not split a value that is longer than any time', () => {
  expect(resetMs(`${'1'.repeat(100)}s`, NOW)).toBeUndefined();
});
