import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import type { AudioRule } from '../../src/tokens/audio-rules/audio-rule.ts';
import { AUDIO_RULES } from '../../src/tokens/audio-rules.ts';
import { audioTokens } from '../../src/tokens/audio-tokens.ts';
import { AUDIO_CANDIDATES } from '../../src/tokens/candidates.ts';
import { AUDIO_MODELS } from '../../src/tokens/models-table.ts';

const rules: readonly (readonly [string, AudioRule])[] = Object.entries(AUDIO_RULES);
const seconds = fc.double({ min: 0.001, max: 4000, noNaN: true });
const sampleRate = fc.constantFrom(null, 8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000);

describe.each(rules)('audio rule %s', (_name, rule) => {
  test('says what it is and where it is from', () => {
    expect(rule.description).not.toBe('');
    expect(rule.source).not.toBe('');
  });

  test('gives a whole number of at least one token, never less for a longer clip', () => {
    fc.assert(
      fc.property(seconds, seconds, sampleRate, (length, more, rate) => {
        const short = rule.tokens({ seconds: length, sampleRate: rate });
        const long = rule.tokens({ seconds: length + more, sampleRate: rate });
        expect(Number.isSafeInteger(short)).toBe(true);
        expect(short).toBeGreaterThanOrEqual(1);
        expect(long).toBeGreaterThanOrEqual(short);
      }),
    );
  });
});

describe('audioTokens', () => {
  test('float noise does not round a whole number of tokens up', () => {
    expect(audioTokens('gpt-audio', { seconds: 1.1 }).expected).toBe(11);
  });

  test('the sample rate bounds what a host that resamples by whole factors counts on Phi-4', () => {
    const clip = audioTokens('Phi-4-multimodal-instruct', { seconds: 60, sampleRate: 44_100 });

    expect(clip).toMatchObject({ low: 750, expected: 750, high: 1034 });
  });

  test('an unknown sample rate bounds it by the worst factor', () => {
    expect(audioTokens('Phi-4-multimodal-instruct', { seconds: 60 })).toMatchObject({ low: 750, high: 1125 });
  });

  test('the 77 tokens of the Azure article are 26 of text and a clip of about 4 seconds', () => {
    expect(26 + audioTokens('Phi-4-multimodal-instruct', { seconds: 4.06, sampleRate: 16_000 }).expected).toBe(77);
  });

  test('the repository code treats rates between 8 and 16 kHz as 8 kHz', () => {
    const model = 'Phi-4-multimodal-instruct (model repo remote code: integer-ratio resample)';

    expect(audioTokens(model, { seconds: 10, sampleRate: 11_025 }).expected).toBe(172);
    expect(audioTokens(model, { seconds: 10, sampleRate: 4000 }).expected).toBe(125);
  });

  test.each([
    ['gpt-4o-audio-preview', 2.95, 30],
    ['gpt-realtime (output)', 10, 200],
    ['models/gemini-2.5-flash', 2.95, 94],
    ['Qwen/Qwen2-Audio-7B-Instruct', 60, 750],
    ['Qwen2.5-Omni-7B', 400, 7500],
    ['Qwen3-Omni-30B-A3B', 60, 780],
    ['mistralai/Voxtral-Small-24B-2507', 60, 751],
  ])('%s counts %s s as %s tokens', (model, length, expected) => {
    expect(audioTokens(model, { seconds: length, sampleRate: 16_000 }).expected).toBe(expected);
  });

  test('an unknown model gets a wide band, never 0', () => {
    const estimate = audioTokens('my-deployment', { seconds: 10 });

    expect(estimate).toEqual({ low: 100, expected: 250, high: 376, rule: 'unknown', confidence: 'guess' });
  });

  test('the band of an unknown model holds every family that it may turn out to be', () => {
    const clip = fc.record({
      seconds: fc.double({ min: 0.2, max: 7200, noNaN: true }),
      sampleRate: fc.constantFrom(8000, 16_000, 24_000, 44_100),
    });

    fc.assert(
      fc.property(clip, fc.constantFrom(...AUDIO_CANDIDATES), (facts, { mapping }) => {
        const { low, high } = audioTokens('my-deployment', facts);
        const { expected } = audioTokens({ model: 'my-deployment', tokens: { audio: mapping } }, facts);

        expect(expected).toBeGreaterThanOrEqual(low);
        expect(expected).toBeLessThanOrEqual(high);
      }),
      { numRuns: 2000 },
    );
  });

  test('a clip whose length cannot be had lies between a second and five minutes', () => {
    expect(audioTokens('gemini-2.5-pro', {})).toMatchObject({
      low: 32,
      expected: 960,
      high: 9600,
      confidence: 'rough',
    });
    expect(audioTokens('my-deployment', {})).toMatchObject({ low: 10, high: 9600 });
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('rejects %s seconds', (length) => {
    expect(() => audioTokens('gpt-audio', { seconds: length })).toThrow(InputError);
  });
});

test('every row of the models table is dated and sourced', () => {
  for (const { validFrom, source } of AUDIO_MODELS) {
    expect(validFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(source).not.toBe('');
  }
});
