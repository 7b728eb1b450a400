import { expect, test } from 'vitest';
import { rtfxText } from '../../src/reporters/figures-for-people.ts';
import { billedSeconds, rtfx } from '../../src/reporters/rtfx.ts';
import { NO_USAGE } from '../../src/types.ts';

const result = (more: object) => ({
  usage: null,
  timing: { startedAt: null, queueMs: 0, retryWaitMs: 0, latencyMs: 500, firstTokenMs: null },
  ...more,
});
const reported = { ...NO_USAGE, audioSeconds: 9 };

test.each([
  ['ten seconds in half a second', { clipSeconds: 10 }, 20],
  ['the measured length, which all models have, before the reported one', { clipSeconds: 10, usage: reported }, 20],
  ['the reported length where none was measured', { usage: reported }, 18],
  ['no sound', {}, null],
  ['an answer from the cache', { clipSeconds: 10, timing: { ...result({}).timing, latencyMs: null } }, null],
])('the factor of %s', (_, more, expected) => {
  expect(rtfx(result(more))).toBe(expected);
});

test('what is billed is what the endpoint reported', () => {
  expect(
    [{ clipSeconds: 10, usage: reported }, { clipSeconds: 10 }, {}].map((more) => billedSeconds(result(more))),
  ).toEqual([9, 10, null]);
});

test('is shown with one decimal below a hundred', () => {
  expect([12.34, 99.96, 216, null].map(rtfxText)).toEqual(['12.3x', '100x', '216x', '–']);
});
