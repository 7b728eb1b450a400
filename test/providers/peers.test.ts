/** The same request through the vendors' own clients: what both can say is said alike. */

import createInferenceClient from '@azure-rest/ai-inference';
import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import type { Message, ModelConfig } from '../../src/types.ts';
import {
  ask,
  assistant,
  audio,
  dataMedia,
  document,
  image,
  KEY,
  MP3,
  PNG,
  REQUEST_ID,
  system,
  testModel,
  text,
  url,
  user,
} from '../helpers/ask.ts';
import { type CapturedRequest, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

const DATA_URL = `data:image/png;base64,${PNG.base64}`;

interface Shape {
  readonly name: string;
  readonly messages: readonly Message[];
  readonly params?: ModelConfig['params'];
  /** The same in the words of the wire, as a user of the clients writes it. */
  readonly body: { readonly messages: readonly unknown[] } & Readonly<Record<string, unknown>>;
}

const both: readonly Shape[] = [
  {
    name: 'text with a system message and settings',
    messages: [system('be brief'), user(text('Größe? 🦊 "quoted" \\ \u2028'))],
    params: { temperature: 0, topP: 1, maxTokens: 2048, stop: ['END'], seed: 7 },
    body: {
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'Größe? 🦊 "quoted" \\ \u2028' },
      ],
      temperature: 0,
      top_p: 1,
      max_tokens: 2048,
      stop: ['END'],
      seed: 7,
    },
  },
  {
    name: 'an image as a data URL and one by URL',
    messages: [user(text('a'), image(), image(url('https://example.com/a.jpg')))],
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: DATA_URL } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.jpg' } },
          ],
        },
      ],
    },
  },
  {
    name: 'a clip',
    messages: [user(text('a'), audio(MP3))],
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'input_audio', input_audio: { data: MP3.base64, format: 'mp3' } },
          ],
        },
      ],
    },
  },
  {
    name: 'a history and an answer in JSON',
    messages: [user(text('a'), image()), assistant('b'), user(text('c'))],
    params: { responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image_url', image_url: { url: DATA_URL } },
          ],
        },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
    },
  },
];

/** A PDF, as far as its bytes matter here. */
const PDF = dataMedia(Buffer.from('%PDF-1.4\n%%EOF\n'), 'application/pdf');
const PDF_URL = `data:application/pdf;base64,${PDF.base64}`;

/** Shapes that only the current protocols of OpenAI have. */
const ofOpenAi: readonly Shape[] = [
  {
    name: 'a document',
    messages: [user(text('a'), document(PDF))],
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'file', file: { filename: 'document.pdf', file_data: PDF_URL } },
          ],
        },
      ],
    },
  },
  {
    name: 'a spoken answer',
    messages: [user(text('a'))],
    params: { voice: 'alloy' },
    body: {
      messages: [{ role: 'user', content: 'a' }],
      modalities: ['text', 'audio'],
      audio: { voice: 'alloy', format: 'wav' },
    },
  },
];

/** What must be alike: target, authorisation and body. */
function essence(request: CapturedRequest | undefined) {
  const { authorization, 'api-key': apiKey, 'content-type': type, 'extra-parameters': extra } = request?.headers ?? {};
  return { method: request?.method, url: request?.url, authorization, apiKey, type, extra, json: request?.json };
}

async function ours(
  endpoint: Endpoint,
  provider: 'azure' | 'openai',
  path: string,
  { messages, params }: Shape,
  more = {},
) {
  const model = testModel(provider, { endpoint: `${endpoint.url}${path}`, params: params ?? {}, ...more });
  return await ask(model, messages);
}

describe('like the client of OpenAI', () => {
  test.each([...both, ...ofOpenAi])('$name', async (shape) => {
    await using endpoint = await startEndpoint();
    const client = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: KEY, maxRetries: 0 });

    const theirs = await client.chat.completions.create({ model: 'test-model', ...shape.body } as never);
    const mine = await ours(endpoint, 'openai', '/v1', shape);

    const [first, second] = endpoint.requests;
    expect(essence(second)).toEqual(essence(first));
    expect(mine.text).toBe((theirs as OpenAI.ChatCompletion).choices[0]?.message.content);
  });

  test('streams alike', async () => {
    const chunks = [
      { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'Pa' } }] },
      { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'ris' }, finish_reason: 'stop' }] },
      { id: 'c', model: 'm', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
    ];
    const body = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
      .map((data) => `data: ${data}\n\n`)
      .join('');
    await using endpoint = await startEndpoint({ headers: { 'content-type': 'text/event-stream' }, body });
    const client = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: KEY, maxRetries: 0 });

    const stream = await client.chat.completions.create({
      model: 'test-model',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    let theirs = '';
    for await (const chunk of stream) theirs += chunk.choices[0]?.delta.content ?? '';
    const mine = await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }));

    expect(essence(endpoint.requests[1])).toEqual(essence(endpoint.requests[0]));
    expect(mine).toMatchObject({ text: theirs, usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 } });
  });
});

const answered: readonly Shape[] = [
  {
    name: 'text with instructions and settings',
    messages: [system('be brief'), user(text('Größe? 🦊 "quoted" \\ \u2028'))],
    params: { temperature: 0, topP: 1, maxTokens: 2048 },
    body: {
      instructions: 'be brief',
      messages: [{ role: 'user', content: 'Größe? 🦊 "quoted" \\ \u2028' }],
      temperature: 0,
      top_p: 1,
      max_output_tokens: 2048,
    },
  },
  {
    name: 'an image as a data URL and one by URL, and an answer in JSON',
    messages: [user(text('a'), image(), image(url('https://example.com/a.jpg'))), assistant('b'), user(text('c'))],
    params: { responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_image', image_url: DATA_URL },
            { type: 'input_image', image_url: 'https://example.com/a.jpg' },
          ],
        },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
      ],
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
    },
  },
];

const more: readonly Shape[] = [
  {
    name: 'a document as bytes and one by URL, and an effort of reasoning',
    messages: [user(text('a'), document(PDF), document(url('https://example.com/a.pdf')))],
    params: { reasoningEffort: 'low', maxTokens: 900 },
    body: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_file', filename: 'document.pdf', file_data: PDF_URL },
            { type: 'input_file', file_url: 'https://example.com/a.pdf' },
          ],
        },
      ],
      reasoning: { effort: 'low' },
      max_output_tokens: 900,
    },
  },
];

/** An answer of the Responses API. */
const RESPONSE = {
  ...{ id: 'resp_1', object: 'response', status: 'completed', model: 'served' },
  output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Paris', annotations: [] }] }],
  usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
};

describe('like the client of OpenAI, by the Responses API', () => {
  test.each([...answered, ...more])('$name', async (shape) => {
    await using endpoint = await startEndpoint({ json: RESPONSE });
    const client = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: KEY, maxRetries: 0 });
    const { messages: input, ...rest } = shape.body;

    const theirs = await client.responses.create({ model: 'test-model', input, ...rest, store: false } as never);
    const mine = await ours(endpoint, 'openai', '/v1', shape, { api: 'responses' });

    const [first, second] = endpoint.requests;
    expect(essence(second)).toEqual(essence(first));
    expect(mine.text).toBe((theirs as OpenAI.Responses.Response).output_text);
  });

  test('streams alike', async () => {
    const events = [
      { type: 'response.created', response: { ...RESPONSE, status: 'in_progress', output: [] } },
      { type: 'response.output_text.delta', delta: 'Pa' },
      { type: 'response.output_text.delta', delta: 'ris' },
      { type: 'response.completed', response: RESPONSE },
    ];
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
    await using endpoint = await startEndpoint({ headers: { 'content-type': 'text/event-stream' }, body });
    const client = new OpenAI({ baseURL: `${endpoint.url}/v1`, apiKey: KEY, maxRetries: 0 });

    const input = [{ role: 'user' as const, content: 'hi' }];
    const stream = await client.responses.create({ model: 'test-model', input, stream: true, store: false });
    let theirs = '';
    for await (const event of stream) if (event.type === 'response.output_text.delta') theirs += event.delta;
    const mine = await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, api: 'responses', stream: true }));

    expect(essence(endpoint.requests[1])).toEqual(essence(endpoint.requests[0]));
    expect(mine).toMatchObject({ text: theirs, usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 } });
  });
});

test.each(both)('like the client of OpenAI for Azure: $name', async (shape) => {
  await using endpoint = await startEndpoint();
  const client = new AzureOpenAI({
    endpoint: endpoint.url,
    apiKey: KEY,
    apiVersion: '2024-10-21',
    deployment: 'dep',
    maxRetries: 0,
  });

  await client.chat.completions.create({ model: 'test-model', ...shape.body } as never);
  await ours(endpoint, 'azure', '/openai/deployments/dep', shape);

  const [first, second] = endpoint.requests;
  expect(essence(second)).toEqual(essence(first));
});

describe('like the client of Azure AI Inference', () => {
  test.each(both)('$name', async (shape) => {
    await using endpoint = await startEndpoint();
    const client = createInferenceClient(`${endpoint.url}/models`, { key: KEY }, { allowInsecureConnection: true });

    const theirs = await client
      .path('/chat/completions')
      .post({ body: { model: 'test-model', ...shape.body } as never });
    const mine = await ours(endpoint, 'azure', '/models', shape);

    const [first, second] = endpoint.requests;
    expect(essence(second)).toEqual(essence(first));
    expect([theirs.status, mine.finishReason]).toEqual(['200', 'stop']);
  });

  test('a clip by URL', async () => {
    await using endpoint = await startEndpoint();
    const client = createInferenceClient(`${endpoint.url}/models`, { key: KEY }, { allowInsecureConnection: true });
    const content = [{ type: 'audio_url', audio_url: { url: 'https://example.com/a.mp3' } }];

    await client
      .path('/chat/completions')
      .post({ body: { model: 'test-model', messages: [{ role: 'user', content }] } as never });
    await ask(testModel('azure', { endpoint: `${endpoint.url}/models` }), [
      user(audio(url('https://example.com/a.mp3'))),
    ]);

    const [first, second] = endpoint.requests;
    expect(essence(second)).toEqual(essence(first));
  });

  test('an id of the request that stays over retries', async () => {
    await using endpoint = await startEndpoint([
      { status: 429, headers: { 'retry-after-ms': '1' }, json: { error: { message: 'slow' } } },
    ]);
    const client = createInferenceClient(`${endpoint.url}/models`, { key: KEY }, { allowInsecureConnection: true });

    await client.path('/chat/completions').post({ body: { messages: [{ role: 'user', content: 'hi' }] } });
    const model = testModel('azure', { endpoint: `${endpoint.url}/models` });
    await ask(model);
    await ask(model);

    const ids = endpoint.requests.map(({ headers }) => headers['x-ms-client-request-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(ids.slice(2)).toEqual([REQUEST_ID, REQUEST_ID]);
  });
});
