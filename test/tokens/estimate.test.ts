import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { estimateConversation, estimateRequest, NO_REQUEST, sumRequests } from '../../src/tokens/estimate.ts';
import type { MediaFacts } from '../../src/tokens/media-facts.ts';
import type { ContentPart, Media, Message, ModelConfig } from '../../src/types.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

function model(name: string, more: Partial<ModelConfig> = {}): ModelConfig {
  return {
    id: 'm',
    provider: 'openai',
    model: name,
    modalities: ['text', 'image', 'audio'],
    params: { maxTokens: 100 },
    limits: { concurrency: 1, timeoutMs: 1000, retries: 0 },
    ...more,
  };
}

function data(bytes: Buffer, mediaType: string): Media {
  const base64 = bytes.toString('base64');
  return {
    type: 'data',
    uri: `data:${mediaType}`,
    mediaType,
    sha256: base64.slice(-40),
    byteLength: bytes.length,
    base64,
  };
}

const text = (words: string): ContentPart => ({ type: 'text', text: words });
const image = (width: number, height: number): ContentPart => ({
  type: 'image',
  media: data(pngBytes({ width, height }), 'image/png'),
});
const clip = (seconds: number): ContentPart => ({ type: 'audio', media: data(wavBytes({ seconds }), 'audio/wav') });
const highDetail = (part: ContentPart): ContentPart => (part.type === 'image' ? { ...part, detail: 'high' } : part);
const user = (...content: ContentPart[]): Message => ({ role: 'user', content });
const system: Message = { role: 'system', content: [text('You are a helpful assistant.')] };

const PHI = model('Phi-4-multimodal-instruct');
const URL_IMAGE: ContentPart = { type: 'image', media: { type: 'url', uri: 'https://example.org/a.png' } };

describe('estimateRequest', () => {
  test('adds text, template, images and audio to the token', async () => {
    const { parts, prompt, warnings, problems } = await estimateRequest(PHI, [
      system,
      user(text('Hola. ¿Cómo estás?'), image(64, 48), clip(2)),
    ]);

    expect(parts).toMatchObject({
      text: { expected: 12, confidence: 'exact' },
      template: { expected: 5 },
      image: { low: 477, expected: 477, high: 477 },
      audio: { expected: 25 },
      completion: { high: 100 },
    });
    expect(prompt.expected).toBe(12 + 5 + 477 + 25);
    expect([warnings, problems]).toEqual([[], []]);
  });

  test('an unknown model gets a wide band and a warning for each part, never 0', async () => {
    const { parts, warnings } = await estimateRequest(model('prod-1'), [user(text('Hi'), image(8, 8), clip(1))]);

    expect(warnings.map(({ code }) => code)).toEqual(['unknown_text', 'unknown_image', 'unknown_audio']);
    expect(warnings[1]?.message).toContain('name one as tokens.image');
    for (const part of [parts.text, parts.image, parts.audio]) {
      expect(part.expected).toBeGreaterThan(0);
      expect(part.high).toBeGreaterThan(part.expected);
    }
  });

  test('an unreadable file is a problem and counts as an image of unknown size, never 0', async () => {
    const broken: ContentPart = { type: 'image', media: data(Buffer.from('no image'), 'image/png') };

    const { parts, problems } = await estimateRequest(PHI, [user(text('Hi'), broken, image(448, 448))]);

    expect(problems).toEqual([{ uri: 'data:image/png', message: expect.stringContaining('header') }]);
    expect(parts.image).toMatchObject({ low: 545 + 545, expected: 545 + 2625, confidence: 'rough' });
  });

  test('sound where an image should be is a problem', async () => {
    const wrong: ContentPart = { type: 'image', media: data(wavBytes(), 'audio/wav') };

    expect((await estimateRequest(PHI, [user(wrong)])).problems[0]?.message).toBe('it is audio, not image');
  });

  test('a URL is estimated within a named band', async () => {
    const { parts, warnings } = await estimateRequest(model('gpt-4o'), [user(URL_IMAGE)]);

    expect(parts.image).toMatchObject({ low: 255, expected: 765, confidence: 'rough' });
    expect(warnings).toEqual([{ code: 'no_facts', message: expect.stringContaining('https://example.org/a.png') }]);
  });

  test('a clip behind a URL is estimated within a band', async () => {
    const remote: ContentPart = { type: 'audio', media: { type: 'url', uri: 'https://example.org/a.mp3' } };

    const { parts } = await estimateRequest(model('gpt-audio'), [user(remote)]);

    expect(parts.audio).toMatchObject({ low: 10, expected: 300, high: 3002 });
  });

  test('the detail of the part wins over that of the model', async () => {
    const low = model('gpt-4o', { detail: 'low' });

    const own = await estimateRequest(low, [user(highDetail(image(1024, 1024)))]);
    const models = await estimateRequest(low, [user(image(1024, 1024))]);

    expect([own.parts.image.expected, models.parts.image.expected]).toEqual([765, 85]);
  });

  const facts = (value: MediaFacts) => ({ facts: () => Promise.resolve(value) });

  test('a limit on the edge scales and turns images before they are counted', async () => {
    const scaled = model('pixtral-12b', { media: { image: { maxEdge: 512 } } });
    const photo = facts({ type: 'image', width: 4000, height: 3000, orientation: 6 });

    const { parts, warnings } = await estimateRequest(scaled, [user(image(1, 1))], photo);

    // 384 x 512 pixels: 24 columns and a break, 32 rows.
    expect(parts.image).toMatchObject({ low: 25 * 32, expected: 25 * 32, high: 25 * 32 });
    expect(warnings).toEqual([]);
  });

  test('an image that the model may see turned is named', async () => {
    const photo = facts({ type: 'image', width: 4032, height: 3024, orientation: 6 });

    const { parts, warnings } = await estimateRequest(PHI, [user(image(1, 1))], photo);

    expect(parts.image).toMatchObject({ low: 3393, expected: 3409 });
    expect(warnings).toEqual([{ code: 'rotated', message: expect.stringContaining('orientation 6') }]);
  });

  test('a model that keeps only the last image is charged for that one', async () => {
    const messages = [user(image(448, 448)), user(text('and this?'), image(449, 449))];

    const last = await estimateRequest({ ...PHI, imageHistory: 'last' }, messages);
    const all = await estimateRequest(PHI, messages);

    expect([last.parts.image.expected, all.parts.image.expected]).toEqual([1329, 545 + 1329]);
  });

  test('earlier answers and the limit of the sample bound the completion', async () => {
    const earlier = await estimateRequest(PHI, [user(text('Hi'))], { earlier: { mean: 9, min: 2, max: 30 } });
    const limited = await estimateRequest(PHI, [user(text('Hi'))], { maxTokens: 5 });

    expect(earlier.parts.completion).toMatchObject({ low: 2, expected: 9, high: 30 });
    expect(limited.parts.completion).toMatchObject({ expected: 5, high: 5 });
  });

  test('a mapping to an unknown rule is rejected', async () => {
    const wrong = model('x', { tokens: { image: 'nope' } });

    await expect(estimateRequest(wrong, [user(image(1, 1))])).rejects.toThrow(InputError);
  });
});

describe('estimateConversation', () => {
  test('each turn is a request with all that came before', async () => {
    const first = user(text('Hola. ¿Cómo estás?'), image(448, 448));
    const answers = { ...PHI, params: { maxTokens: 10 } };

    const { parts } = await estimateConversation(answers, { messages: [first], followUps: [user(text('Hi'))] });

    expect(parts).toMatchObject({
      // 6, then 6 + the answer of 10 + 1.
      text: { expected: 6 + 17 },
      // 2 + 1, then 3 messages: 6 + 1.
      template: { expected: 3 + 7 },
      image: { expected: 2 * 545 },
      completion: { expected: 20 },
    });
  });

  test('without follow-ups it is the one request', async () => {
    const messages = [user(text('Hi'))];

    expect(await estimateConversation(PHI, { messages, followUps: [] })).toEqual(
      sumRequests([await estimateRequest(PHI, messages)]),
    );
  });
});

test('a sum starts from nothing', async () => {
  const request = await estimateRequest(PHI, [user(text('Hi'), URL_IMAGE)]);

  const sum = sumRequests([NO_REQUEST, request, request]);

  expect(sum.prompt.expected).toBe(2 * request.prompt.expected);
  expect(sum.warnings).toHaveLength(2);
});
