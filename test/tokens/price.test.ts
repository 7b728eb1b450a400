import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Price } from '../../src/price.ts';
import { priceUsage } from '../../src/tokens/price.ts';
import { priceEstimate } from '../../src/tokens/price-estimate.ts';
import { exactly, NO_TOKENS, type TokenEstimate } from '../../src/tokens/token-estimate.ts';
import { NO_USAGE, type Usage } from '../../src/types.ts';

function usage(counts: Partial<Usage>): Usage {
  return { ...NO_USAGE, ...counts };
}

const PHI = { model: 'Phi-4-multimodal-instruct' };
const configured = (price: Price) => ({ model: 'm', price });
const AZURE_AUDIO_CALL = usage({ promptTokens: 77, completionTokens: 7, totalTokens: 84 });
const split = (text: number, image: number, audio: TokenEstimate | number) => ({
  text: exactly(text, 'phi-4'),
  image: exactly(image, 'phi-4-multimodal'),
  audio: typeof audio === 'number' ? exactly(audio, 'phi-4-multimodal') : audio,
});

describe('priceUsage', () => {
  test('the Azure audio call costs 46 times its text price', () => {
    const priced = priceUsage(AZURE_AUDIO_CALL, PHI, { split: split(26, 0, 51) });

    expect(priced).toMatchObject({
      costUsd: 0.00020832,
      unpricedParts: [],
      split: { text: 26, image: 0, audio: 51 },
      tokensSource: 'estimate',
    });
  });

  test('a reported split wins over the estimate', () => {
    const reported = usage({ promptTokens: 100, completionTokens: 0, audioTokens: 40, imageTokens: 0 });

    const priced = priceUsage(reported, PHI, { split: split(10, 0, 90) });

    expect(priced).toMatchObject({ split: { text: 60, image: 0, audio: 40 }, tokensSource: 'endpoint' });
    expect(priced.costUsd).toBe(0.0001648);
  });

  test('an endpoint that reports 0 audio for a clip does not count it: the estimate does', () => {
    const reported = usage({ promptTokens: 77, completionTokens: 7, audioTokens: 0, imageTokens: 0 });

    const priced = priceUsage(reported, PHI, { split: split(26, 0, 51) });

    expect(priced).toMatchObject({ split: { audio: 51 }, tokensSource: 'estimate' });
  });

  test('audio without an audio price is unpriced, never billed as text', () => {
    const text = configured({ promptPerMillion: 1, completionPerMillion: 1 });

    expect(priceUsage(AZURE_AUDIO_CALL, text, { split: split(26, 0, 51) })).toMatchObject({
      costUsd: null,
      costPico: null,
      unpricedParts: ['audio'],
    });
    expect(priceUsage(usage({ promptTokens: 9, completionTokens: 1, audioTokens: 4 }), text).unpricedParts).toEqual([
      'audio',
    ]);
  });

  test('images without a price of their own take the prompt rate', () => {
    const model = configured({ promptPerMillion: 2, completionPerMillion: 0 });
    const reported = usage({ promptTokens: 1000, completionTokens: 5, imageTokens: 900 });

    expect(priceUsage(reported, model).costUsd).toBe(0.002);
    expect(priceUsage(reported, configured({ ...model.price, imagePromptPerMillion: 4 })).costUsd).toBe(0.0038);
  });

  test('cached tokens take their rate, or that of the prompt', () => {
    const reported = usage({ promptTokens: 1000, completionTokens: 0, cachedTokens: 600 });

    expect(priceUsage(reported, configured({ promptPerMillion: 2, cachedPromptPerMillion: 1 })).costUsd).toBe(0.0014);
    expect(priceUsage(reported, configured({ promptPerMillion: 2 })).costUsd).toBe(0.002);
  });

  test('cached tokens beyond the text are taken from the images, never from the audio', () => {
    const price = {
      promptPerMillion: 2,
      cachedPromptPerMillion: 0,
      imagePromptPerMillion: 10,
      audioPromptPerMillion: 100,
    };
    const reported = usage({
      promptTokens: 300,
      completionTokens: 0,
      cachedTokens: 250,
      imageTokens: 100,
      audioTokens: 100,
    });

    expect(priceUsage(reported, configured(price)).costUsd).toBe(0.01);
  });

  test('tokens written to the cache have a rate of their own or none', () => {
    const reported = usage({ promptTokens: 1000, completionTokens: 0, cacheWriteTokens: 400 });

    expect(priceUsage(reported, configured({ promptPerMillion: 2, cacheWritePerMillion: 5 })).costUsd).toBe(0.0032);
    expect(priceUsage(reported, configured({ promptPerMillion: 2 })).unpricedParts).toEqual(['cacheWrite']);
  });

  test('a model without a price is unpriced, and says so for each part', () => {
    expect(priceUsage(usage({ promptTokens: 5, completionTokens: 6 }), { model: 'my-deployment' })).toEqual({
      costUsd: null,
      costPico: null,
      unpricedParts: ['text', 'completion'],
      split: { text: 5, image: 0, audio: 0 },
      tokensSource: 'endpoint',
      priceSource: null,
    });
  });

  test('no tokens on a model without a price are unpriced too', () => {
    expect(priceUsage(usage({ promptTokens: 0, completionTokens: 0 }), { model: 'my-deployment' }).costUsd).toBeNull();
  });

  test('a count that nobody reported leaves the cost unknown', () => {
    expect(priceUsage(usage({ promptTokens: 5 }), PHI)).toMatchObject({ costUsd: null, unpricedParts: ['completion'] });
    expect(priceUsage(usage({ completionTokens: 5 }), PHI)).toMatchObject({
      costUsd: null,
      unpricedParts: ['text'],
      split: null,
      tokensSource: null,
    });
  });

  test('a free model costs 0', () => {
    const free = configured({ promptPerMillion: 0, completionPerMillion: 0 });

    expect(priceUsage(usage({ promptTokens: 5, completionTokens: 6 }), free).costUsd).toBe(0);
  });

  test('above a threshold the whole request takes the rates of the highest tier passed', () => {
    const model = configured({
      promptPerMillion: 1,
      completionPerMillion: 1,
      tiers: [
        { abovePromptTokens: 100, promptPerMillion: 2 },
        { abovePromptTokens: 200, promptPerMillion: 3, completionPerMillion: 5 },
      ],
    });
    const cost = (promptTokens: number) => priceUsage(usage({ promptTokens, completionTokens: 10 }), model).costPico;

    expect([cost(100), cost(101), cost(201)]).toEqual([110_000_000n, 212_000_000n, 653_000_000n]);
  });

  test('the batch discount is taken off when the request went that way', () => {
    const model = configured({ promptPerMillion: 1, completionPerMillion: 1, batchDiscount: 0.5 });
    const reported = usage({ promptTokens: 5, completionTokens: 6 });

    expect(priceUsage(reported, model).costPico).toBe(11_000_000n);
    expect(priceUsage(reported, model, { batch: true }).costPico).toBe(5_500_000n);
  });

  test('speech in the answer takes its own rate', () => {
    const reported = usage({ promptTokens: 0, completionTokens: 100 });
    const options = { audioCompletionTokens: 80 };

    const priced = priceUsage(reported, { model: 'gpt-audio' }, options);

    expect(priced.costUsd).toBe((20 * 10 + 80 * 64) / 1e6);
    expect(priceUsage(reported, { model: 'gpt-4o' }, options).unpricedParts).toEqual(['audioCompletion']);
  });

  test('never costs less than 0, and never less for more tokens', () => {
    const tokens = fc.nat(10_000_000);
    fc.assert(
      fc.property(tokens, tokens, tokens, (prompt, completion, more) => {
        const cost = (promptTokens: number) =>
          priceUsage(usage({ promptTokens, completionTokens: completion }), { model: 'gemini-2.5-pro' }).costPico ??
          -1n;
        expect(cost(prompt) >= 0n).toBe(true);
        expect(cost(prompt + more) >= cost(prompt)).toBe(true);
      }),
    );
  });
});

describe('priceEstimate', () => {
  const parts = {
    text: exactly(20, 'phi-4'),
    template: exactly(5, 'phi-4'),
    image: NO_TOKENS,
    audio: { low: 50, expected: 60, high: 75, rule: 'phi-4-multimodal', confidence: 'close' },
    completion: { low: 1, expected: 200, high: 512, rule: 'maxTokens', confidence: 'guess' },
  } as const;

  test('prices the band and each part', () => {
    const cost = priceEstimate({ parts }, PHI);

    expect(cost).toMatchObject({
      low: (25 * 0.08 + 50 * 4 + 1 * 0.32) / 1e6,
      expected: (25 * 0.08 + 60 * 4 + 200 * 0.32) / 1e6,
      high: (25 * 0.08 + 75 * 4 + 512 * 0.32) / 1e6,
      byPart: { text: 0.000002, audio: 0.00024, completion: 0.000064 },
      unpricedParts: [],
    });
    expect(cost.expectedPico).toBe(306_000_000n);
  });

  test('is unpriced when a part may be there that has no rate', () => {
    const maybe = { ...parts, audio: { ...parts.audio, low: 0, expected: 0 } };

    expect(priceEstimate({ parts: maybe }, { model: 'gpt-4o' })).toMatchObject({
      low: null,
      expected: null,
      high: null,
      expectedPico: null,
      unpricedParts: ['audio'],
    });
  });

  test('is unpriced without any price', () => {
    expect(priceEstimate({ parts }, { model: 'my-deployment' })).toMatchObject({ expected: null, priceSource: null });
  });

  test('takes the batch discount off', () => {
    const full = priceEstimate(
      { parts },
      configured({ promptPerMillion: 1, audioPromptPerMillion: 1, completionPerMillion: 1 }),
    );
    const batch = priceEstimate(
      { parts },
      configured({ promptPerMillion: 1, audioPromptPerMillion: 1, completionPerMillion: 1, batchDiscount: 0.5 }),
      { batch: true },
    );

    expect(batch.expected).toBe((full.expected ?? 0) / 2);
  });
});
