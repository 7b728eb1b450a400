import { expect, test } from 'vitest';
import { autoMedia, mergedMedia } from '../../src/models/media-settings.ts';

const auto = autoMedia({ provider: 'openai', model: 'gpt-4o' }, ['text', 'image', 'audio']);

test.each([
  ['openai', 'gpt-4o', 2048],
  ['anthropic', 'claude-opus-4-5', 1568],
  ['anthropic', 'claude-sonnet-5', 2576],
  ['azure', 'mistral-medium-3-5', 1540],
  ['openai', 'pixtral-12b', 1024],
])('auto of %s %s scales images down to %i pixels, as the vendor would', (provider, model, maxEdge) => {
  expect(autoMedia({ provider, model }, ['text', 'image'])).toEqual({ image: { maxEdge, format: 'keep' } });
});

test('auto changes only what the model takes', () => {
  expect(autoMedia({ provider: 'local', model: 'asr-open' }, ['text', 'audio'])).toEqual({
    audio: { format: 'keep', sampleRate: 16_000 },
  });
  expect(autoMedia({ provider: 'openai', model: 'x' }, ['text'])).toEqual({});
});

test('settings without a variant stay as they are written, because request hashes hold them', () => {
  expect(mergedMedia({}, undefined, auto)).toEqual({});
  expect(mergedMedia({ image: { maxEdge: 9 } }, undefined, auto)).toEqual({ image: { maxEdge: 9 } });
  expect(mergedMedia(undefined, undefined, auto)).toBeUndefined();
});

test("a variant's members win, and auto stands for its own", () => {
  expect(mergedMedia('auto', { image: { maxEdge: 9 } }, auto)).toEqual({
    image: { maxEdge: 9, format: 'keep' },
    audio: { format: 'keep', sampleRate: 16_000 },
  });
  expect(mergedMedia({ audio: { maxSeconds: 3 } }, { audio: { sampleRate: 8000 } }, auto)).toEqual({
    audio: { maxSeconds: 3, sampleRate: 8000 },
  });
  expect(mergedMedia({ audio: { sampleRate: 8000 } }, 'auto', auto)).toEqual(auto);
});

test('a variant of images has the form that earlier versions gave it', () => {
  expect(mergedMedia({ image: { maxEdge: 9 } }, {}, auto)).toEqual({ image: { maxEdge: 9 } });
  expect(mergedMedia(undefined, { image: { maxEdge: 9 } }, auto)).toEqual({ image: { maxEdge: 9 } });
  expect(mergedMedia({}, {}, auto)).toEqual({ image: {} });
});
