import { describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/result.ts';
import type { Completion, Usage } from '../../src/types.ts';
import { ask, failureOf, testModel } from '../helpers/ask.ts';
import { type Reply, startEndpoint } from '../helpers/endpoint.ts';

async function answer(json: unknown, reply: Reply = {}): Promise<Completion> {
  await using endpoint = await startEndpoint({ json, ...reply });
  return await ask(testModel('openai', { endpoint: `${endpoint.url}/v1` }));
}

const choice = (message: unknown, finish_reason: unknown = 'stop', more = {}) => ({
  choices: [{ index: 0, message, finish_reason, ...more }],
});

describe('the text', () => {
  test.each<readonly [name: string, message: unknown, finishReason: unknown, text: string]>([
    ['a string', { content: 'Paris' }, 'stop', 'Paris'],
    ['an empty string, which is an answer', { content: '' }, 'stop', ''],
    [
      'a list of parts',
      {
        content: [
          { type: 'text', text: 'Pa' },
          { type: 'text', text: 'ris' },
        ],
      },
      'stop',
      'Paris',
    ],
    ['a list of strings', { content: ['Pa', 'ris'] }, 'stop', 'Paris'],
    [
      'parts of Mistral, whose thoughts are no answer',
      {
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'text', text: 'Paris' },
        ],
      },
      'stop',
      'Paris',
    ],
    [
      'nothing but a call of a tool',
      { content: null, tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
      'tool_calls',
      '',
    ],
    ['nothing, after a thought', { content: null, reasoning_content: 'hm' }, 'stop', ''],
    ['an empty string, after a thought', { content: '', reasoning: 'hm' }, 'stop', ''],
    ['no member, after a thought', { reasoning_content: 'hm' }, 'stop', ''],
    [
      'a thought of Mistral alone',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] },
      'stop',
      '',
    ],
    ['nothing, all tokens spent on reasoning', { content: null, reasoning_content: 'hm' }, 'length', ''],
    ['an answer beside an empty refusal', { content: 'Paris', refusal: '' }, 'stop', 'Paris'],
    ['an answer beside a null refusal', { content: 'Paris', refusal: null }, 'stop', 'Paris'],
    ['lone surrogates', { content: 'a\ud800b' }, 'stop', 'a\ud800b'],
    ['a member that is no member', JSON.parse('{"content":"x","__proto__":{"polluted":true}}'), 'stop', 'x'],
  ])('of %s', async (_name, message, finishReason, text) => {
    const completion = await answer(choice(message, finishReason));

    expect([completion.text, completion.refused]).toEqual([text, false]);
    expect({}).not.toHaveProperty('polluted');
  });

  test.each<readonly [name: string, message: unknown]>([
    ['a member', { content: null, refusal: 'I cannot help with that.' }],
    ['a member beside content', { content: 'x', refusal: 'I cannot help with that.' }],
    ['a part', { content: [{ type: 'refusal', refusal: 'I cannot help with that.' }] }],
  ])('of a refusal in %s is the refusal', async (_name, message) => {
    const completion = await answer(choice(message));

    expect([completion.text, completion.refused, completion.finishReason]).toEqual([
      'I cannot help with that.',
      true,
      'stop',
    ]);
  });

  test.each([
    ['reasoning_content', { content: 'Paris', reasoning_content: 'France, so' }],
    ['reasoning', { content: 'Paris', reasoning: 'France, so' }],
    [
      'a part of Mistral',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'France, so' }] },
          { type: 'text', text: 'Paris' },
        ],
      },
    ],
  ])('leaves %s out', async (_name, message) => {
    const completion = await answer(choice(message));

    expect([completion.text, completion.reasoning]).toEqual(['Paris', 'France, so']);
  });

  test('has no reasoning when there is none', async () => {
    expect(await answer(choice({ content: 'x', reasoning_content: null }))).not.toHaveProperty('reasoning');
  });
});

test.each([
  ['stop', 'stop'],
  ['end_turn', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  [{ type: 'stop', stop: '\n' }, 'stop'],
  ['STOP', 'stop'],
  ['COMPLETE', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['model_length', 'length'],
  ['MAX_TOKENS', 'length'],
  ['FINISH_REASON_MAX_TOKENS', 'length'],
  ['max-tokens', 'length'],
  [{ type: 'max_tokens' }, 'length'],
  ['tool_use', 'tool_calls'],
  [null, 'unknown'],
  ['', 'unknown'],
  [' ', 'unknown'],
  ['null', 'unknown'],
  [{}, 'unknown'],
  [7, 'unknown'],
  ['time_limit', 'time_limit'],
  ['OTHER', 'OTHER'],
  ['constructor', 'constructor'],
  ['Ran\nout\u0007', 'Ran out'],
  ['w'.repeat(500), 'w'.repeat(80)],
])('reads the finish reason %j as %s', async (wire, expected) => {
  expect((await answer(choice({ content: 'x' }, wire))).finishReason).toBe(expected);
});

test('nothing after thoughts that only the usage shows is an empty answer', async () => {
  const usage = { prompt_tokens: 5, completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 9 } };

  expect(await answer({ ...choice({ content: null }), usage })).toMatchObject({ text: '', finishReason: 'stop' });
});

test('a finish reason that is a refusal makes the answer refused', async () => {
  expect(await answer(choice({ content: 'No.' }, 'REFUSAL'))).toMatchObject({
    text: 'No.',
    refused: true,
    finishReason: 'stop',
  });
});

test.each([null, '', ' ', {}, false, [], 0, { code: null, message: '' }])(
  'an error member %j beside an answer is no failure',
  async (error) => {
    expect((await answer({ error, ...choice({ content: 'x' }) })).text).toBe('x');
    expect((await answer(choice({ content: 'x' }, 'stop', { error }))).text).toBe('x');
  },
);

describe('what comes with it', () => {
  test('is null when it is missing', async () => {
    expect(await answer(choice({ content: 'x' }))).toEqual({
      text: 'x',
      finishReason: 'stop',
      refused: false,
      usage: null,
      servedModel: null,
      requestId: null,
    });
  });

  test.each([
    [{ 'x-request-id': 'a', 'apim-request-id': 'b' }, 'a'],
    [{ 'request-id': 'c' }, 'c'],
    [{ 'apim-request-id': 'b' }, 'b'],
    [{}, 'gen-1'],
  ])('names the request by %j: %s', async (headers, expected) => {
    expect((await answer({ id: 'gen-1', ...choice({ content: 'x' }) }, { headers })).requestId).toBe(expected);
  });

  test('tells limits from the headers', async () => {
    const headers = { 'x-ratelimit-remaining-requests': '5' };

    expect((await answer(choice({ content: 'x' }), { headers })).rateLimit).toEqual({ remainingRequests: 5 });
  });

  const hostile: readonly [name: string, usage: unknown, read: Partial<Usage> | null][] = [
    ['null', null, null],
    ['a list', [], null],
    ['a text', '12', null],
    [
      'strings',
      { prompt_tokens: '12', completion_tokens: '3', total_tokens: '15' },
      { promptTokens: null, completionTokens: null, totalTokens: null },
    ],
    [
      'negative numbers',
      { prompt_tokens: -1, completion_tokens: 2 },
      { promptTokens: null, completionTokens: 2, totalTokens: null },
    ],
    [
      'null details',
      { prompt_tokens: 1, completion_tokens: 2, prompt_tokens_details: null },
      { promptTokens: 1, totalTokens: 3, cachedTokens: null },
    ],
    [
      'null members',
      { prompt_tokens: 1, prompt_tokens_details: { audio_tokens: null, cached_tokens: 0 } },
      { audioTokens: null, cachedTokens: 0 },
    ],
  ];

  test.each(hostile)('reads a usage of %s', async (_name, usage, read) => {
    const completion = await answer({ ...choice({ content: 'x' }), usage });

    if (read === null) expect(completion.usage).toBeNull();
    else expect(completion.usage).toMatchObject({ ...read, raw: usage });
  });
});

describe('a reply of status 200 that is no answer', () => {
  const cases: readonly [name: string, body: unknown, kind: FailureKind, message: string, retryable?: boolean][] = [
    ['without choices', {}, 'invalid_response', 'the reply has no choices'],
    ['with no choice', { choices: [] }, 'invalid_response', 'the reply has no choices'],
    ['with null choices', { choices: null }, 'invalid_response', 'the reply has no choices'],
    ['with a choice that is none', { choices: [null] }, 'invalid_response', 'the reply has no content'],
    ['without a message', { choices: [{ finish_reason: 'stop' }] }, 'invalid_response', 'the reply has no content'],
    ['with null content', choice({ content: null }), 'invalid_response', 'the reply has no content'],
    ['with content that is no text', choice({ content: { a: 1 } }), 'invalid_response', 'the reply has no content'],
    [
      'of no token',
      { ...choice({ content: '' }), usage: { prompt_tokens: 5, completion_tokens: 0 } },
      'invalid_response',
      'the reply has no content',
    ],
    [
      'whose word is not ours',
      choice({ content: null }, 'LANGUAGE'),
      'invalid_response',
      'the reply has no content (LANGUAGE)',
    ],
    [
      'that a filter of another vendor stopped',
      choice({ content: 'half' }, 'SAFETY'),
      'content_filter',
      'the answer was stopped by the content filter (SAFETY)',
    ],
    ['with a list of nothing', choice({ content: [] }), 'invalid_response', 'the reply has no content'],
    ['with an error of OpenRouter', { error: { code: 502, message: 'Upstream' } }, 'server', 'Upstream'],
    ['with a rate limit inside', { error: { code: 429, message: 'Slow' } }, 'rate_limit', 'Slow'],
    ['with a rate limit by name', { error: { type: 'rate_limit_error', message: 'Slow' } }, 'rate_limit', 'Slow'],
    ['with a rejected key inside', { error: { type: 'authentication_error', message: 'No' } }, 'auth', 'No'],
    ['with a bad request by name', { error: { type: 'invalid_request_error', message: 'Bad' } }, 'bad_request', 'Bad'],
    ['with a filter inside', { error: { code: 'content_filter', message: 'No' } }, 'content_filter', 'No'],
    ['with no credit inside', { error: { code: 'insufficient_quota', message: 'No' } }, 'rate_limit', 'No', false],
    ['with an error that says nothing', { error: {} }, 'server', 'HTTP 200 without a message'],
    ['with an error of one sentence', { error: 'It broke' }, 'server', 'It broke'],
    [
      'with an error beside an answer',
      { error: { message: 'late' }, ...choice({ content: 'half' }) },
      'server',
      'late',
    ],
    [
      'with an error in its choice',
      choice({ content: 'half' }, 'error', { error: { code: 502, message: 'Upstream' } }),
      'server',
      'Upstream',
    ],
    [
      'that ended in an error',
      choice({ content: 'half' }, 'error'),
      'server',
      'the server stopped before the answer was complete (error)',
    ],
    [
      'that vLLM gave up',
      choice({ content: 'half' }, 'abort'),
      'server',
      'the server stopped before the answer was complete (abort)',
    ],
    [
      'for which DeepSeek had no room',
      choice({ content: 'half' }, 'insufficient_system_resource'),
      'server',
      'the server stopped before the answer was complete (insufficient_system_resource)',
    ],
    [
      'that is an error of an old vLLM',
      { object: 'error', message: 'Bad', type: 'BadRequestError', code: 400 },
      'bad_request',
      'Bad',
    ],
    [
      'whose prompt was filtered',
      { choices: [], prompt_filter_results: [{ content_filter_results: { hate: { filtered: true } } }] },
      'content_filter',
      'the prompt was stopped by the content filter',
    ],
    [
      'without a choice though nothing was filtered',
      { choices: [], prompt_filter_results: [{ content_filter_results: { hate: { filtered: false } } }] },
      'invalid_response',
      'the reply has no choices',
    ],
  ];

  test.each(cases)('%s', async (_name, body, kind, message, retryable) => {
    const failure = await failureOf(answer(body));

    expect([failure.kind, failure.message, failure.details.retryable]).toEqual([kind, message, retryable]);
    expect(failure.details.status).toBe(200);
  });

  test('keeps the tokens that were billed', async () => {
    const failure = await failureOf(answer({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 0 } }));

    expect(failure.details.usage).toMatchObject({ promptTokens: 9, completionTokens: 0 });
  });
});

test('an answer that the content filter stopped is a failure with what came, what was billed and who served it', async () => {
  const body = {
    model: 'gpt-4o',
    usage: { prompt_tokens: 9, completion_tokens: 4 },
    ...choice({ content: 'It is' }, 'content_filter'),
  };

  const failure = await failureOf(answer(body));

  expect([failure.kind, failure.message]).toEqual(['content_filter', 'the answer was stopped by the content filter']);
  expect(failure.details).toMatchObject({
    partial: 'It is',
    servedModel: 'gpt-4o',
    usage: { promptTokens: 9, completionTokens: 4 },
  });
});

test('an answer that the content filter stopped at once has nothing partial', async () => {
  const failure = await failureOf(answer(choice({ content: null }, 'content_filter')));

  expect(failure.details).not.toHaveProperty('partial');
});
