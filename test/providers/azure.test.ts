import { expect, test } from 'vitest';
import { type ModelConfig, NO_USAGE } from '../../src/types.ts';
import {
  ask,
  audio,
  failureOf,
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
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

const QUESTION = 'Which peculiar conclusion about LLMs and SLMs can be extracted from the following chart?';
const TRANSLATE = 'Please translate this audio snippet to spanish.';
const TRANSLATOR = 'You are an AI assistant for translating and transcribing audio clips.';

function phi(endpoint: Endpoint, more: Partial<ModelConfig> = {}): ModelConfig {
  return testModel('azure', { endpoint: `${endpoint.url}/models`, model: 'Phi-4-multimodal-instruct', ...more });
}

test.each(['/models', '/api/models'])(
  'calls chat completions below %s with the default version and the key',
  async (route) => {
    await using endpoint = await startEndpoint();

    await ask(phi(endpoint, { endpoint: `${endpoint.url}${route}` }));

    const [request] = endpoint.requests;
    expect(request?.url).toBe(`${route}/chat/completions?api-version=2024-05-01-preview`);
    expect(request?.headers).toMatchObject({
      'api-key': KEY,
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'x-ms-client-request-id': REQUEST_ID,
    });
  },
);

test('sends an Entra ID token alone, for the scope of the article', async () => {
  await using endpoint = await startEndpoint();
  const scopes: unknown[] = [];
  const credential = {
    getToken: async (scope: string | string[]) => {
      scopes.push(scope);
      return { token: 'token-1', expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };

  await ask(phi(endpoint, { auth: { type: 'entra' } }), [user(text('hi'))], { context: { credential } });

  expect(endpoint.requests[0]?.headers).toMatchObject({ authorization: 'Bearer token-1' });
  expect(endpoint.requests[0]?.headers['api-key']).toBeUndefined();
  expect(scopes).toEqual(['https://cognitiveservices.azure.com/.default']);
});

test('sends the article’s image request byte for byte', async () => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint, { params: { temperature: 0, topP: 1, maxTokens: 2048 } }), [user(text(QUESTION), image())]);

  expect(endpoint.requests[0]?.body).toBe(
    `{"model":"Phi-4-multimodal-instruct","messages":[{"role":"user","content":[{"type":"text","text":"${QUESTION}"},` +
      `{"type":"image_url","image_url":{"url":"data:image/png;base64,${PNG.base64}"}}]}],` +
      '"temperature":0,"top_p":1,"max_tokens":2048}',
  );
});

test('passes the URL of an image on', async () => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint), [user(text(QUESTION), image(url('https://example.com/chart.jpg')))]);

  expect(endpoint.requests[0]?.json).toEqual({
    model: 'Phi-4-multimodal-instruct',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: QUESTION },
          { type: 'image_url', image_url: { url: 'https://example.com/chart.jpg' } },
        ],
      },
    ],
  });
});

test.each([
  ['input_audio', `{"type":"input_audio","input_audio":{"data":"${MP3.base64}","format":"mp3"}}`],
  ['audio_url', `{"type":"audio_url","audio_url":{"url":"data:audio/mpeg;base64,${MP3.base64}"}}`],
] as const)('sends the article’s audio request byte for byte as %s', async (audioEncoding, part) => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint, { audioEncoding }), [system(TRANSLATOR), user(text(TRANSLATE), audio(MP3))]);

  expect(endpoint.requests[0]?.body).toBe(
    `{"model":"Phi-4-multimodal-instruct","messages":[{"role":"system","content":"${TRANSLATOR}"},` +
      `{"role":"user","content":[{"type":"text","text":"${TRANSLATE}"},${part}]}]}`,
  );
});

test('passes the URL of a clip on as audio_url', async () => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint), [user(text(TRANSLATE), audio(url('https://example.com/hello_how_are_you.mp3')))]);

  expect(endpoint.requests[0]?.body).toContain(
    '{"type":"audio_url","audio_url":{"url":"https://example.com/hello_how_are_you.mp3"}}',
  );
});

test('reads the article’s answer', async () => {
  await using endpoint = await startEndpoint({
    json: {
      id: '0a1234b5de6789f01gh2i345j6789klm',
      object: 'chat.completion',
      created: 1718726686,
      model: 'speech',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hola. ¿Cómo estás?', tool_calls: null },
          finish_reason: 'stop',
          logprobs: null,
        },
      ],
      usage: { prompt_tokens: 77, completion_tokens: 7, total_tokens: 84 },
    },
  });

  const completion = await ask(phi(endpoint));

  expect(completion).toEqual({
    text: 'Hola. ¿Cómo estás?',
    finishReason: 'stop',
    refused: false,
    usage: {
      ...NO_USAGE,
      promptTokens: 77,
      completionTokens: 7,
      totalTokens: 84,
      raw: { prompt_tokens: 77, completion_tokens: 7, total_tokens: 84 },
    },
    servedModel: 'speech',
    requestId: '0a1234b5de6789f01gh2i345j6789klm',
  });
});

test('pins the deployment of a managed endpoint', async () => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint, { deployment: 'blue' }));

  expect(endpoint.requests[0]?.headers['azureml-model-deployment']).toBe('blue');
});

test.each([
  [{ extraBody: { top_k: 5 } }, 'pass-through'],
  [{ stream: true }, 'pass-through'],
  [{ params: { reasoningEffort: 'low' } }, 'pass-through'],
  [{ params: { seed: 1, stop: ['x'], responseFormat: { type: 'json_object' } } }, undefined],
  [{ extraBody: { top_k: 5 }, headers: { 'Extra-Parameters': 'drop' } }, 'drop'],
] as const)('with %j the header extra-parameters is %s', async (more, expected) => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint, more));

  expect(endpoint.requests[0]?.headers['extra-parameters']).toBe(expected);
});

test('rejects a temperature above 1 on the Model Inference route before sending', async () => {
  await using endpoint = await startEndpoint();

  const failure = await failureOf(ask(phi(endpoint), [user(text('hi'))], { params: { temperature: 1.5 } }));

  expect(failure.kind).toBe('unsupported');
  expect(failure.message).toBe('m1: temperature 1.5 is outside the range 0 to 1 of this route');
  expect(endpoint.requests).toEqual([]);
});

test('sends a temperature above 1 to a deployment of Azure OpenAI', async () => {
  await using endpoint = await startEndpoint();

  await ask(phi(endpoint, { endpoint: `${endpoint.url}/openai/deployments/gpt`, params: { temperature: 1.5 } }));

  expect(endpoint.requests[0]?.json).toMatchObject({ temperature: 1.5 });
  expect(endpoint.requests[0]?.headers['authorization']).toBeUndefined();
});
