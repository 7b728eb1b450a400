/** The dialects with the form of OpenAI, against the requests of OpenAI's own client. */

import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import type { GenerateParams, ModelConfig } from '../../../src/types.ts';
import {
  ask,
  audio,
  dataMedia,
  ENV,
  failureOf,
  image,
  KEY,
  system,
  testModel,
  text,
  user,
  WAV,
} from '../../helpers/ask.ts';
import { type CapturedRequest, type Endpoint, startEndpoint } from '../../helpers/endpoint.ts';

const REPLY = { json: { text: 'hello', usage: { type: 'duration', seconds: 3 } } };
const CLIP = Buffer.from(WAV.base64, 'base64');

const modelAt = (endpoint: Endpoint, more: Partial<ModelConfig> = {}) =>
  testModel('transcription', { endpoint: `${endpoint.url}/v1`, model: 'whisper-1', ...more });

/** The fields of a form in order, files with their type and bytes. */
async function formOf({ bytes, headers }: CapturedRequest) {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : [name, value.name, value.type, Buffer.from(await value.arrayBuffer()).toString('hex')],
    ),
  );
}

const clipFile = () => new File([CLIP], 'clip.wav', { type: 'audio/wav' });

describe.each([
  ['nothing but the clip', {}, {}],
  [
    'all settings',
    { language: 'en', prompt: 'Zürich, “ABB”\nsecond line', temperature: 0, transcriptFormat: 'verbose_json' },
    { language: 'en', prompt: 'Zürich, “ABB”\nsecond line', response_format: 'verbose_json', temperature: 0 },
  ],
  ['a strategy by name', { chunkingStrategy: 'auto' }, { chunking_strategy: 'auto' }],
  [
    'a strategy with members',
    { chunkingStrategy: { type: 'server_vad', threshold: 0.5 } },
    { chunking_strategy: { type: 'server_vad', threshold: 0.5 } },
  ],
] as const)('%s', (_, params: GenerateParams, theirs: object) => {
  test('is the same form as that of the openai client', async () => {
    await using endpoint = await startEndpoint(REPLY);
    const client = new OpenAI({ apiKey: KEY, baseURL: `${endpoint.url}/v1`, maxRetries: 0 });

    await ask(modelAt(endpoint), [user(audio())], { params });
    await client.audio.transcriptions.create({ file: clipFile(), model: 'whisper-1', ...theirs });

    const [ours, reference] = endpoint.requests;
    expect(ours?.url).toBe(reference?.url);
    expect(ours?.headers.authorization).toBe(reference?.headers.authorization);
    expect(await formOf(ours as CapturedRequest)).toEqual(await formOf(reference as CapturedRequest));
  });
});

test('sends the same bytes for the same request, with the length of the body', async () => {
  await using endpoint = await startEndpoint(REPLY);

  await ask(modelAt(endpoint), [user(audio())]);
  await ask(modelAt(endpoint), [user(audio())]);

  const [first, second] = endpoint.requests;
  expect(first?.bytes).toEqual(second?.bytes);
  expect(first?.headers['content-length']).toBe(String(first?.bytes.length));
});

test('calls the route of deployments as the AzureOpenAI client does', async () => {
  await using endpoint = await startEndpoint(REPLY);
  const client = new AzureOpenAI({
    apiKey: KEY,
    endpoint: endpoint.url,
    apiVersion: '2025-03-01-preview',
    maxRetries: 0,
  });

  const more = { dialect: 'azure', endpoint: endpoint.url, apiVersion: '2025-03-01-preview' };
  await ask(modelAt(endpoint, more), [user(audio())]);
  await client.audio.transcriptions.create({ file: clipFile(), model: 'whisper-1' });

  const [ours, reference] = endpoint.requests;
  expect([ours?.url, ours?.headers['api-key']]).toEqual([reference?.url, KEY]);
  expect(await formOf(ours as CapturedRequest)).toEqual(await formOf(reference as CapturedRequest));
});

test('sends lists and objects of extraBody as the openai client does', async () => {
  await using endpoint = await startEndpoint(REPLY);
  const client = new OpenAI({ apiKey: KEY, baseURL: `${endpoint.url}/v1`, maxRetries: 0 });

  await ask(modelAt(endpoint, { extraBody: { timestamp_granularities: ['word', 'segment'] } }), [user(audio())]);
  await client.audio.transcriptions.create({
    file: clipFile(),
    model: 'whisper-1',
    timestamp_granularities: ['word', 'segment'],
  });

  const [ours, reference] = endpoint.requests;
  expect(await formOf(ours as CapturedRequest)).toEqual(await formOf(reference as CapturedRequest));
});

test('sends the text of a sample only with sendPrompt, and never the system message', async () => {
  await using endpoint = await startEndpoint(REPLY);
  const messages = [system('be brief'), user(text('Transcribe.'), audio())];

  await ask(modelAt(endpoint), messages);
  await ask(modelAt(endpoint, { sendPrompt: true }), messages);

  const [without, withPrompt] = await Promise.all(endpoint.requests.map(formOf));
  expect(without?.map(([name]) => name)).toEqual(['file', 'model']);
  expect(withPrompt?.at(-1)).toEqual(['prompt', 'Transcribe.']);
});

test('asks a diarizing model for chunks, because it requires that of long clips', async () => {
  await using endpoint = await startEndpoint(REPLY);

  await ask(modelAt(endpoint, { model: 'gpt-4o-transcribe-diarize' }), [user(audio())]);

  expect(await formOf(endpoint.requests[0] as CapturedRequest)).toContainEqual(['chunking_strategy', 'auto']);
});

test.each([
  ['a sample without a clip', [user(text('hi'))]],
  ['2 clips', [user(audio(), audio(dataMedia(Buffer.from('RIFF'), 'audio/wav')))]],
  ['a conversation', [user(audio()), user(text('and now?'))]],
  ['image', [user(image(), audio())]],
])('does not send %s', async (reason, messages) => {
  await using endpoint = await startEndpoint(REPLY);

  const failure = await failureOf(ask(modelAt(endpoint), messages));

  expect([failure.kind, endpoint.requests.length]).toEqual(['unsupported', 0]);
  expect(failure.message).toContain(reason);
});

test('does not send a clip above the limit, unless the model is said to take it', async () => {
  await using endpoint = await startEndpoint(REPLY);
  const large = { ...WAV, byteLength: 25 * 2 ** 20 + 1 };

  const failure = await failureOf(ask(modelAt(endpoint), [user(audio(large))]));

  expect([failure.kind, failure.message]).toEqual([
    'unsupported',
    'm1 cannot take a file of 26214401 bytes; the model takes 26214400',
  ]);
  const completion = await ask(modelAt(endpoint, { maxMediaBytes: 1e9 }), [user(audio(large))]);
  expect(completion.text).toBe('hello');
});

test('reads a streamed transcript with the time of its first piece', async () => {
  const events = [
    { type: 'transcript.text.delta', delta: 'Hel' },
    { type: 'transcript.text.delta', delta: 'lo' },
    { type: 'transcript.text.done', text: 'Hello', usage: { type: 'tokens', input_tokens: 9, output_tokens: 2 } },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  await using endpoint = await startEndpoint({ headers: { 'content-type': 'text/event-stream' }, chunks: events });
  let first = 0;

  const completion = await ask(modelAt(endpoint, { stream: true }), [user(audio())], {
    onFirstToken: () => {
      first += 1;
    },
  });

  expect(await formOf(endpoint.requests[0] as CapturedRequest)).toContainEqual(['stream', 'true']);
  expect([completion.text, completion.usage?.promptTokens, first]).toEqual(['Hello', 9, 1]);
});

test.each([
  ['an empty transcript', { text: '', usage: { type: 'tokens', input_tokens: 5, output_tokens: 0 } }, ''],
  ['a diarized one', { text: 'A B', segments: [{ speaker: 'A', text: 'A' }] }, 'A B'],
])('reads %s as an answer', async (_, json, expected) => {
  await using endpoint = await startEndpoint({ json });

  expect((await ask(modelAt(endpoint), [user(audio())])).text).toBe(expected);
});

test.each([
  ['no text', { usage: {} }, 'invalid_response'],
  ['a text that is none', { text: 7 }, 'invalid_response'],
  ['an error in a successful reply', { error: { message: 'slow down', code: 429 } }, 'rate_limit'],
])('reads %s as a failure', async (_, json, kind) => {
  await using endpoint = await startEndpoint({ json });

  expect((await failureOf(ask(modelAt(endpoint), [user(audio())]))).kind).toBe(kind);
});

test('says which settings are not sent, and rejects those that contradict each other', () => {
  const provider = PROVIDERS.transcription;
  const model = testModel('transcription', {
    system: 'be brief',
    template: '{{prompt}}!',
    params: { maxTokens: 5, prompt: 'Zürich' },
  });

  expect(provider.notes(model)).toEqual([
    'm1: maxTokens is not sent: dialect openai of transcription has no such setting',
    'm1: the system message is not sent: a transcription has no place for it',
    'm1: template is not sent: a prompt is sent only with sendPrompt: true',
  ]);
  const wrong = { ...model, sendPrompt: true, apiVersion: '2025-03-01-preview', extraBody: { file: 'x' } };
  expect(provider.problems(wrong, ENV).map(({ message }) => message)).toEqual([
    'm1: dialect openai takes no apiVersion',
    'm1: sendPrompt and params.prompt are two prompts',
    'm1: extraBody must not hold "file"',
  ]);
});

test('says of other providers that they do not send the settings of a transcription', () => {
  const model = testModel('openai', { dialect: 'azure', sendPrompt: true, params: { language: 'en', prompt: 'x' } });

  expect(PROVIDERS.openai.notes(model)).toEqual([
    'm1: language is not sent: only provider transcription sends it',
    'm1: prompt is not sent: only provider transcription sends it',
    'm1: dialect is not sent: only provider transcription has dialects',
    'm1: sendPrompt is not sent: only provider transcription has it',
  ]);
});

test.each(['https://h.example/v1/chat/completions', 'https://h.example/v1/responses'])('rejects %s', (endpoint) => {
  const problems = PROVIDERS.transcription.problems(testModel('transcription', { endpoint }), ENV);

  expect(problems.map(({ message }) => message)).toEqual([
    `m1: ${new URL(endpoint).pathname} is not a transcription route`,
  ]);
});

test('says of models that answer in text only that they are not asked for a voice', () => {
  const notesOf = (provider: 'openai' | 'google' | 'anthropic', more: Partial<ModelConfig> = {}) =>
    PROVIDERS[provider].notes(testModel(provider, { params: { voice: 'alloy' }, ...more }));

  const note = 'm1: voice is not sent: only chat completions of openai and azure speak';
  expect([notesOf('openai'), notesOf('google'), notesOf('openai', { api: 'responses' })]).toEqual([[], [note], [note]]);
});
