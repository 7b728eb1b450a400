import { describe, expect, test } from 'vitest';
import { azure } from '../../src/providers/azure.ts';
import { openai } from '../../src/providers/openai.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { readResponsesReply, responsesFold } from '../../src/providers/responses-reply.ts';
import type { FailureKind } from '../../src/result.ts';
import type { ModelConfig } from '../../src/types.ts';
import {
  ask,
  assistant,
  audio,
  dataMedia,
  ENV,
  failureOf,
  image,
  PNG,
  REQUEST_ID,
  system,
  testModel,
  text,
  url,
  user,
} from '../helpers/ask.ts';
import { type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';

const at = (endpoint: Endpoint, more: Partial<ModelConfig> = {}) =>
  testModel('openai', { endpoint: `${endpoint.url}/v1`, api: 'responses', ...more });

const message = (...content: readonly unknown[]) => ({ type: 'message', role: 'assistant', content });
const said = (words: string) => ({ type: 'output_text', text: words, annotations: [] });
const USAGE = {
  input_tokens: 300,
  input_tokens_details: { cached_tokens: 128 },
  output_tokens: 42,
  output_tokens_details: { reasoning_tokens: 32 },
  total_tokens: 342,
};
const whole = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  error: null,
  incomplete_details: null,
  model: 'gpt-5-pro-2025-10-06',
  output: [
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Capital of France.' }] },
    message(said('Paris')),
  ],
  usage: USAGE,
};

async function answer(reply: Reply, more: Partial<ModelConfig> = {}) {
  await using endpoint = await startEndpoint(reply);
  return await ask(at(endpoint, more));
}

describe('the URL', () => {
  test.each<readonly [provider: 'openai' | 'azure', more: Partial<ModelConfig>, expected: string]>([
    ['openai', {}, 'https://api.openai.com/v1/responses'],
    ['openai', { endpoint: 'http://h:8000' }, 'http://h:8000/v1/responses'],
    ['openai', { endpoint: 'https://h/v1/responses' }, 'https://h/v1/responses'],
    ['azure', { endpoint: 'https://r.services.ai.azure.com' }, 'https://r.services.ai.azure.com/openai/v1/responses'],
    [
      'azure',
      { endpoint: 'https://r.openai.azure.com/openai/v1/responses', apiVersion: 'preview' },
      'https://r.openai.azure.com/openai/v1/responses?api-version=preview',
    ],
    [
      'azure',
      { endpoint: 'https://r.services.ai.azure.com/api/projects/p' },
      'https://r.services.ai.azure.com/api/projects/p/openai/v1/responses',
    ],
    ['azure', { endpoint: 'https://gateway.example/ai' }, 'https://gateway.example/ai/responses'],
  ])('of %s with %j is %s', (provider, more, expected) => {
    expect(PROVIDERS[provider].url(testModel(provider, { api: 'responses', ...more }))).toBe(expected);
  });

  test.each<readonly [provider: 'openai' | 'azure', endpoint: string, problem: string, hint: string]>([
    [
      'openai',
      'https://h/v1/embeddings',
      'm1: /v1/embeddings is not a Responses route',
      'end it with /v1 or /v1/responses, or leave api out',
    ],
    [
      'azure',
      'https://r.services.ai.azure.com/models',
      'm1: the route /models has no Responses API',
      'use https://<resource>.services.ai.azure.com/openai/v1 without a dated apiVersion',
    ],
    [
      'azure',
      'https://r.openai.azure.com/openai/deployments/d',
      'm1: the route /openai/deployments/d has no Responses API',
      'use https://<resource>.services.ai.azure.com/openai/v1 without a dated apiVersion',
    ],
  ])('%s rejects %s', (provider, endpoint, problem, hint) => {
    expect(PROVIDERS[provider].problems(testModel(provider, { endpoint, api: 'responses' }), ENV)).toEqual([
      { message: problem, hint },
    ]);
  });

  test('a pasted route of the Responses API names the setting that calls it', () => {
    expect(openai.problems(testModel('openai', { endpoint: 'https://h/v1/responses' }), ENV)).toEqual([
      {
        message: 'm1: /v1/responses is not a chat completions route',
        hint: 'remove its last part, or end it with /chat/completions, or set api: responses',
      },
    ]);
  });

  test.each(['anthropic', 'google', 'local'] as const)('%s has no such protocol, and says so', (provider) => {
    const model = testModel(provider, { endpoint: 'http://localhost:1', api: 'responses' });

    expect(PROVIDERS[provider].problems(model, ENV).map((problem) => problem.message)).toEqual([
      `m1: provider ${provider} has no api: responses`,
    ]);
  });
});

describe('a request', () => {
  test('holds model, input and store: false when nothing is configured', async () => {
    await using endpoint = await startEndpoint({ json: whole });

    await ask(at(endpoint));

    expect(endpoint.requests[0]?.json).toEqual({
      model: 'test-model',
      input: [{ role: 'user', content: 'hi' }],
      store: false,
    });
  });

  test('holds everything that is configured, in the words of the protocol', async () => {
    await using endpoint = await startEndpoint({ json: whole });
    const params = {
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 64,
      responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
    } as const;

    await ask(at(endpoint, { params, detail: 'high' }), [
      system('be brief'),
      user(text('a'), image(), image(url('https://example.com/a.jpg'))),
      assistant('b'),
      user(text('c')),
    ]);

    expect(endpoint.requests[0]?.body).toBe(
      JSON.stringify({
        model: 'test-model',
        instructions: 'be brief',
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'a' },
              { type: 'input_image', image_url: `data:image/png;base64,${PNG.base64}`, detail: 'high' },
              { type: 'input_image', image_url: 'https://example.com/a.jpg', detail: 'high' },
            ],
          },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
        temperature: 0.5,
        top_p: 0.9,
        max_output_tokens: 64,
        text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } },
        store: false,
      }),
    );
  });

  test('merges text and reasoning of extraBody with the settings', async () => {
    await using endpoint = await startEndpoint({ json: whole });
    const extraBody = { reasoning: { summary: 'auto' }, text: { verbosity: 'low' }, include: ['x'] };

    await ask(at(endpoint, { model: 'gpt-5-pro', params: { temperature: 0, reasoningEffort: 'high' }, extraBody }));

    expect(endpoint.requests[0]?.json).toEqual({
      model: 'gpt-5-pro',
      input: [{ role: 'user', content: 'hi' }],
      reasoning: { effort: 'high', summary: 'auto' },
      text: { verbosity: 'low' },
      store: false,
      include: ['x'],
    });
  });

  test.each(['store', 'input', 'instructions', 'background'])('rejects %s in extraBody', (name) => {
    const model = testModel('openai', { api: 'responses', extraBody: { [name]: true } });

    expect(openai.problems(model, ENV).map((problem) => problem.message)).toEqual([
      `m1: extraBody must not hold "${name}" with api: responses`,
    ]);
  });

  test('carries the id of the request on Azure', async () => {
    await using endpoint = await startEndpoint({ json: whole });

    await ask(testModel('azure', { endpoint: `${endpoint.url}/openai/v1`, api: 'responses' }));

    expect(endpoint.requests[0]?.url).toBe('/openai/v1/responses');
    expect(endpoint.requests[0]?.headers['x-ms-client-request-id']).toBe(REQUEST_ID);
    expect(endpoint.requests[0]?.headers['extra-parameters']).toBeUndefined();
  });

  test('with audio is not sent', async () => {
    await using endpoint = await startEndpoint({ json: whole });

    const failure = await failureOf(ask(at(endpoint), [user(text('a'), audio())]));

    expect([failure.kind, failure.message, endpoint.requests.length]).toEqual([
      'unsupported',
      'm1 cannot take audio; the protocol takes text, image, document',
      0,
    ]);
  });

  test('with a data URL that a project rejects is not sent', async () => {
    await using endpoint = await startEndpoint({ json: whole });
    const model = testModel('azure', { endpoint: `${endpoint.url}/api/projects/p`, api: 'responses' });
    const longest = Math.floor((65_520 - 'data:image/png;base64,'.length) / 4) * 3;

    await ask(model, [user(image(dataMedia(Buffer.alloc(longest), 'image/png')))]);
    const failure = await failureOf(ask(model, [user(image(dataMedia(Buffer.alloc(longest + 1), 'image/png')))]));

    expect(failure.message).toBe(
      'm1 cannot take a file of 49123 bytes; the endpoint takes data URLs of 65520 characters',
    );
    expect(endpoint.requests).toHaveLength(1);
  });
});

test('says which parameters the protocol has not', () => {
  const params = { seed: 1, stop: ['a'], frequencyPenalty: 0, presencePenalty: 0, temperature: 0, maxTokens: 5 };

  expect(openai.notes(testModel('openai', { model: 'o3-pro', api: 'responses', params }))).toEqual([
    ...['seed', 'stop', 'frequencyPenalty', 'presencePenalty'].map(
      (name) => `m1: ${name} is not sent: the Responses API has no such setting`,
    ),
    'm1: temperature is not sent: reasoning models reject it',
  ]);
});

test.each(['gpt-5-pro', 'o3-pro', 'gpt-5-codex', 'o3-deep-research'])('says that %s answers only there', (name) => {
  const chat = testModel('azure', { endpoint: 'https://r.services.ai.azure.com/openai/v1', model: name });

  expect(azure.notes(chat)).toEqual([
    `m1: ${name} answers only with api: responses (developers.openai.com, models of 2026-11-29) · set it`,
  ]);
  expect(azure.notes({ ...chat, api: 'responses' })).toEqual([]);
});

describe('an answer', () => {
  test('has text, thoughts, the model and usage', async () => {
    expect(await answer({ json: whole })).toMatchObject({
      text: 'Paris',
      finishReason: 'stop',
      refused: false,
      reasoning: 'Capital of France.',
      servedModel: 'gpt-5-pro-2025-10-06',
      requestId: 'resp_1',
      usage: {
        promptTokens: 300,
        completionTokens: 42,
        totalTokens: 342,
        cachedTokens: 128,
        reasoningTokens: 32,
        imageTokens: null,
        raw: USAGE,
      },
    });
  });

  test.each([
    ['a refusal', { output: [message({ type: 'refusal', refusal: 'No.' })] }, { text: 'No.', refused: true }],
    [
      'a cut answer',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      { text: 'Paris', finishReason: 'length' },
    ],
    [
      'thoughts that took all tokens',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [{ type: 'reasoning' }] },
      { text: '', finishReason: 'length' },
    ],
    ['two messages', { output: [message(said('Par')), message(said('is'))] }, { text: 'Paris' }],
    [
      'a call',
      { output: [{ type: 'function_call', name: 'f', arguments: '{}' }] },
      { text: '', finishReason: 'tool_calls' },
    ],
    ['an empty message after thoughts', { output: [message(said(''))] }, { text: '', finishReason: 'stop' }],
    ['no status and no usage', { status: undefined, usage: undefined }, { text: 'Paris', usage: null }],
  ])('that is %s', async (_name, changes, expected) => {
    expect(await answer({ json: { ...whole, ...changes } })).toMatchObject(expected);
  });

  test.each<readonly [name: string, changes: object, kind: FailureKind, details: object]>([
    [
      'stopped by the filter',
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      'content_filter',
      { partial: 'Paris', usage: { promptTokens: 300 } },
    ],
    [
      'failed',
      { status: 'failed', error: { code: 'server_error', message: 'oh' }, output: [] },
      'server',
      { usage: { totalTokens: 342 } },
    ],
    ['failed without a reason', { status: 'failed', error: null, output: [] }, 'server', {}],
    [
      'throttled',
      { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow' }, output: [] },
      'rate_limit',
      {},
    ],
    [
      'of an image that cannot be read',
      { status: 'failed', error: { code: 'invalid_base64_image', message: 'bad' }, output: [] },
      'bad_request',
      {},
    ],
    [
      'of an image against the policy',
      { status: 'failed', error: { code: 'image_content_policy_violation', message: 'no' }, output: [] },
      'content_filter',
      {},
    ],
    ['cancelled', { status: 'cancelled' }, 'server', {}],
    ['still queued', { status: 'queued', output: [] }, 'server', {}],
    ['without output', { output: undefined }, 'invalid_response', {}],
    ['with empty output', { output: [], usage: undefined }, 'invalid_response', {}],
  ])('%s is a failure', async (_name, changes, kind, details) => {
    const failure = await failureOf(answer({ json: { ...whole, ...changes } }));

    expect(failure.kind).toBe(kind);
    expect(failure.details).toMatchObject(details);
  });
});

describe('a stream', () => {
  const stream = (...events: readonly { readonly type: string }[]): Reply => ({
    headers: { 'content-type': 'text/event-stream' },
    body: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  });
  const started = { type: 'response.created', response: { ...whole, status: 'in_progress', output: [], usage: null } };
  const delta = (words: string) => ({ type: 'response.output_text.delta', item_id: 'msg_1', delta: words });

  test('reads the whole answer of its last event and asks for nothing else', async () => {
    await using endpoint = await startEndpoint(
      stream(started, delta('Par'), delta('is'), { type: 'response.completed', response: whole } as never),
    );
    let first = 0;

    const completion = await ask(at(endpoint, { stream: true }), undefined, { onFirstToken: () => first++ });

    expect(completion).toEqual(readResponsesReply(whole, { status: 200, headers: {}, now: 0 }));
    expect(first).toBe(1);
    expect(endpoint.requests[0]?.json).toMatchObject({ stream: true, store: false });
  });

  test('reads the deltas where the last event has no output', async () => {
    const last = { type: 'response.completed', response: { ...whole, output: [] } };
    const thought = { type: 'response.reasoning_text.delta', delta: 'hm' };

    const completion = await answer(stream(started, thought, delta('Par'), delta('is'), last));

    expect(completion).toMatchObject({ text: 'Paris', reasoning: 'hm', usage: { totalTokens: 342 } });
  });

  test.each<readonly [name: string, last: { readonly type: string }, kind: FailureKind]>([
    [
      'that fails',
      {
        type: 'response.failed',
        response: { ...whole, status: 'failed', error: { code: 'server_error', message: 'oh' } },
      } as never,
      'server',
    ],
    [
      'that the filter stops',
      {
        type: 'response.incomplete',
        response: { ...whole, status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      } as never,
      'content_filter',
    ],
    ['with an error event', { type: 'error', code: 'rate_limit_exceeded', message: 'slow' } as never, 'rate_limit'],
    ['that is lost', { type: 'response.output_text.done' }, 'network'],
  ])('%s is a failure with what came before', async (_name, last, kind) => {
    const failure = await failureOf(answer(stream(started, delta('Par'), last), { stream: true }));

    expect(failure.kind).toBe(kind);
    expect(failure.details.partial).toBe('Par');
  });

  test('is not read as finished before its last event', () => {
    const fold = responsesFold();

    fold.add(started);
    fold.add(delta('Par'));

    expect([fold.finished(), fold.text()]).toEqual([false, 'Par']);
  });
});
