import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { IMAGE_CANDIDATES } from '../../src/tokens/candidates.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';

describe('imageTokens', () => {
  test('an exact rule has no band', () => {
    expect(imageTokens('Phi-4-multimodal-instruct', { width: 448, height: 448 })).toEqual({
      low: 545,
      expected: 545,
      high: 545,
      rule: 'phi-4-multimodal',
      confidence: 'exact',
    });
  });

  test('an orientation that exchanges the sides gives both counts, the turned one expected', () => {
    const upright = { width: 4032, height: 3024 };

    const turned = imageTokens('Phi-4-multimodal-instruct', { ...upright, orientation: 6 });

    expect(turned).toMatchObject({ low: 3393, expected: 3409, high: 3409 });
  });

  test('a model whose server does not turn images expects them as stored', () => {
    const turned = imageTokens('pixtral-12b', { width: 4032, height: 3024, orientation: 6 });

    expect(turned).toMatchObject({ low: 3120, expected: 3120, high: 3136 });
  });

  test('an unknown model gets a wide band, never 0', () => {
    const estimate = imageTokens('my-deployment', { width: 1024, height: 768 });

    expect(estimate).toMatchObject({ low: 1, rule: 'unknown', confidence: 'guess' });
    expect(estimate.expected).toBeGreaterThan(0);
  });

  test('the band of an unknown model holds every family that it may turn out to be', () => {
    const size = fc.record({ width: fc.integer({ min: 400, max: 4096 }), height: fc.integer({ min: 400, max: 4096 }) });

    fc.assert(
      fc.property(size, fc.constantFrom(...IMAGE_CANDIDATES), (image, { mapping }) => {
        const { low, high } = imageTokens('my-deployment', image);
        const { expected } = imageTokens({ model: 'my-deployment', tokens: { image: mapping } }, image);

        expect(expected).toBeGreaterThanOrEqual(low);
        expect(expected).toBeLessThanOrEqual(high);
      }),
      { numRuns: 2000 },
    );
  });

  test('an image whose size cannot be had lies between a thumbnail and a photo', () => {
    const estimate = imageTokens('gpt-4o', {});

    expect(estimate).toMatchObject({ low: 255, expected: 765, high: 765, confidence: 'rough' });
  });

  test('a vendor figure for images of any size is the expectation', () => {
    expect(imageTokens('gemini-3-pro', { detail: 'ultra_high' }).expected).toBe(2240);
    expect(imageTokens('gemini-2.5-flash', { detail: 'MEDIUM' })).toMatchObject({ low: 256, expected: 256, high: 256 });
    expect(imageTokens('my-deployment', {})).toMatchObject({ rule: 'unknown', low: 1 });
  });

  test('Llama 3.2 says that some hosts count one token', () => {
    expect(imageTokens('Llama-3.2-11B-Vision-Instruct', { width: 800, height: 600 })).toMatchObject({
      low: 1,
      expected: 6404,
      high: 6404,
      confidence: 'rough',
    });
  });

  test.each([
    [0, 100],
    [100, 0],
    [-1, 5],
    [Number.NaN, 5],
    [Number.POSITIVE_INFINITY, 5],
  ])('rejects %s x %s pixels', (width, height) => {
    expect(() => imageTokens('gpt-4o', { width, height })).toThrow(InputError);
  });

  test('the configured detail holds where the image names none', () => {
    const model = { model: 'gpt-4o', detail: 'low' } as const;

    expect(imageTokens(model, { width: 4000, height: 3000 }).expected).toBe(85);
    expect(imageTokens(model, { width: 4000, height: 3000, detail: 'high' }).expected).toBe(765);
  });
});
