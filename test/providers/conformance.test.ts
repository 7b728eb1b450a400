/** What is sent, against the vendors' own schemas. */

import { describe, expect, test } from 'vitest';
import type { GenerateParams, Message, ModelConfig } from '../../src/types.ts';
import { ask, assistant, audio, image, MP3, system, testModel, text, url, user } from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { type BodyCheck, bodyCheck, HAS_SPECS } from '../helpers/openapi.ts';

const lacking = HAS_SPECS ? '' : ' (skipped: the folder ../shared/specs is not here)';

/** The part is written wrong in the schema: it demands `format` beside `type` and has no `input_audio`. */
function correctInputAudio(schemas: Record<string, Record<string, unknown>>): void {
  schemas['ChatMessageInputAudioContentItem'] = {
    type: 'object',
    required: ['type', 'input_audio'],
    properties: {
      type: { enum: ['input_audio'] },
      input_audio: {
        type: 'object',
        required: ['data', 'format'],
        properties: { data: { type: 'string' }, format: { type: 'string' } },
      },
    },
  };
}

interface Dialect {
  readonly name: string;
  readonly file: string;
  readonly schema: string;
  readonly correct?: typeof correctInputAudio;
  /** The model whose requests are checked, at an endpoint. */
  readonly model: (endpoint: string, more: Partial<ModelConfig>) => ModelConfig;
  readonly audioUrl: boolean;
}

const dialects: readonly Dialect[] = [
  {
    name: 'Azure AI Model Inference',
    file: 'slim-ami.json',
    schema: 'ChatCompletionsOptions',
    correct: correctInputAudio,
    model: (endpoint, more) => testModel('azure', { endpoint: `${endpoint}/models`, ...more }),
    audioUrl: true,
  },
  {
    name: 'Azure OpenAI',
    file: 'slim-aoai.json',
    schema: 'createChatCompletionRequest',
    model: (endpoint, more) => testModel('azure', { endpoint: `${endpoint}/openai/deployments/d`, ...more }),
    audioUrl: false,
  },
  {
    name: 'Foundry v1',
    file: 'slim-v1.json',
    schema: 'AzureCreateChatCompletionRequest',
    model: (endpoint, more) => testModel('azure', { endpoint: `${endpoint}/openai/v1`, ...more }),
    audioUrl: false,
  },
  {
    name: 'OpenAI',
    file: 'slim-openai.json',
    schema: 'CreateChatCompletionRequest',
    model: (endpoint, more) => testModel('openai', { endpoint: `${endpoint}/v1`, ...more }),
    audioUrl: false,
  },
];

const checkOf = ({ file, schema, correct }: Dialect): BodyCheck => bodyCheck(file, schema, correct);

type Shape = [name: string, messages: readonly Message[], more?: Partial<ModelConfig>];

const everyParam: GenerateParams = {
  temperature: 0.5,
  topP: 0.9,
  maxTokens: 100,
  seed: 7,
  stop: ['END'],
  frequencyPenalty: 0.5,
  presencePenalty: -0.5,
  responseFormat: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: true },
};

const shapes: readonly Shape[] = [
  ['text', [user(text('a'))]],
  ['a system message', [system('s'), user(text('a'))]],
  ['an image', [user(text('a'), image())]],
  ['an image by URL', [user(text('a'), image(url('https://example.com/a.jpg')))]],
  ['an image with its detail', [user(text('a'), image())], { detail: 'high' }],
  ['several images', [user(image(), text('a'), image())]],
  ['a WAV clip', [user(text('a'), audio())]],
  ['an MP3 clip', [user(text('a'), audio(MP3))]],
  ['images and clips', [user(audio(), image(), audio(MP3), text('a'))]],
  ['a history', [system('s'), user(text('a'), image()), assistant('b'), user(text('c'), image())]],
  ['every setting', [user(text('a'))], { params: everyParam }],
  ['JSON without a schema', [user(text('a'))], { params: { responseFormat: { type: 'json_object' } } }],
  ['a stream', [user(text('a'))], { stream: true }],
  [
    'a reasoning model',
    [system('s'), user(text('a'))],
    { reasoning: true, params: { maxTokens: 9, reasoningEffort: 'low' } },
  ],
  ['extra members', [user(text('a'))], { extraBody: { user: 'me' } }],
];

const clipsByUrl: readonly Shape[] = [
  ['a clip by URL', [user(text('a'), audio(url('https://example.com/a.mp3')))]],
  ['a clip as a data URL', [user(text('a'), audio(MP3))], { audioEncoding: 'audio_url' }],
];

async function sent(dialect: Dialect, messages: readonly Message[], more: Partial<ModelConfig> = {}): Promise<unknown> {
  await using endpoint = await startEndpoint();
  await ask(dialect.model(endpoint.url, more), messages);
  return endpoint.requests[0]?.json;
}

describe.skipIf(!HAS_SPECS).each(dialects)(`what is sent to $name fits its schema${lacking}`, (dialect) => {
  test.each([...shapes, ...(dialect.audioUrl ? clipsByUrl : [])])('%s', async (_name, messages, more) => {
    expect(checkOf(dialect)(await sent(dialect, messages, more))).toEqual([]);
  });
});

/** Shapes that were seen in samples and in the wild, and that no service takes. */
const wrong = [
  ['an image_url that is a text', { type: 'image_url', image_url: 'https://example.com/a.jpg' }],
  ['an image beside its type', { type: 'image_url', image: { url: 'https://example.com/a.jpg' } }],
  [
    'audio under the names of a client',
    { type: 'input_audio', input_audio: { audioData: 'QQ==', audioFormat: 'mp3' } },
  ],
  ['a format beside its type', { type: 'input_audio', format: 'mp3' }],
  ['a type that is none', { type: 'video', video: { url: 'https://example.com/a.mp4' } }],
] as const;

describe.skipIf(!HAS_SPECS).each(dialects)(`the schema of $name rejects${lacking}`, (dialect) => {
  test.each(wrong)('%s', (_name, part) => {
    const body = { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, part] }] };

    expect(checkOf(dialect)(body)).not.toEqual([]);
  });
});

describe.skipIf(!HAS_SPECS)(`the schema of Azure AI Model Inference rejects${lacking}`, () => {
  test.each([
    ['a system message of parts', { messages: [{ role: 'system', content: [{ type: 'text', text: 's' }] }] }],
    ['a temperature above 1', { messages: [{ role: 'user', content: 'a' }], temperature: 1.5 }],
    ['a stop that is no list', { messages: [{ role: 'user', content: 'a' }], stop: 'END' }],
  ])('%s', (_name, body) => {
    const check = bodyCheck('slim-ami.json', 'ChatCompletionsOptions', correctInputAudio);

    expect(check(body)).not.toEqual([]);
  });
});
