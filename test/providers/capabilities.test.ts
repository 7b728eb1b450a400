import { describe, expect, test } from 'vitest';
import { applyImageHistory, registeredType, unsupported } from '../../src/providers/capabilities.ts';
import { PROVIDERS, type ProviderName } from '../../src/providers/registry.ts';
import type { Message, ModelConfig } from '../../src/types.ts';
import {
  ask,
  assistant,
  audio,
  dataMedia,
  failureOf,
  image,
  MP3,
  PNG,
  system,
  testModel,
  text,
  url,
  user,
  WAV,
} from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

const ENDPOINTS: Partial<Record<ProviderName, string>> = {
  azure: 'https://r.services.ai.azure.com/models',
  openai: 'https://vllm.example/v1',
};
const FLAC = dataMedia(Buffer.from('fLaC'), 'audio/flac');
const BMP = dataMedia(Buffer.from('BM'), 'image/bmp');
const TIFF = dataMedia(Buffer.from('II*'), 'image/tiff');
const HEIC = dataMedia(Buffer.from('heic'), 'image/heic');

const modelOf = (provider: ProviderName, more: Partial<ModelConfig>): ModelConfig => {
  const endpoint = ENDPOINTS[provider];
  return testModel(provider, { ...(endpoint === undefined ? {} : { endpoint }), ...more });
};
const reason = (provider: ProviderName, more: Partial<ModelConfig>, messages: readonly Message[]) => {
  const model = modelOf(provider, more);
  return unsupported(model, PROVIDERS[provider].mediaSupport(model), messages);
};

type Case = readonly [
  provider: ProviderName,
  more: Partial<ModelConfig>,
  messages: readonly Message[],
  reason: string | null,
];

const images = (count: number) => Array.from({ length: count }, () => image());
const clipOf = (byteLength: number) => ({ ...WAV, byteLength });

const twoTurns = [user(text('a'), image()), assistant('b'), user(text('c'), image())];

describe('before anything is sent', () => {
  const cases: readonly Case[] = [
    ['azure', {}, [system('s'), user(text('a'), image(), audio())], null],
    ['azure', { modalities: ['text'] }, [user(text('a'), image())], 'image; the model takes text'],
    ['azure', { modalities: ['text', 'image'] }, [user(audio())], 'audio; the model takes text, image'],
    ['azure', {}, [{ role: 'system', content: [image()] }], 'image in a message of role system'],
    ['azure', {}, [{ role: 'assistant', content: [audio()] }], 'audio in a message of role assistant'],
    ['azure', {}, [user(...images(50))], null],
    ['azure', {}, [user(...images(51))], '51 images; the model takes 50'],
    ['azure', {}, [user(...images(30)), assistant('b'), user(...images(21))], '51 images; the model takes 50'],
    ['azure', { maxImages: 60 }, [user(...images(51))], null],
    ['azure', { model: 'Llama-4-Maverick-17B-128E-Instruct-FP8' }, twoTurns, '2 images; the model takes 1'],
    ['openai', {}, [user(...images(51))], null],
    ['openai', { endpoint: 'https://r.openai.azure.com' }, [user(...images(51))], '51 images; the model takes 50'],
    ['azure', {}, [user(audio(clipOf(26_214_400)))], null],
    ['azure', {}, [user(audio(clipOf(26_214_401)))], 'a file of 26214401 bytes; the model takes 26214400'],
    ['azure', { maxMediaBytes: 30_000_000 }, [user(audio(clipOf(26_214_401)))], null],
    ['openai', {}, [user(audio(clipOf(26_214_401)))], null],
    ['azure', { maxImages: 1 }, [user(image())], null],
    ['azure', { maxImages: 1 }, [user(image(), image())], '2 images; the model takes 1'],
    ['azure', { maxImages: 1 }, twoTurns, '2 images; the model takes 1'],
    ['azure', { maxImages: 1, imageHistory: 'last' }, twoTurns, null],
    ['azure', { imageHistory: 'all' }, twoTurns, null],
    ['azure', { imageHistory: 'error' }, twoTurns, 'images in more than one turn'],
    ['azure', { imageHistory: 'error' }, [user(image(), image())], null],
    [
      'azure',
      { maxMediaBytes: 10 },
      [user(image())],
      `a file of ${PNG.type === 'data' ? PNG.byteLength : 0} bytes; the model takes 10`,
    ],
    ['azure', { maxMediaBytes: 10_000 }, [user(image())], null],
    ['azure', { maxMediaBytes: 1 }, [user(image(url('https://e.com/a.png')))], null],
    [
      'azure',
      {},
      [user(audio(FLAC))],
      'audio/flac; the model takes audio/wav, audio/mpeg · media: {audio: {format: keep}} converts it',
    ],
    ['azure', { audioEncoding: 'audio_url' }, [user(audio(FLAC))], null],
    ['azure', { audioFormats: ['flac'] }, [user(audio(FLAC))], null],
    ['azure', { audioFormats: ['audio/x-wav'] }, [user(audio(WAV))], null],
    [
      'azure',
      { audioFormats: ['wav'] },
      [user(audio(MP3))],
      'audio/mpeg; the model takes wav · media: {audio: {format: keep}} converts it',
    ],
    ['azure', {}, [user(audio(url('https://e.com/a.mp3')))], null],
    [
      'azure',
      { audioEncoding: 'input_audio' },
      [user(audio(url('https://e.com/a.mp3')))],
      'audio by URL; remoteMedia: inline sends its bytes',
    ],
    ['azure', { audioEncoding: 'input_audio', remoteMedia: 'inline' }, [user(audio(url('https://e.com/a.mp3')))], null],
    [
      'azure',
      { endpoint: 'https://r.openai.azure.com/openai/v1' },
      [user(audio(url('https://e.com/a.mp3')))],
      'audio by URL; remoteMedia: inline sends its bytes',
    ],
    ['openai', {}, [user(audio(url('https://e.com/a.mp3')))], null],
    [
      'openai',
      { endpoint: 'https://api.openai.com/v1' },
      [user(audio(url('https://e.com/a.mp3')))],
      'audio by URL; remoteMedia: inline sends its bytes',
    ],
    ['anthropic', {}, [user(image())], null],
    ['anthropic', {}, [user(image(url('https://e.com/a.png')))], null],
    ['google', {}, [user(image(HEIC))], null],
    [
      'openai',
      {},
      [user(image(HEIC))],
      'image/heic; the model takes image/png, image/jpeg, image/webp, image/gif · media: {image: {}} converts it',
    ],
    ['google', { media: { image: { maxEdge: 9 } } }, [user(image(HEIC))], null],
    ['openai', { media: { image: {} } }, [user(image(TIFF))], null],
    [
      'google',
      {},
      [user(image(TIFF))],
      'image/tiff; the model takes image/png, image/jpeg, image/webp, image/heic, image/heif · media: {image: {}} converts it',
    ],
    [
      'anthropic',
      {},
      [user(image(BMP))],
      'image/bmp; the model takes image/jpeg, image/png, image/gif, image/webp · media: {image: {}} converts it',
    ],
    ['anthropic', {}, [user(audio())], 'audio; the model takes text, image, document'],
    [
      'anthropic',
      { modalities: ['text', 'image', 'audio'] },
      [user(audio())],
      'audio; the protocol takes text, image, document',
    ],
    ['google', {}, [user(image(), audio(FLAC))], null],
    ['google', {}, [user(image(url('https://e.com/a.png')))], 'image by URL; remoteMedia: inline sends its bytes'],
    ['google', { remoteMedia: 'inline' }, [user(image(url('https://e.com/a.png')))], null],
    ['local', {}, [user(image(url('https://e.com/a.png')))], 'image by URL; remoteMedia: inline sends its bytes'],
  ];

  test.each(cases)('%s with %j: case %#', (provider, more, messages, expected) => {
    expect(reason(provider, more, messages)).toBe(expected);
  });

  test('a client reports the same as unsupported and sends nothing', async () => {
    await using endpoint = await startEndpoint();
    const model = testModel('openai', { endpoint: `${endpoint.url}/v1`, modalities: ['text'] });

    const failure = await failureOf(ask(model, [user(image())]));

    expect([failure.kind, failure.message]).toEqual(['unsupported', 'm1 cannot take image; the model takes text']);
    expect(endpoint.requests).toEqual([]);
  });

  test('a client reports bytes as unsupported whose size or type is known only after loading', async () => {
    await using endpoint = await startEndpoint();
    const inline = { endpoint: `${endpoint.url}/v1`, remoteMedia: 'inline' } as const;
    const remote = [user(image(url('https://e.com/a.png')))];

    const large = await failureOf(ask(testModel('openai', { ...inline, maxMediaBytes: 5 }), remote));
    const wrong = await failureOf(
      ask(testModel('google', { ...inline, endpoint: endpoint.url }), [user(audio(url('https://e.com/a.mp3')))]),
    );

    expect(large.message).toMatch(/^m1 cannot take a file of \d+ bytes; the model takes 5$/);
    expect(wrong.message).toMatch(/^m1 cannot take image\/png; the model takes audio\/wav/);
    expect(endpoint.requests).toEqual([]);
  });

  test('the size and type that count are those on the wire: of an image that is made smaller they come later', async () => {
    await using endpoint = await startEndpoint();
    const model = testModel('openai', {
      endpoint: `${endpoint.url}/v1`,
      maxMediaBytes: 10,
      media: { image: { maxEdge: 512 } },
    });

    expect(unsupported(model, PROVIDERS.openai.mediaSupport(model), [user(image())])).toBeNull();
    expect((await failureOf(ask(model, [user(image())]))).message).toMatch(/^m1 cannot take a file of \d+ bytes/);
    expect(endpoint.requests).toEqual([]);
  });
});

describe('images of earlier turns', () => {
  test.each(['all', 'error', undefined] as const)('stay with %s', (imageHistory) => {
    expect(applyImageHistory(twoTurns, imageHistory)).toBe(twoTurns);
  });

  test('are left out with last, and their words stay', () => {
    expect(applyImageHistory(twoTurns, 'last')).toEqual([user(text('a')), assistant('b'), user(text('c'), image())]);
  });

  test('leave an empty text where they were the only part', () => {
    expect(applyImageHistory([user(image()), assistant('b'), user(image())], 'last')).toEqual([
      user(text('')),
      assistant('b'),
      user(image()),
    ]);
  });

  test('stay with last when no later turn brings another', () => {
    const history = [user(image()), assistant('b'), user(text('c'))];

    expect(applyImageHistory(history, 'last')).toEqual(history);
  });

  test('are not sent with last', async () => {
    await using endpoint = await startEndpoint();

    await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, imageHistory: 'last', maxImages: 1 }), twoTurns);

    expect(endpoint.requests[0]?.body.match(/image_url"/g)).toHaveLength(2);
    expect(endpoint.requests[0]?.json).toMatchObject({ messages: [{ role: 'user', content: 'a' }, {}, {}] });
  });
});

test.each([
  ['image/jpg', 'image/jpeg'],
  ['IMAGE/PNG', 'image/png'],
  ['audio/x-wav', 'audio/wav'],
  ['audio/mp3', 'audio/mpeg'],
  ['mp3', 'audio/mpeg'],
  ['WAV', 'audio/wav'],
  ['audio/opus', 'audio/opus'],
])('the registered name of %s is %s', (name, expected) => {
  expect(registeredType(name)).toBe(expected);
});
