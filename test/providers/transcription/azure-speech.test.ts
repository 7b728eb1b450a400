/** Fast transcription of Azure Speech, as Microsoft documents it. */

import { expect, test } from 'vitest';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import type { GenerateParams, ModelConfig } from '../../../src/types.ts';
import { ask, audio, ENV, failureOf, KEY, testModel, text, url, user, WAV } from '../../helpers/ask.ts';
import { type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

const REPLY = {
  json: {
    durationMilliseconds: 5640,
    combinedPhrases: [{ text: 'Good afternoon.' }],
    phrases: [{ offsetMilliseconds: 40, durationMilliseconds: 240, text: 'Good afternoon.', locale: 'en-US' }],
  },
};

const modelAt = (endpoint: Endpoint, more: Partial<ModelConfig> = {}) =>
  testModel('transcription', {
    dialect: 'azure-speech',
    endpoint: endpoint.url,
    model: 'fast-transcription',
    ...more,
  });

async function sent(more: Partial<ModelConfig>, params: GenerateParams = {}, clip = audio()) {
  await using endpoint = await startEndpoint(REPLY);
  const completion = await ask(modelAt(endpoint, more), [user(text('Transcribe.'), clip)], { params });
  const [request] = endpoint.requests;
  const form = await new Response(new Uint8Array(request?.bytes ?? []), {
    headers: { 'content-type': request?.headers['content-type'] ?? '' },
  }).formData();
  return { completion, request, form, definition: JSON.parse(String(form.get('definition'))) };
}

test('sends the definition and the clip byte for byte, with the key in its header', async () => {
  const { request, completion } = await sent({}, { language: 'en-US' });

  const [, boundary = ''] = /boundary=(.+)$/.exec(request?.headers['content-type'] ?? '') ?? [];
  const expected = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="definition"\r\n\r\n{"locales":["en-US"]}\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="audio"; filename="clip.wav"\r\nContent-Type: audio/wav\r\n\r\n`,
    ),
    Buffer.from(WAV.base64, 'base64'),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  expect(request?.bytes).toEqual(expected);
  expect(request?.url).toBe('/speechtotext/transcriptions:transcribe?api-version=2025-10-15');
  expect(request?.headers['ocp-apim-subscription-key']).toBe(KEY);
  expect([completion.text, completion.usage?.audioSeconds]).toEqual(['Good afternoon.', 5.64]);
});

test.each([
  ['fast-transcription', {}, {}, {}],
  ['llm-speech', {}, {}, { enhancedMode: { enabled: true, task: 'transcribe' } }],
  [
    'MAI-Transcribe-2',
    { sendPrompt: true },
    {},
    { enhancedMode: { enabled: true, task: 'transcribe', model: 'MAI-Transcribe-2', prompt: ['Transcribe.'] } },
  ],
  [
    'MAI-Transcribe-2',
    { extraBody: { diarization: { enabled: true, maxSpeakers: 2 } } },
    { prompt: 'ABB' },
    {
      enhancedMode: { enabled: true, task: 'transcribe', model: 'MAI-Transcribe-2', prompt: ['ABB'] },
      diarization: { enabled: true, maxSpeakers: 2 },
    },
  ],
] as const)('asks for %s', async (model, more: Partial<ModelConfig>, params, definition) => {
  expect((await sent({ model, ...more }, params)).definition).toEqual(definition);
});

test('passes a clip behind a URL on', async () => {
  const { form, definition } = await sent({}, {}, audio(url('https://media.example/a.wav')));

  expect([form.has('audio'), definition]).toEqual([false, { audioUrl: 'https://media.example/a.wav' }]);
});

test.each([
  [
    'several channels',
    {
      combinedPhrases: [
        { channel: 0, text: 'a' },
        { channel: 1, text: 'b' },
      ],
    },
    'a\nb',
    null,
  ],
  ['silence', { durationMilliseconds: 9_000_000, combinedPhrases: [] }, '', 9000],
])('reads %s', async (_, json, expected, seconds) => {
  await using endpoint = await startEndpoint({ json });

  const completion = await ask(modelAt(endpoint), [user(audio())]);

  expect([completion.text, completion.usage?.audioSeconds]).toEqual([expected, seconds]);
});

test.each([
  [200, { phrases: [] }, 'invalid_response'],
  [200, { combinedPhrases: [{ text: null }] }, 'invalid_response'],
  [400, { code: 'InvalidRequest', message: 'bad', innerError: { code: 'InvalidLocale' } }, 'bad_request'],
  [401, { error: { code: '401', message: 'Access denied due to invalid subscription key.' } }, 'auth'],
  [429, { error: { code: '429', message: 'Too many requests' } }, 'rate_limit'],
  [503, {}, 'server'],
] as const)('reads status %i and %j as a failure', async (status, json, kind) => {
  await using endpoint = await startEndpoint({ status, json });

  expect((await failureOf(ask(modelAt(endpoint), [user(audio())]))).kind).toBe(kind);
});

test('rejects a prompt for the model without one, streaming, and a missing endpoint', () => {
  const { problems } = PROVIDERS.transcription;
  const model = testModel('transcription', { dialect: 'azure-speech', model: 'fast-transcription' });
  const at = { ...model, endpoint: 'https://r.cognitiveservices.azure.com', sendPrompt: true, stream: true };

  expect(problems(at, ENV).map(({ message }) => message)).toEqual([
    'm1: fast-transcription takes no prompt',
    'm1: dialect azure-speech does not stream',
  ]);
  expect(problems(model, ENV).map(({ message }) => message)).toEqual(['m1: dialect azure-speech needs an endpoint']);
});

test('asks for tokens of cognitive services', () => {
  const endpoint = 'https://r.cognitiveservices.azure.com';
  const model = testModel('transcription', { dialect: 'azure-speech', endpoint, auth: { type: 'entra' } });

  expect(PROVIDERS.transcription.auth(model)).toEqual({
    type: 'entra',
    scope: 'https://cognitiveservices.azure.com/.default',
  });
});
