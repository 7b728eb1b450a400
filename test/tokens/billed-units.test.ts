import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addUnitEstimates, estimatedUnits, measuredUnits, NO_UNITS } from '../../src/tokens/billed-units.ts';
import type { MediaFacts } from '../../src/tokens/media-facts.ts';
import { audio, image, text, url, user } from '../helpers/ask.ts';

const clip = (seconds: number, more: object = {}): MediaFacts => ({
  type: 'audio',
  seconds,
  sampleRate: null,
  channels: null,
  ...more,
});
const reading = (facts: MediaFacts | null) => async () => facts;

describe('what is sent', () => {
  test('has the seconds, pages and characters of all messages', async () => {
    const messages = [user(text('ab'), audio()), user(text('c'), image(), image())];
    const facts = async (media: { readonly uri: string }) => (media.uri.includes('audio') ? clip(1.5) : null);

    expect(await measuredUnits(messages, {}, facts)).toEqual({ audioSeconds: 1.5, pages: 2, characters: 3 });
  });

  test('has unknown seconds with a clip of unknown length', async () => {
    const facts = async (media: { readonly type: string }) => (media.type === 'url' ? null : clip(2));
    const messages = [user(audio(), audio(url('https://media.example/a.wav')))];

    expect((await measuredUnits(messages, {}, facts)).audioSeconds).toBeNull();
  });

  test('has the seconds of a clip after it was cut', async () => {
    const model = { media: { audio: { maxSeconds: 10 } } };

    expect((await measuredUnits([user(audio())], model, reading(clip(12)))).audioSeconds).toBe(10);
  });

  test('counts code points, as people count characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (words) => {
        expect((await measuredUnits([user(text(words))], {}, reading(null))).characters).toBe([...words].length);
      }),
    );
  });
});

describe('an estimate', () => {
  test.each([
    ['a clip whose samples are counted', clip(10), [10, 10, 10]],
    ['a clip with only an average rate', clip(10, { isApproximate: true }), [9, 10, 11]],
    ['a clip that is not available', null, [1, 30, 300]],
  ])('of %s', async (_, facts, expected) => {
    const { low, expected: middle, high } = await estimatedUnits([user(audio())], {}, reading(facts));

    expect([low, middle, high].map(({ audioSeconds }) => Math.round(audioSeconds ?? -1))).toEqual(expected);
  });

  test('adds the bounds of requests', async () => {
    const one = await estimatedUnits([user(text('ab'), image())], {}, reading(null));

    expect(addUnitEstimates(one, one).high).toEqual({ ...NO_UNITS, pages: 2, characters: 4 });
  });
});
