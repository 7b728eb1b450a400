import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audioTokens } from '../../src/tokens/audio-tokens.ts';
import { calibrate, calibratedModel, calibratedParts, type Observation } from '../../src/tokens/calibrate.ts';
import { IMAGE_CANDIDATES, identifyImageRule } from '../../src/tokens/candidates.ts';
import { estimateErrors, fitLine } from '../../src/tokens/fit-line.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import { exactly, NO_TOKENS } from '../../src/tokens/token-estimate.ts';

const SIZES = [
  [64, 64],
  [300, 200],
  [448, 448],
  [640, 480],
  [800, 600],
  [1024, 1024],
  [1280, 720],
  [1920, 1080],
  [500, 3000],
  [4032, 3024],
] as const;

/** What an endpoint would report for text and images whose tokens it counts its own way. */
function bills(count: (width: number, height: number) => number, textOf = (text: number) => text): Observation[] {
  const plain = Array.from({ length: 10 }, (_, index) => ({ text: 20 + index * 7, images: [], clips: [] }));
  const pictured = SIZES.map(([width, height], index) => ({
    text: 30 + index,
    images: [{ width, height }],
    clips: [],
  }));
  return [
    ...plain.map((one) => ({ ...one, reported: textOf(one.text) })),
    ...pictured.map((one, index) => {
      const [width, height] = SIZES[index] ?? [1, 1];
      return { ...one, reported: textOf(one.text) + count(width, height) };
    }),
  ];
}

/** Mean absolute error of the whole prompt on the same observations, relative to what was reported. */
function relativeError(model: { model: string }, observations: readonly Observation[]): number {
  const calibration = calibrate(model, observations, 'run');
  const changed = calibratedModel(model, calibration);
  const errors = observations.map(({ text, images, reported }) => {
    const image = images.length === 0 ? NO_TOKENS : imageTokens(changed, images[0] ?? {});
    const parts = calibratedParts(
      { text: exactly(text, 't'), template: NO_TOKENS, image, audio: NO_TOKENS, completion: NO_TOKENS },
      { images: images.length, clips: 0 },
      calibration,
    );
    return Math.abs(parts.text.expected + parts.image.expected - reported) / reported;
  });
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

describe('fitLine', () => {
  const points = (slope: number, offset: number) =>
    Array.from({ length: 12 }, (_, index) => {
      const units = 1 + (index % 3);
      return { units, estimated: 10 + index * 5, reported: offset * units + slope * (10 + index * 5) };
    });

  test('finds the offset of each unit and the slope', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 500 }), (tenths, offset) => {
        const line = fitLine(points(tenths / 10, offset));
        expect(line?.slope).toBeCloseTo(tenths / 10, 6);
        expect(line?.offset).toBeCloseTo(offset, 4);
        expect(line?.residual).toBeCloseTo(0, 4);
      }),
    );
  });

  test('says how wrong the estimates were before and are after', () => {
    expect(fitLine(points(1, 30))).toMatchObject({ samples: 12, bias: -60, errorBefore: 60 });
  });

  test('needs eight samples', () => {
    expect(fitLine(points(1, 0).slice(0, 7))).toBeNull();
    expect(fitLine(points(1, 0).slice(0, 8))).not.toBeNull();
  });

  test('equal estimates fix only the offset', () => {
    const same = Array.from({ length: 8 }, (_, index) => ({ units: 1, estimated: 100, reported: 120 + (index % 2) }));

    expect(fitLine(same)).toMatchObject({ slope: 1, offset: 20.5 });
  });

  test('estimateErrors changes nothing', () => {
    expect(estimateErrors(points(2, 0))).toMatchObject({ offset: 0, slope: 1, bias: -37.5, errorAfter: 37.5 });
    expect(estimateErrors([])).toMatchObject({ samples: 0, bias: 0 });
  });
});

describe('calibrate', () => {
  const model = { model: 'Phi-4-multimodal-instruct' };
  const phi = (width: number, height: number) => imageTokens('phi-4-multimodal', { width, height }).expected;

  test('changes nothing where the estimate was right', () => {
    const { image, text } = calibrate(model, bills(phi), 'run');

    expect(image).toMatchObject({ rule: null, slope: 1, offset: 0, errorAfter: 0 });
    expect(text?.slope).toBeCloseTo(1);
  });

  test.each(['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'Qwen2.5-VL-7B', 'pixtral-12b', 'gemini-3-pro', 'gpt-5.4'])(
    'recognises an endpoint that bills as %s, and the second estimate is right to 2 %',
    (hidden) => {
      const observed = bills((width, height) => imageTokens(hidden, { width, height }).expected);

      expect(calibrate(model, observed, 'run').image?.rule).not.toBeNull();
      expect(relativeError(model, observed)).toBeLessThan(0.02);
    },
  );

  test('fits a line where the endpoint scales our rule', () => {
    const observed = bills(
      (width, height) => Math.round(phi(width, height) * 1.3) + 40,
      (text) => text * 2 + 9,
    );

    const { image, text } = calibrate(model, observed, 'run');

    expect(image?.slope).toBeCloseTo(1.3, 2);
    expect(image?.offset).toBeCloseTo(40, -1);
    expect(text).toMatchObject({ rule: null });
    expect(text?.slope).toBeCloseTo(2);
    expect(relativeError(model, observed)).toBeLessThan(0.02);
  });

  test('learns a flat count', () => {
    expect(
      relativeError(
        model,
        bills(() => 333),
      ),
    ).toBeLessThan(0.02);
  });

  test('learns the audio rule from the clips', () => {
    const observed = Array.from({ length: 9 }, (_, index) => {
      const facts = { seconds: 1.7 * (index + 1), sampleRate: 44_100 };
      const tokens = audioTokens({ model: '', tokens: { audio: 'phi-4-multimodal-integer' } }, facts).expected;
      return { text: 20, images: [], clips: [facts], reported: 20 + tokens };
    });

    expect(calibrate(model, observed, 'run').audio).toMatchObject({ rule: 'phi-4-multimodal-integer', errorAfter: 0 });
  });

  test('hears a large run evenly', () => {
    const many = Array.from({ length: 5000 }, (_, index) => {
      const size = { width: 100 + index, height: 400 };
      return { text: 20, images: [size], clips: [], reported: 20 + imageTokens('claude', size).expected };
    });

    expect(calibrate(model, many, 'run').image).toMatchObject({ rule: 'claude', samples: 1000, errorAfter: 0 });
  });

  test('learns nothing from fewer than eight samples', () => {
    const few = bills(() => 9000).slice(0, 13);

    expect(calibrate(model, few, 'run')).toMatchObject({ image: null, audio: null });
    expect(calibrate(model, [], 'run')).toEqual({ name: 'run', text: null, image: null, audio: null });
  });
});

describe('calibratedParts', () => {
  const parts = {
    text: exactly(20, 'phi-4'),
    template: exactly(5, 'phi-4'),
    image: exactly(100, 'flat'),
    audio: NO_TOKENS,
    completion: exactly(7, 'maxTokens'),
  };
  const line = { rule: null, samples: 9, residual: 3, bias: 0, errorBefore: 0, errorAfter: 0 };

  test('puts the text line on text and template together', () => {
    const { text, template } = calibratedParts(
      parts,
      { images: 0, clips: 0 },
      { name: 'run', text: { ...line, offset: 10, slope: 2 }, image: null, audio: null },
    );

    expect(text).toEqual({ low: 49, expected: 55, high: 61, rule: 'phi-4 (calibrated: run)', confidence: 'close' });
    expect(template).toEqual(parts.template);
  });

  test('leaves the template no band of its own: that of the text line is for both', () => {
    const wide = { ...parts, template: { ...parts.template, low: 0, high: 47 } };
    const text = { ...line, offset: 10, slope: 2 };

    const changed = calibratedParts(wide, { images: 0, clips: 0 }, { name: 'run', text, image: null, audio: null });

    expect(changed.template).toMatchObject({ low: 5, expected: 5, high: 5 });
  });

  test('takes the template back where an endpoint counts less than it', () => {
    const text = { ...line, offset: 3, slope: 0 };

    const changed = calibratedParts(parts, { images: 0, clips: 0 }, { name: 'run', text, image: null, audio: null });

    expect([changed.text.expected, changed.template.expected]).toEqual([0, 3]);
  });

  test('counts the offset once for each image and leaves the answer alone', () => {
    const changed = calibratedParts(
      parts,
      { images: 2, clips: 0 },
      { name: 'run', text: null, image: { ...line, offset: 10, slope: 1.5 }, audio: { ...line, offset: 5, slope: 1 } },
    );

    expect(changed.image).toMatchObject({ low: 164, expected: 170, high: 176 });
    expect(changed.audio).toBe(parts.audio);
    expect(changed.completion).toBe(parts.completion);
  });

  test('without a calibration everything stays', () => {
    expect(calibratedParts(parts, { images: 1, clips: 0 }, undefined)).toBe(parts);
    expect(calibratedModel({ model: 'x' }, undefined)).toEqual({ model: 'x' });
  });
});

describe('identifyImageRule', () => {
  const probe = (model: string, framing = 0) =>
    [
      [256, 256],
      [1024, 1024],
      [1920, 1080],
    ].map(([width = 1, height = 1]) => ({
      width,
      height,
      tokens: imageTokens(model, { width, height }).expected + framing,
    }));

  test.each([
    ['gpt-4o', 'openai-tiles', 0],
    ['claude-sonnet-4-5', 'claude', 0],
    ['Phi-4-multimodal-instruct', 'phi-4-multimodal', 0],
    ['Qwen2.5-VL-7B', 'qwen-vl', 2],
    ['gemma-3-27b-it', 'gemma-3', 4],
    ['Llama-4-Scout', 'llama-4', 0],
  ])('tells %s from three sizes', (model, rule, framing) => {
    const exact = identifyImageRule(probe(model, framing)).filter(({ error }) => error === 0);

    expect(exact.map((match) => `${match.rule} ${match.framing}`)).toContain(`${rule} ${framing}`);
  });

  test('an endpoint that counts its own way fits none', () => {
    const strange = probe('gpt-4o').map((one) => ({ ...one, tokens: one.tokens * 3 + 77 }));

    expect(identifyImageRule(strange)[0]?.error).toBeGreaterThan(0.02);
  });

  test('every candidate is a mapping that a configuration takes', () => {
    for (const { mapping } of IMAGE_CANDIDATES)
      expect(imageTokens({ model: '', tokens: { image: mapping } }, { width: 640, height: 480 }).rule).not.toBe(
        'unknown',
      );
  });
});
