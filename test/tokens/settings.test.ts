import { describe, expect, test } from 'vitest';
import { matchSettings, readDetail, readSettings } from '../../src/tokens/settings.ts';

const asObject = (text: string) => Object.fromEntries(readSettings(text).map(({ name, value }) => [name, value]));

describe('readSettings', () => {
  test.each([
    ['dynamic_hd=36', { dynamichd: 36 }],
    ['min_pixels=64^2,max_pixels=512^2', { minpixels: 4096, maxpixels: 262_144 }],
    ['min 3136 max 12845056 px', { minpx: 3136, maxpx: 12_845_056 }],
    ['factor 32, min 64 max 16384 tokens', { factor: 32, mintokens: 64, maxtokens: 16_384 }],
    ['high-res: 2576 px / 4784 tokens', { px: 2576, tokens: 4784 }],
    ['patch 14, merge 2, max 1540', { patch: 14, merge: 2, max: 1540 }],
    ['1,536-patch budget, before multiplier', { patchbudget: 1536 }],
    ['280 budget', { budget: 280 }],
    ['min_pixels=4*28*28 max_pixels=1280*28*28', { minpixels: 3136, maxpixels: 1_003_520 }],
    ['pan_and_scan (crops=2)', { crops: 2 }],
    ['multiplier=1.62 maxEdge=2048', { multiplier: 1.62, maxedge: 2048 }],
    ['no numbers here', {}],
    ['', {}],
  ])('reads %j', (text, expected) => {
    expect(asObject(text)).toEqual(expected);
  });
});

test('matchSettings accepts any spelling of a name and returns unknown names', () => {
  const defaults = { maxEdge: 1, budget: 2 };

  expect(matchSettings('max_edge=5 colour=3 px=7', defaults, { px: 'budget' })).toEqual({
    settings: { maxEdge: 5, budget: 7 },
    unknown: ['colour'],
  });
});

describe('readDetail', () => {
  test.each([
    ['high', 'high', null],
    ['MEDIUM', 'medium', null],
    ['MEDIA_RESOLUTION_LOW', 'low', null],
    ['high (2025-rule)', 'high', '2025-12-31'],
    ['high (2026-autumn-rule)', 'high', '2026-11-30'],
    ['low (2026-spring-rule)', 'low', '2026-05-31'],
    ['default (1120)', 'default', null],
    ['pan_and_scan (crops=2)', 'pan_and_scan', null],
    ['num_crops=16', null, null],
    ['factor 28, max 16384 tokens', null, null],
    [null, null, null],
    [undefined, null, null],
  ])('%s means level %s at %s', (detail, level, at) => {
    expect(readDetail(detail)).toMatchObject({ level, at });
  });
});
