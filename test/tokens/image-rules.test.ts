import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageRule } from '../../src/tokens/image-rules/image-rule.ts';
import { IMAGE_RULES } from '../../src/tokens/image-rules.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import { IMAGE_MODELS } from '../../src/tokens/models-table.ts';

const rules: readonly (readonly [string, ImageRule])[] = Object.entries(IMAGE_RULES);

/** From thumbnails to panoramas, every pixel count in between. */
const side = fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 6000 }));
const size = fc.record({ width: side, height: side });

describe.each(rules)('image rule %s', (_name, rule) => {
  test('says what it is and where it is from', () => {
    expect(rule.description).not.toBe('');
    expect(rule.source).not.toBe('');
  });

  test('gives a whole number of at least one token for any size', () => {
    fc.assert(
      fc.property(size, (image) => {
        const tokens = rule.tokens(image);
        expect(Number.isSafeInteger(tokens)).toBe(true);
        expect(tokens).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('bears a header of 50,000 x 50,000 pixels', () => {
    expect(rule.tokens({ width: 50_000, height: 50_000 })).toBeGreaterThan(0);
  });
});

test.each(rules.filter(([, rule]) => rule.symmetric))('%s counts a turned image the same', (_name, rule) => {
  fc.assert(
    fc.property(size, ({ width, height }) => {
      expect(rule.tokens({ width: height, height: width })).toBe(rule.tokens({ width, height }));
    }),
  );
});

test.each(rules.filter(([, rule]) => rule.monotone))('%s never counts a larger image for less', (_name, rule) => {
  fc.assert(
    fc.property(size, side, side, ({ width, height }, moreWidth, moreHeight) => {
      const larger = { width: width + moreWidth, height: height + moreHeight };
      expect(rule.tokens(larger)).toBeGreaterThanOrEqual(rule.tokens({ width, height }));
    }),
  );
});

/** The table "one image, many answers" of the token reference; the visible vectors hold only part of it. */
const REFERENCE_TABLE: readonly (readonly [string, string | null, readonly number[]])[] = [
  ['gpt-4o', 'high', [255, 765, 1105, 765]],
  ['gpt-4o-mini', 'high', [8500, 25_501, 36_835, 25_501]],
  ['gpt-4.1-mini', 'high (2025-rule)', [415, 1659, 2443, 2352]],
  ['gpt-4.1-mini', 'high', [415, 1659, 3305, 4977]],
  ['gpt-5.4', 'high', [308, 1229, 2448, 2942]],
  ['gpt-5.6-sol', null, [308, 1229, 2448, 14_364]],
  ['claude-sonnet-4-5-20250929', null, [361, 1369, 1560, 1564]],
  ['anthropic.claude-opus-4-7-v1:0', null, [361, 1369, 2691, 4740]],
  ['gemini-2.5-flash', null, [1032, 1032, 1548, 1032]],
  ['gemini-3-pro-preview', null, [1089, 1089, 1100, 1064]],
  ['microsoft/Phi-4-multimodal-instruct', null, [1329, 2625, 3918, 3393]],
  ['Phi-3.5-vision-instruct', null, [757, 757, 757, 757]],
  ['Qwen/Qwen2.5-VL-72B-Instruct', null, [324, 1369, 2691, 15_552]],
  ['pixtral-12b-2409', null, [1056, 4160, 2340, 3120]],
  ['mistral-small-2503', null, [380, 1406, 1736, 2352]],
  ['Llama-3.2-90B-Vision-Instruct', null, [1601, 6404, 6404, 6404]],
  ['meta-llama/Llama-4-Scout-17B-16E-Instruct', null, [727, 2467, 2322, 1887]],
  ['OpenGVLab/InternVL3-8B', null, [256, 2560, 2304, 3328]],
];
const TABLE_SIZES = [
  [512, 512],
  [1024, 1024],
  [1920, 1080],
  [4032, 3024],
] as const;

test.each(REFERENCE_TABLE)('%s (detail %s) costs what the reference says for four sizes', (model, detail, expected) => {
  const got = TABLE_SIZES.map(([width, height]) => imageTokens(model, { width, height, detail }).expected);

  expect(got).toEqual(expected);
});

test.each([
  ['449x449 is 2.4 times 448x448 on Phi-4-multimodal', 'phi-4-multimodal-instruct', 449, 449, null, 1329],
  ['Phi-4-multimodal is sensitive to orientation', 'phi-4-multimodal-instruct', 1080, 1920, null, 3953],
  ['the 2048 px limit of gpt-4.1 rounds to the nearest pixel', 'gpt-4.1', 2050, 513, 'high', 765],
  ['a panorama of gpt-5.4 keeps its row', 'gpt-5.4', 100_000, 10, 'original', 226],
  ['low fits into 512 px from gpt-5.5 on', 'gpt-5.5', 4032, 3024, 'low', 231],
  ['low costs more than high on gpt-5.4', 'gpt-5.4', 4032, 3024, 'low', 3687],
  ['the guide: 2048x2048 at high detail is 3000', 'gpt-5.4', 2048, 2048, 'high', 3000],
  ['low is the base on tile models', 'gpt-5.1', 4000, 3000, 'low', 70],
  ['gpt-5-nano before the change', 'gpt-5-nano', 1024, 1024, 'high (2025-rule)', 2519],
  ['gpt-5-nano since the change', 'gpt-5-nano', 1024, 1024, 'high', 1536],
  ['gpt-5.4-mini in spring', 'gpt-5.4-mini', 1024, 1024, 'high (2026-spring-rule)', 1659],
  ['JavaScript rounding would give 2553', 'Qwen3-VL-8B', 720, 3562, null, 2442],
  ['the reading that the Azure article shows for Phi-3-vision', 'Phi-3-vision-128k-instruct', 1900, 1069, null, 2353],
  ['DashScope caps at 1280 tokens', 'qwen-vl-max', 4032, 3024, null, 1230],
  ['Gemini 3 at low media resolution', 'gemini-3-pro', 1920, 1080, 'MEDIA_RESOLUTION_LOW', 264],
  ['Gemini 2.5 at low media resolution', 'gemini-2.5-pro', 1920, 1080, 'low', 64],
  ['an image thinner than a cell of Gemma 4', 'gemma-4-31b-it', 2000, 2, null, 280],
  ['Gemma 3 without pan and scan', 'gemma-3-27b-it', 3000, 500, null, 256],
  ['Nova between two rows of its table', 'amazon.nova-lite-v1:0', 900, 675, null, 1050],
  ['Nova above its table', 'amazon.nova-pro-v1:0', 4000, 3000, null, 2600],
])('%s', (_why, model, width, height, detail, expected) => {
  expect(imageTokens(model, { width, height, detail }).expected).toBe(expected);
});

test('every row of the models table is dated, sourced and newest first', () => {
  for (const { versions } of IMAGE_MODELS) {
    const dates = versions.map(({ validFrom }) => validFrom);
    expect(dates).toEqual([...dates].sort().reverse());
    for (const { validFrom, source } of versions) {
      expect(validFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(source).not.toBe('');
    }
  }
});
