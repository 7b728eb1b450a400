import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.ts';
import type { FailureKind } from '../../src/result.ts';
import type { ModelConfig } from '../../src/types.ts';
import {
  ask,
  assistant,
  audio,
  ENV,
  failureOf,
  image,
  KEY,
  PNG,
  system,
  testModel,
  text,
  url,
  user,
} from '../helpers/ask.ts';
import { type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';

const claude = (endpoint: Endpoint, more: Partial<ModelConfig> = {}) =>
  testModel('anthropic', { endpoint: endpoint.url, model: 'claude-x', ...more });

const message = (more = {}) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x-20260101',
  content: [{ type: 'text', text: 'Paris' }],
  stop_reason: 'end_turn',
  usage: {
    input_tokens: 10,
    output_tokens: 4,
    cache_creation_input_tokens: 3,
    cache_read_input_tokens: 100,
    output_tokens_details: { thinking_tokens: 2 },
  },
  ...more,
});

async function answer(reply: Reply, more: Partial<ModelConfig> = {}) {
  await using endpoint = await startEndpoint(reply);
  return await ask(claude(endpoint, more));
}

describe('the URL', () => {
  test.each([
    [undefined, 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com/v1', 'https://api.anthropic.com/v1/messages'],
    ['https://api.anthropic.com/v1/messages/', 'https://api.anthropic.com/v1/messages'],
    ['https://r.services.ai.azure.com/anthropic', 'https://r.services.ai.azure.com/anthropic/v1/messages'],
    ['http://127.0.0.1:1234', 'http://127.0.0.1:1234/v1/messages'],
  ])('of %s is %s', (endpoint, expected) => {
    expect(anthropic.url(testModel('anthropic', endpoint === undefined ? {} : { endpoint }))).toBe(expected);
  });
});

describe('a request', () => {
  test('says key and version in their own headers', async () => {
    await using endpoint = await startEndpoint({ json: message() });

    await ask(claude(endpoint));

    expect(endpoint.requests[0]?.path).toBe('/v1/messages');
    expect(endpoint.requests[0]?.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' });
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('holds the system message on top and images as sources', async () => {
    await using endpoint = await startEndpoint({ json: message() });
    const messages = [
      system('be brief'),
      user(text('a'), image(), image(url('https://e.com/a.png'))),
      assistant('b'),
      user(text('c')),
    ];

    await ask(claude(endpoint), messages);

    expect(endpoint.requests[0]?.json).toEqual({
      model: 'claude-x',
      max_tokens: 4096,
      system: 'be brief',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG.base64 } },
            { type: 'image', source: { type: 'url', url: 'https://e.com/a.png' } },
          ],
        },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
      ],
    });
  });

  test('holds every setting that the protocol has', async () => {
    await using endpoint = await startEndpoint({ json: message() });
    const params = {
      temperature: 0,
      topP: 0.5,
      maxTokens: 7,
      stop: ['x'],
      reasoningEffort: 'low',
      responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' } },
      seed: 1,
    } as const;

    await ask(claude(endpoint, { params, extraBody: { top_k: 3 } }));

    expect(endpoint.requests[0]?.json).toEqual({
      model: 'claude-x',
      max_tokens: 7,
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0,
      top_p: 0.5,
      stop_sequences: ['x'],
      output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } },
      top_k: 3,
    });
  });

  test('comes with a note about each setting that it has not', () => {
    const params = {
      seed: 1,
      frequencyPenalty: 1,
      presencePenalty: 1,
      responseFormat: { type: 'json_object' },
      temperature: 1,
    } as const;

    expect(anthropic.notes(testModel('anthropic', { params }))).toEqual([
      'm1: seed is not sent: the Messages protocol has no such setting',
      'm1: frequencyPenalty is not sent: the Messages protocol has no such setting',
      'm1: presencePenalty is not sent: the Messages protocol has no such setting',
      'm1: responseFormat is not sent: the Messages protocol has no such setting',
    ]);
  });

  test('with audio is unsupported and not sent', async () => {
    await using endpoint = await startEndpoint();

    const failure = await failureOf(ask(claude(endpoint), [user(audio())]));

    expect([failure.kind, endpoint.requests.length]).toEqual(['unsupported', 0]);
  });

  test('of a model in Foundry takes a token of Entra ID', async () => {
    const model = testModel('anthropic', {
      endpoint: 'https://r.services.ai.azure.com/anthropic',
      auth: { type: 'entra' },
    });

    expect(anthropic.problems(model, ENV)).toEqual([]);
    expect(anthropic.auth(model)).toEqual({ type: 'entra', scope: 'https://cognitiveservices.azure.com/.default' });
  });
});

describe('an answer', () => {
  test('is read whole', async () => {
    const headers = { 'request-id': 'req_1', 'anthropic-ratelimit-requests-remaining': '49' };

    expect(await answer({ headers, json: message() })).toEqual({
      text: 'Paris',
      finishReason: 'stop',
      refused: false,
      usage: expect.objectContaining({
        promptTokens: 113,
        completionTokens: 4,
        totalTokens: 117,
        cachedTokens: 100,
        cacheWriteTokens: 3,
        reasoningTokens: 2,
      }),
      servedModel: 'claude-x-20260101',
      requestId: 'req_1',
      rateLimit: { remainingRequests: 49 },
    });
  });

  test('joins its texts and keeps its thoughts apart', async () => {
    const content = [
      { type: 'thinking', thinking: 'France', signature: 's' },
      { type: 'text', text: 'Pa' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'ris' },
    ];

    expect(await answer({ json: message({ content }) })).toMatchObject({ text: 'Paris', reasoning: 'France' });
  });

  test.each([
    ['end_turn', 'stop', false],
    ['stop_sequence', 'stop', false],
    ['max_tokens', 'length', false],
    ['model_context_window_exceeded', 'length', false],
    ['tool_use', 'tool_calls', false],
    ['refusal', 'stop', true],
    ['pause_turn', 'pause_turn', false],
    ['constructor', 'constructor', false],
    ['MAX_TOKENS', 'length', false],
    ['guardrail', 'guardrail', false],
    [null, 'unknown', false],
  ])('that stopped by %s has finish reason %s, refused: %s', async (stop_reason, finishReason, refused) => {
    expect(await answer({ json: message({ stop_reason }) })).toMatchObject({ finishReason, refused });
  });

  test('without a block is empty', async () => {
    expect((await answer({ json: message({ content: [] }) })).text).toBe('');
  });

  test.each<readonly [name: string, reply: Reply, kind: FailureKind]>([
    [
      'an error',
      { status: 529, json: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } },
      'server',
    ],
    [
      'an error of status 200',
      { json: { type: 'error', error: { type: 'rate_limit_error', message: 'Slow' } } },
      'rate_limit',
    ],
    ['no content', { json: message({ content: null }) }, 'invalid_response'],
    ['a list', { json: [] }, 'invalid_response'],
  ])('is not %s', async (_name, reply, kind) => {
    expect((await failureOf(answer(reply))).kind).toBe(kind);
  });
});

describe('a stream', () => {
  const SSE = { 'content-type': 'text/event-stream' };
  const body = (events: readonly { readonly type: string }[]) =>
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  const start = {
    type: 'message_start',
    message: { ...message({ content: [], stop_reason: null }), usage: { input_tokens: 10, output_tokens: 1 } },
  };
  const words = (piece: string) => ({
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'text_delta', text: piece },
  });
  const events = [
    start,
    { type: 'ping' },
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'France' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
    words('Pa'),
    words('ris'),
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 40, input_tokens: null } },
    { type: 'message_stop' },
  ];

  test('becomes the answer that a whole one would be', async () => {
    let tokens = 0;
    await using endpoint = await startEndpoint({ headers: SSE, body: body(events) });

    const completion = await ask(claude(endpoint, { stream: true }), undefined, {
      onFirstToken: () => {
        tokens += 1;
      },
    });

    expect(endpoint.requests[0]?.json).toMatchObject({ stream: true });
    expect(completion).toMatchObject({
      text: 'Paris',
      reasoning: 'France',
      finishReason: 'length',
      servedModel: 'claude-x-20260101',
      requestId: 'msg_1',
      usage: { promptTokens: 10, completionTokens: 40, totalTokens: 50 },
    });
    expect(tokens).toBe(1);
  });

  test.each<
    readonly [
      name: string,
      events: readonly { readonly type: string }[],
      kind: FailureKind,
      partial: string | undefined,
    ]
  >([
    ['cut', events.slice(0, -1), 'network', 'Paris'],
    [
      'with an error',
      [start, words('Pa'), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } as never],
      'server',
      'Pa',
    ],
    ['of an end alone', [{ type: 'message_stop' }], 'invalid_response', undefined],
  ])('%s is not an answer', async (_name, sent, kind, partial) => {
    const failure = await failureOf(answer({ headers: SSE, body: body(sent) }, { stream: true }));

    expect([failure.kind, failure.details.partial]).toEqual([kind, partial]);
  });
});

test('a temperature above 1, which the protocol rejects, is a problem in the configuration and unsupported in a sample', async () => {
  await using endpoint = await startEndpoint();
  const model = testModel('anthropic', { endpoint: endpoint.url });

  const problems = anthropic.problems({ ...model, params: { temperature: 1.2 } }, ENV);
  const failure = await failureOf(ask(model, undefined, { params: { temperature: 1.2 } }));

  expect(problems).toEqual([{ message: 'm1: temperature 1.2 is outside the range 0 to 1 of this route' }]);
  expect([failure.kind, failure.message, endpoint.requests.length]).toEqual(['unsupported', problems[0]?.message, 0]);
});
