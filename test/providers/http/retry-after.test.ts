import fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../src/providers/http/retry-after.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();

test.each([
  ['milliseconds', { 'retry-after-ms': '120' }, '', 120],
  ['milliseconds of Azure', { 'x-ms-retry-after-ms': '250' }, '', 250],
  ['seconds', { 'retry-after': '7' }, '', 7000],
  ['fractions of seconds', { 'retry-after': '0.25' }, '', 250],
  ['a date', { 'retry-after': inSeconds(9) }, '', 9000],
  ['a date by the clock of the server', { 'retry-after': inSeconds(1009), date: inSeconds(1000) }, '', 9000],
  ['a date beside a broken clock header', { 'retry-after': inSeconds(9), date: 'noon' }, '', 9000],
  ['a whole day', { 'retry-after': '86400' }, '', 86_400_000],
  ['the most exact header', { 'retry-after-ms': '120', 'x-ms-retry-after-ms': '250', 'retry-after': '7' }, '', 120],
  ['the header before the message', { 'retry-after': '7' }, 'Please wait 23 seconds', 7000],
  ['the message when the header is garbage', { 'retry-after': 'soon' }, 'Please wait 23 seconds', 23_000],
  ['Foundry’s text', {}, 'Rate limit of 300000 per 60s exceeded. Please wait 23 seconds before retrying.', 23_000],
  ['Azure OpenAI’s text', {}, 'Please retry after 43 seconds. To increase your limit', 43_000],
  ['OpenAI’s text', {}, 'Rate limit reached. Please try again in 1.5s. Visit', 1500],
  ['OpenAI’s text in milliseconds', {}, 'Please try again in 20ms.', 20],
  ['OpenAI’s text in minutes and seconds', {}, 'Please try again in 1m12.5s. Visit', 72_500],
  ['OpenAI’s text in whole minutes', {}, 'Please try again in 6m0s.', 360_000],
  ['a text in hours and minutes', {}, 'Try again in 1h2m', 3_720_000],
  ['a text in minutes', {}, 'Try again in 2 minutes', 120_000],
  ['a text in hours', {}, 'Try again in 1 hour', 3_600_000],
  ['a text in milliseconds', {}, 'Retry after 300 milliseconds', 300],
] as const)('obeys %s', (_name, headers, message, expected) => {
  expect(retryAfterMs(headers, message, NOW)).toBe(expected);
});

test.each([
  ['nothing', {}, ''],
  ['zero', { 'retry-after': '0' }, ''],
  ['a negative number', { 'retry-after': '-5' }, ''],
  ['garbage', { 'retry-after': 'soon' }, ''],
  ['an empty header', { 'retry-after': '' }, ''],
  ['a date in the past', { 'retry-after': inSeconds(-60) }, ''],
  ['garbage in milliseconds', { 'retry-after-ms': '12x' }, ''],
  ['a text without a number', {}, 'Please wait some seconds'],
  ['a number that is no time', {}, 'Please wait 23 apples'],
  ['a number whose unit is further on', {}, 'Please wait 23 more days'],
] as const)('takes %s for no word at all', (_name, headers, message) => {
  expect(retryAfterMs(headers, message, NOW)).toBeUndefined();
});

test('never gives anything but a positive whole number', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer().map(String),
    fc.double().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  fc.assert(
    fc.property(value, value, fc.string(), (after, ms, message) => {
      const wait = retryAfterMs({ 'retry-after': after, 'retry-after-ms': ms }, message, NOW);
      expect(wait === undefined || (Number.isInteger(wait) && wait > 0)).toBe(true);
    }),
  );
});
