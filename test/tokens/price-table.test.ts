import { describe, expect, test } from 'vitest';
import { type PriceRow, priceOf, priceTable, shippedPrices } from '../../src/tokens/price-table.ts';

const rateOf = (model: string, at?: string) => priceOf({ model }, shippedPrices(), at)?.price.promptPerMillion ?? null;

describe('the shipped prices', () => {
  const rows: readonly PriceRow[] = [...new Set([...shippedPrices().values()].flat())];
  const RATES = [
    'promptPerMillion',
    'completionPerMillion',
    'cachedPromptPerMillion',
    'cacheWritePerMillion',
    'imagePromptPerMillion',
    'audioPromptPerMillion',
    'audioCompletionPerMillion',
  ] as const;

  test('are many, each with a source and the day it was read', () => {
    expect(rows.length).toBeGreaterThan(80);
    for (const row of rows) {
      expect(row.models.length).toBeGreaterThan(0);
      expect(row.source).toMatch(/^https:\/\//);
      expect(row.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(row.validFrom ?? '2020-01-01').toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  test('have a prompt and a completion rate or a price by the minute, and no rate below 0 or beyond belief', () => {
    for (const row of rows) {
      expect([row.promptPerMillion, row.completionPerMillion, row.perAudioMinute].filter(Number.isFinite).length).toBe(
        row.perAudioMinute === undefined ? 2 : 1,
      );
      expect(row.perAudioMinute ?? 0).toBeLessThan(0.1);
      for (const rate of RATES) {
        expect(row[rate] ?? 0).toBeGreaterThanOrEqual(0);
        expect(row[rate] ?? 0).toBeLessThan(1000);
      }
      expect(row.batchDiscount ?? 0).toBeLessThan(1);
    }
  });

  test('price cached tokens below and written ones above the prompt', () => {
    for (const { promptPerMillion = 0, ...row } of rows) {
      expect(row.cachedPromptPerMillion ?? 0).toBeLessThanOrEqual(promptPerMillion);
      expect(row.cacheWritePerMillion ?? promptPerMillion).toBeGreaterThanOrEqual(promptPerMillion);
    }
  });

  test.each([
    ['Phi-4-multimodal-instruct', 0.08],
    ['gpt-4o', 2.5],
    ['gpt-4o-mini', 0.15],
    ['gpt-4o-audio-preview', 2.5],
    ['gpt-audio', 2.5],
    ['gpt-audio-mini', 0.6],
    ['gpt-4.1', 2],
    ['gpt-4.1-mini', 0.4],
    ['gpt-4.1-nano', 0.1],
    ['gpt-5', 1.25],
    ['gpt-5-mini', 0.25],
    ['gpt-5.4', 2.5],
    ['claude-sonnet-4-5', 3],
    ['claude-sonnet-5', 2],
    ['gemini-2.5-flash', 0.3],
    ['gemini-3-pro-preview', 2],
    ['Llama-3.2-90B-Vision-Instruct', 2.04],
    ['Llama-4-Maverick-17B-128E-Instruct-FP8', 1.41],
    ['pixtral-large-latest', 2],
    ['mistral-small-2603', 0.15],
    ['voxtral-small-24b-2507', 0.1],
    ['qwen2.5-vl-72b-instruct', 0.7],
    ['amazon.nova-lite-v1:0', 0.06],
  ])('know %s', (model, rate) => {
    expect(rateOf(model)).toBe(rate);
  });

  test('price Phi-4-multimodal audio at fifty times its text', () => {
    const price = priceOf({ model: 'Phi-4-multimodal-instruct' })?.price;

    expect(price).toMatchObject({ promptPerMillion: 0.08, audioPromptPerMillion: 4, completionPerMillion: 0.32 });
  });

  test('follow a change of price by date', () => {
    expect(rateOf('gpt-5.6-sol')).toBe(4);
    expect(rateOf('gpt-5.6-sol', '2026-08-20')).toBe(5);
    expect(rateOf('gpt-5.6-sol', '2026-08-21')).toBe(4);
  });
});

describe('priceOf', () => {
  test.each([
    ['gpt-4o-2024-08-06', 2.5],
    ['gpt-4o-2024-05-13', 5],
    ['chatgpt-4o-latest', 5],
    ['gpt4o', 2.5],
    ['gpt-41-mini', 0.4],
    ['Phi_4_multimodal_instruct', 0.08],
    ['azure/gpt-4o-audio-preview-2024-12-17', 2.5],
    ['claude-sonnet-4.5', 3],
    ['claude-sonnet-4-5-20250929', 3],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 3],
    ['claude-haiku-4-5@20251001', 1],
    ['models/gemini-2.5-flash-preview-09-2025', 0.3],
    ['PHI-4-MULTIMODAL-INSTRUCT', 0.08],
    ['meta.llama3-2-11b-instruct-v1:0', 0.16],
    ['mistral.voxtral-small-24b-2507', 0.1],
  ])('finds %s by its plain name', (model, rate) => {
    expect(rateOf(model)).toBe(rate);
  });

  test.each(['my-deployment', 'gpt-4o-tts-2', 'phi-4-multimodal-instruct-ft', 'qwen/qwen2.5-vl-72b-instruct:free', ''])(
    'has no price for %j',
    (model) => {
      expect(priceOf({ model })).toBeNull();
    },
  );

  test('a configured price replaces the whole price of the table', () => {
    const found = priceOf({ model: 'Phi-4-multimodal-instruct', price: { promptPerMillion: 1 } });

    expect(found).toEqual({ price: { promptPerMillion: 1 }, source: 'configuration' });
  });

  test('names the table and the day', () => {
    expect(priceOf({ model: 'gpt-4o' })?.source).toMatch(/openai\.com.*, read 2026-11-23$/);
  });

  test('has none before the first version', () => {
    const table = priceTable([
      { models: ['x'], validFrom: '2026-01-01', promptPerMillion: 1, source: 's', readOn: 'd' },
    ]);

    expect(priceOf({ model: 'x' }, table, '2025-12-31')).toBeNull();
  });
});
