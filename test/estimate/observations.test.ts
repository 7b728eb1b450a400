import { expect, test } from 'vitest';
import { observe } from '../../src/estimate/observations.ts';
import type { MediaFacts } from '../../src/tokens/media-facts.ts';
import type { ContentPart, Message, ModelConfig } from '../../src/types.ts';

const MODEL: ModelConfig = {
  id: 'm',
  provider: 'openai',
  model: 'Phi-4-multimodal-instruct',
  modalities: ['text', 'image', 'audio'],
  params: {},
  limits: { concurrency: 1, timeoutMs: 1, retries: 0 },
};

const FACTS: Readonly<Record<string, MediaFacts>> = {
  'wide.png': { type: 'image', width: 2000, height: 1000, orientation: 1 },
  'turned.jpg': { type: 'image', width: 2000, height: 1000, orientation: 6 },
  'mirrored.jpg': { type: 'image', width: 2000, height: 1000, orientation: 5 },
  'tall.png': { type: 'image', width: 1000, height: 2000, orientation: 1 },
  'odd.png': { type: 'image', width: 2000, height: 1003, orientation: 1 },
  'thread.png': { type: 'image', width: 2000, height: 1, orientation: 1 },
  'clip.wav': { type: 'audio', seconds: 2, sampleRate: 16_000, channels: 1 },
  'broken.png': { type: 'unreadable', message: 'it is cut off' },
};

const facts = async ({ uri }: { readonly uri: string }) => FACTS[uri] ?? null;
const url = (uri: string) => ({ type: 'url', uri }) as const;
const image = (uri: string): ContentPart => ({ type: 'image', media: url(uri) });
const user = (...content: readonly ContentPart[]): Message => ({ role: 'user', content });
const text: ContentPart = { type: 'text', text: 'What is the capital of France?' };

const observed = (messages: readonly Message[], model: Partial<ModelConfig> = {}) =>
  observe({ ...MODEL, ...model }, messages, 50, facts);

test('pairs media and uncalibrated text with the reported tokens', async () => {
  const clip: ContentPart = { type: 'audio', media: url('clip.wav') };
  const detailed: ContentPart = { type: 'image', media: url('wide.png'), detail: 'low' };

  expect(await observed([user(text, detailed, clip)])).toEqual({
    reported: 50,
    text: 10,
    images: [{ width: 2000, height: 1000, orientation: 1, detail: 'low' }],
    clips: [FACTS['clip.wav']],
  });
});

test.each([
  ['kept as they are below the limit', 'wide.png', 2000, { width: 2000, height: 1000, orientation: 1 }],
  ['scaled above it', 'wide.png', 500, { width: 500, height: 250, orientation: 1 }],
  ['turned upright at the limit', 'turned.jpg', 2000, { width: 1000, height: 2000, orientation: 1 }],
  ['turned upright on the way', 'turned.jpg', 500, { width: 250, height: 500, orientation: 1 }],
  ['mirrored and turned upright', 'mirrored.jpg', 500, { width: 250, height: 500, orientation: 1 }],
  ['scaled by the longer side', 'tall.png', 500, { width: 250, height: 500, orientation: 1 }],
  ['rounded to whole pixels', 'odd.png', 500, { width: 500, height: 251, orientation: 1 }],
  ['never thinner than a pixel', 'thread.png', 500, { width: 500, height: 1, orientation: 1 }],
])('measures images as they were sent: %s', async (_what, uri, maxEdge, size) => {
  const observation = await observed([user(image(uri))], { media: { image: { maxEdge } } });

  expect(observation?.images).toEqual([size]);
});

test.each([
  ['all', 2],
  ['last', 1],
] as const)('of a model with image history "%s" %i images of two messages count', async (imageHistory, count) => {
  const messages = [user(image('wide.png')), user(image('turned.jpg'))];

  const observation = await observed(messages, { imageHistory });

  expect(observation?.images).toHaveLength(count);
});

test('for a model that keeps the last image, uses the image of the latest message that has one, and all clips', async () => {
  const clip: ContentPart = { type: 'audio', media: url('clip.wav') };
  const observation = await observed([user(clip), user(image('wide.png')), user(text)], { imageHistory: 'last' });

  expect([observation?.images.length, observation?.clips.length]).toEqual([1, 1]);
});

test.each(['broken.png', 'elsewhere.png'])(
  'ignores a request with a medium that cannot be measured: %s',
  async (uri) => {
    expect(await observed([user(text, image(uri))])).toBeNull();
  },
);
