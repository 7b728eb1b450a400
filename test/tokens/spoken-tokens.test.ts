import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priceEstimate } from '../../src/tokens/price-estimate.ts';
import { asText, spokenAnswer, spokenAssumption, spokenRuleOf, transcriptOf } from '../../src/tokens/spoken-tokens.ts';
import { banded, NO_TOKENS } from '../../src/tokens/token-estimate.ts';

const model = (name: string, maxTokens?: number) => ({
  model: name,
  params: maxTokens === undefined ? {} : { maxTokens },
});

test.each(['gpt-audio', 'gpt-audio-1.5', 'openai/gpt-4o-mini-audio-preview', 'gpt-realtime-mini'])(
  'the sound of %s has 20 tokens a second',
  (name) => {
    expect(spokenRuleOf({ model: name })).toMatchObject({ perSecond: 20 });
  },
);

test('200 tokens of text are 57 s of speech, which are 1,143 tokens of sound', () => {
  const { completion, spoken } = spokenAnswer(model('gpt-audio'), undefined);

  expect(spoken).toMatchObject({ low: 2, expected: 1143, rule: 'openai-spoken', confidence: 'guess' });
  expect(completion).toMatchObject({ low: 3, expected: 1343, high: 11_000, rule: 'default length + openai-spoken' });
  expect(transcriptOf(completion, spoken).expected).toBe(200);
});

test('maxTokens limits text and sound together', () => {
  const { completion, spoken } = spokenAnswer(model('gpt-audio', 134), undefined);

  expect(completion).toMatchObject({ expected: 134, high: 134, rule: 'maxTokens + openai-spoken' });
  expect(spoken).toMatchObject({ expected: 114, high: 134 });
});

test('of a model without a rule, an answer may be all text or nearly all sound, and that is said', () => {
  const { completion, spoken } = spokenAnswer(model('my-omni'), undefined);

  expect(spoken).toMatchObject({ low: 0, expected: 1143, high: completion.high, rule: 'unknown', confidence: 'guess' });
  expect(spokenAssumption(spokenRuleOf({ model: 'my-omni' }))).toBe(
    '20 tokens of sound and 3.5 tokens of text a second of speech (no rule is known for this model)',
  );
});

test('earlier spoken answers say how much is sound; earlier answers in text are what is spoken', () => {
  const earlier = { mean: 100, min: 50, max: 200 };

  expect(spokenAnswer(model('gpt-audio'), { ...earlier, spokenShare: 0.8 })).toMatchObject({
    completion: { low: 50, expected: 100, high: 200 },
    spoken: { low: 20, expected: 80, high: 200, rule: 'earlier runs' },
  });
  expect(spokenAnswer(model('gpt-audio'), earlier).spoken).toMatchObject({ expected: 571, confidence: 'rough' });
  expect(asText({ ...earlier, spokenShare: 0.8 })?.mean).toBeCloseTo(20);
});

test('sound is never more than the answer, and the answer never more than its limit', () => {
  const amount = fc.integer({ min: 1, max: 5000 });
  fc.assert(
    fc.property(
      fc.constantFrom('gpt-audio', 'my-omni'),
      fc.option(amount, { nil: null }),
      fc.option(
        fc.record({ mean: amount, min: amount, max: amount, spokenShare: fc.double({ min: 0, max: 1, noNaN: true }) }),
        { nil: undefined },
      ),
      (name, limit, earlier) => {
        const { completion, spoken } = spokenAnswer(model(name), earlier, limit);
        for (const bound of ['low', 'expected', 'high'] as const) {
          expect(spoken[bound]).toBeGreaterThanOrEqual(0);
          expect(spoken[bound]).toBeLessThanOrEqual(completion[bound]);
        }
        expect(completion.high).toBeLessThanOrEqual(limit ?? Number.POSITIVE_INFINITY);
      },
    ),
  );
});

test('sound without a rate of its own is unpriced, however much the text costs', () => {
  const parts = { text: NO_TOKENS, template: NO_TOKENS, image: NO_TOKENS, audio: NO_TOKENS };
  const estimate = {
    parts: { ...parts, completion: banded(100, [10, 200], 'r', 'close') },
    spoken: banded(80, [0, 200], 'r', 'close'),
  };
  const price = { promptPerMillion: 1, completionPerMillion: 10 };
  const spoken = { ...price, audioCompletionPerMillion: 100 };

  expect(priceEstimate(estimate, { model: 'm', price })).toMatchObject({
    low: null,
    expected: null,
    high: null,
    unpricedParts: ['audioCompletion'],
  });
  expect(priceEstimate(estimate, { model: 'm', price: spoken })).toMatchObject({
    low: 0.0001,
    expected: 0.0082,
    high: 0.02,
  });
});
