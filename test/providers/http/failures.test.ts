import { describe, expect, test } from 'vitest';
import type { ProviderError } from '../../../src/errors.ts';
import type { FailureKind } from '../../../src/result.ts';
import { ask, ENV, failureOf, KEY, testModel } from '../../helpers/ask.ts';
import { type Reply, startEndpoint } from '../../helpers/endpoint.ts';

/** What a client makes of one reply. */
async function failure(reply: Reply): Promise<ProviderError> {
  await using endpoint = await startEndpoint(reply);
  return await failureOf(ask(testModel('azure', { endpoint: `${endpoint.url}/models` })));
}

interface Expected {
  readonly kind: FailureKind;
  readonly message: string;
  readonly code?: string;
  /** Only where it differs from what the kind says. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
}

type Case = readonly [name: string, status: number, body: unknown, expected: Expected];

const RATE_LIMIT =
  'Rate limit of 300000 per 60s exceeded for UserByModelByMinute. Please wait 23 seconds before retrying.';
const NESTED = JSON.stringify({
  object: 'error',
  message: 'At most 1 image(s) may be provided in one request.',
  type: 'BadRequestError',
  param: null,
  code: 400,
});

/** The bodies that were seen in the wild; letters as in the collection of Azure's error shapes. */
const azure: readonly Case[] = [
  [
    'a: code and message',
    400,
    { error: { code: 'BadRequest', message: 'No.', target: 'x', details: [{ code: 'd', message: 'more' }] } },
    { kind: 'bad_request', code: 'BadRequest', message: 'No.' },
  ],
  [
    'b: details as text',
    404,
    { error: { code: 'unknown_model', message: 'Unknown model: X', details: 'Unknown model: X' } },
    { kind: 'bad_request', code: 'unknown_model', message: 'Unknown model: X' },
  ],
  [
    'c: no model',
    400,
    { error: { code: 'no_model_name', message: 'No model specified in request.', details: 'No model' } },
    { kind: 'bad_request', code: 'no_model_name', message: 'No model specified in request.' },
  ],
  [
    'd: no deployment',
    404,
    { error: { code: 'DeploymentNotFound', message: 'The API deployment for this resource does not exist.' } },
    {
      kind: 'bad_request',
      code: 'DeploymentNotFound',
      message: 'The API deployment for this resource does not exist.',
    },
  ],
  [
    'e: details as a list',
    422,
    {
      error: {
        code: 'Invalid input',
        status: 422,
        message: 'invalid input error',
        details: [{ type: 'string_type', loc: ['body', 'messages', 0], msg: 'Input should be a valid string' }],
      },
    },
    { kind: 'bad_request', code: 'Invalid input', message: 'invalid input error' },
  ],
  [
    'f: FastAPI',
    422,
    {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'user'],
          msg: 'Extra inputs are not permitted',
          input: 'me',
          url: 'https://errors.pydantic.dev',
        },
      ],
    },
    { kind: 'bad_request', code: 'extra_forbidden', message: 'body.user: Extra inputs are not permitted' },
  ],
  [
    'g: a detail object',
    422,
    {
      status: 422,
      code: 'parameter_not_supported',
      detail: { loc: ['body', 'response_format'], input: 'json_object' },
      message: 'One of the parameters contain invalid values.',
    },
    { kind: 'bad_request', code: 'parameter_not_supported', message: 'One of the parameters contain invalid values.' },
  ],
  [
    'h: a list of sentences',
    422,
    { error: ["Input should be 'user'", 'Extra inputs are not permitted'] },
    { kind: 'bad_request', message: "Input should be 'user'; Extra inputs are not permitted" },
  ],
  [
    'i: a numeric code',
    400,
    {
      error: {
        requestid: 'r',
        code: 400,
        message: 'Validation error at #/max_completion_tokens: Extra inputs are not permitted\nmore',
      },
    },
    {
      kind: 'bad_request',
      message: 'Validation error at #/max_completion_tokens: Extra inputs are not permitted more',
    },
  ],
  [
    'j: a filter on top',
    400,
    { status: 400, code: 'content_filter', message: 'The response was filtered', param: 'messages', type: null },
    { kind: 'content_filter', code: 'content_filter', message: 'The response was filtered' },
  ],
  [
    'k: a filter inside',
    400,
    {
      error: {
        message: 'The response was filtered due to the prompt',
        type: null,
        param: 'prompt',
        code: 'content_filter',
        status: 400,
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: { violence: { filtered: true, severity: 'medium' } },
        },
      },
    },
    { kind: 'content_filter', code: 'content_filter', message: 'The response was filtered due to the prompt' },
  ],
  [
    'k: a filter named by the inner error alone',
    400,
    { error: { message: 'Filtered', code: null, innererror: { code: 'ResponsibleAIPolicyViolation' } } },
    { kind: 'content_filter', code: 'ResponsibleAIPolicyViolation', message: 'Filtered' },
  ],
  [
    'l: JSON in the message',
    400,
    { error: { code: 'Bad Request', message: NESTED } },
    { kind: 'unsupported', code: 'Bad Request', message: 'At most 1 image(s) may be provided in one request.' },
  ],
  [
    'l: JSON in the message of a failed dependency',
    424,
    { error: { message: NESTED } },
    { kind: 'unsupported', code: 'BadRequestError', message: 'At most 1 image(s) may be provided in one request.' },
  ],
  ['m: no such route behind the model', 424, { detail: 'Not Found' }, { kind: 'bad_request', message: 'Not Found' }],
  [
    'n: a status text',
    401,
    { status: 'Invalid auth token' },
    { kind: 'auth', message: 'Invalid auth token', code: 'Invalid auth token' },
  ],
  [
    'n: a wrong key',
    401,
    { error: { code: '401', message: 'Access denied due to invalid subscription key or wrong API endpoint.' } },
    { kind: 'auth', message: 'Access denied due to invalid subscription key or wrong API endpoint.' },
  ],
  [
    'n: a wrong role',
    401,
    { error: { code: 'PermissionDenied', message: 'Principal does not have access to API/Operation' } },
    { kind: 'auth', code: 'PermissionDenied', message: 'Principal does not have access to API/Operation' },
  ],
  [
    'o: too many tokens',
    413,
    {
      error: { code: 'tokens_limit_reached', message: 'Request body too large for phi model. Max size: 8000 tokens.' },
    },
    {
      kind: 'bad_request',
      code: 'tokens_limit_reached',
      message: 'Request body too large for phi model. Max size: 8000 tokens.',
    },
  ],
  [
    'p: a rate limit of Foundry',
    429,
    { error: { code: 'RateLimitReached', message: RATE_LIMIT, details: RATE_LIMIT } },
    { kind: 'rate_limit', code: 'RateLimitReached', message: RATE_LIMIT, retryAfterMs: 23_000 },
  ],
  [
    'p: an exhausted tier',
    429,
    { error: { code: '429', message: 'Requests have exceeded token rate limit. Please retry after 86400 seconds.' } },
    {
      kind: 'rate_limit',
      message: 'Requests have exceeded token rate limit. Please retry after 86400 seconds.',
      retryAfterMs: 86_400_000,
    },
  ],
  ['q: too many headers', 431, '', { kind: 'bad_request', message: 'HTTP 431 without a message' }],
  [
    'a wrong option of extra-parameters',
    400,
    { detail: "Unexpected EXTRA_PARAMETERS option ignore, expected options are ['error','drop','pass-through']" },
    {
      kind: 'bad_request',
      message: "Unexpected EXTRA_PARAMETERS option ignore, expected options are ['error','drop','pass-through']",
    },
  ],
];

const others: readonly Case[] = [
  [
    'OpenAI: a bad value',
    400,
    {
      error: {
        message: 'Invalid value.',
        type: 'invalid_request_error',
        param: 'messages[7].content',
        code: 'invalid_value',
      },
    },
    { kind: 'bad_request', code: 'invalid_value', message: 'Invalid value.' },
  ],
  [
    'OpenAI: images to a model for audio',
    400,
    {
      error: {
        message: 'This model does not support image_url content.',
        type: 'invalid_request_error',
        code: 'invalid_value',
      },
    },
    { kind: 'unsupported', code: 'invalid_value', message: 'This model does not support image_url content.' },
  ],
  [
    'OpenAI: no credit',
    429,
    {
      error: {
        message: 'You exceeded your current quota.',
        type: 'insufficient_quota',
        param: null,
        code: 'insufficient_quota',
      },
    },
    { kind: 'rate_limit', code: 'insufficient_quota', message: 'You exceeded your current quota.', retryable: false },
  ],
  [
    'OpenAI: too long',
    400,
    { error: { message: 'Too long.', type: 'invalid_request_error', code: 'context_length_exceeded' } },
    { kind: 'bad_request', code: 'context_length_exceeded', message: 'Too long.' },
  ],
  [
    'OpenAI: a server error',
    500,
    { error: { message: 'The server had an error.', type: 'server_error', param: null, code: null } },
    { kind: 'server', code: 'server_error', message: 'The server had an error.' },
  ],
  [
    'OpenRouter: no credit',
    402,
    { error: { code: 402, message: 'Insufficient credits' } },
    { kind: 'rate_limit', message: 'Insufficient credits', retryable: false },
  ],
  [
    'OpenRouter: moderation',
    403,
    { error: { code: 403, message: 'Flagged', metadata: { reasons: ['violence'], flagged_input: 'x' } } },
    { kind: 'content_filter', message: 'Flagged', code: 'moderation' },
  ],
  [
    'OpenRouter: nothing that hears',
    404,
    { error: { code: 404, message: 'No endpoints found that support image input' } },
    { kind: 'unsupported', message: 'No endpoints found that support image input' },
  ],
  [
    'vLLM: on top',
    400,
    { object: 'error', message: 'Bad.', type: 'BadRequestError', param: null, code: 400 },
    { kind: 'bad_request', code: 'BadRequestError', message: 'Bad.' },
  ],
  [
    'vLLM: no eyes',
    400,
    { error: { message: 'm is not a multimodal model', type: 'BadRequestError', code: 400 } },
    { kind: 'unsupported', code: 'BadRequestError', message: 'm is not a multimodal model' },
  ],
  [
    'Ollama: a URL',
    400,
    {
      error: {
        message: 'image URLs are not currently supported, please use base64 encoded data instead',
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    },
    {
      kind: 'unsupported',
      code: 'invalid_request_error',
      message: 'image URLs are not currently supported, please use base64 encoded data instead',
    },
  ],
  [
    'Ollama: a sentence',
    404,
    { error: 'model "x" not found, try pulling it first' },
    { kind: 'bad_request', message: 'model "x" not found, try pulling it first' },
  ],
  [
    'llama.cpp: no projector',
    500,
    {
      error: {
        code: 500,
        message: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
        type: 'server_error',
      },
    },
    {
      kind: 'unsupported',
      code: 'server_error',
      message: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
    },
  ],
  [
    'llama.cpp: an unknown part',
    400,
    { error: { code: 400, message: 'unsupported content[].type', type: 'invalid_request_error' } },
    { kind: 'unsupported', code: 'invalid_request_error', message: 'unsupported content[].type' },
  ],
  [
    'llama.cpp: not built',
    501,
    { error: { code: 501, message: 'This feature is disabled', type: 'not_supported_error' } },
    { kind: 'unsupported', code: 'not_supported_error', message: 'This feature is disabled' },
  ],
  [
    'llama.cpp: loading',
    503,
    { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    { kind: 'server', code: 'unavailable_error', message: 'Loading model' },
  ],
  [
    'llama.cpp: too long',
    400,
    { error: { code: 400, message: 'too long', type: 'exceed_context_size_error', n_prompt_tokens: 9, n_ctx: 4 } },
    { kind: 'bad_request', code: 'exceed_context_size_error', message: 'too long' },
  ],
  [
    'Anthropic: overloaded',
    529,
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    { kind: 'server', code: 'overloaded_error', message: 'Overloaded' },
  ],
  [
    'Anthropic: a rate limit',
    429,
    { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } },
    { kind: 'rate_limit', code: 'rate_limit_error', message: 'Slow down' },
  ],
  [
    'Anthropic: too large',
    413,
    { type: 'error', error: { type: 'request_too_large', message: 'Too large' } },
    { kind: 'bad_request', code: 'request_too_large', message: 'Too large' },
  ],
  [
    'Anthropic: no billing',
    400,
    { type: 'error', error: { type: 'billing_error', message: 'No credit' } },
    { kind: 'rate_limit', code: 'billing_error', message: 'No credit', retryable: false },
  ],
  [
    'Anthropic: a wrong key',
    401,
    { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } },
    { kind: 'auth', code: 'authentication_error', message: 'invalid x-api-key' },
  ],
  [
    'Gemini: a wrong key',
    400,
    {
      error: {
        code: 400,
        message: 'API key not valid.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
    },
    { kind: 'auth', code: 'INVALID_ARGUMENT', message: 'API key not valid.' },
  ],
  [
    'Gemini: exhausted',
    429,
    {
      error: {
        code: 429,
        message: 'Quota exceeded.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }],
      },
    },
    { kind: 'rate_limit', code: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded.', retryAfterMs: 34_000 },
  ],
  [
    'Gemini: a list of one',
    503,
    [{ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }],
    { kind: 'server', code: 'UNAVAILABLE', message: 'The model is overloaded.' },
  ],
  [
    'problem+json',
    400,
    { type: 'about:blank', title: 'Bad Request', status: 400, detail: 'It is bad.' },
    { kind: 'bad_request', code: 'about:blank', message: 'It is bad.' },
  ],
];

const anonymous: readonly Case[] = [
  [
    'a page',
    502,
    '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
    { kind: 'server', message: 'a web page instead of an answer: 502 Bad Gateway' },
  ],
  [
    'a page without a title',
    503,
    '<!DOCTYPE html><html><body><h1>Down</h1></body></html>',
    { kind: 'server', message: 'a web page instead of an answer: Down' },
  ],
  [
    'a page with a title in capitals after an open one',
    502,
    '<html><title <title>a<b>c</b><TITLE class=">">d</TITLE></html>',
    { kind: 'server', message: 'a web page instead of an answer: ">d' },
  ],
  [
    'a page of titles that never end',
    500,
    `<html>${'<title'.repeat(20_000)}`,
    { kind: 'server', message: 'a web page instead of an answer' },
  ],
  [
    'a page whose title is not near its start',
    500,
    `<html>${' '.repeat(70_000)}<title>Late</title>`,
    { kind: 'server', message: 'a web page instead of an answer' },
  ],
  ['a page with nothing in it', 500, '<html></html>', { kind: 'server', message: 'a web page instead of an answer' }],
  ['plain text', 404, 'Resource not found', { kind: 'bad_request', message: 'Resource not found' }],
  ['nothing', 500, '', { kind: 'server', message: 'HTTP 500 without a message' }],
  ['cut JSON', 500, '{"error":{"message":"oh', { kind: 'server', message: '{"error":{"message":"oh' }],
  ['an empty object', 500, {}, { kind: 'server', message: 'HTTP 500 without a message' }],
  ['null', 500, 'null', { kind: 'server', message: 'HTTP 500 without a message' }],
  ['a number', 500, '7', { kind: 'server', message: 'HTTP 500 without a message' }],
  ['control characters', 400, 'a\u001b[31mred\u0007\u202e\r\nb', { kind: 'bad_request', message: 'a [31mred b' }],
  ['a conflict', 409, 'busy', { kind: 'server', message: 'busy' }],
  ['a slow request', 408, 'slow', { kind: 'timeout', message: 'slow' }],
  ['too early', 425, 'early', { kind: 'server', message: 'early' }],
  ['a gateway that waited', 504, 'late', { kind: 'server', message: 'late' }],
  ['what is not built', 501, 'no', { kind: 'server', message: 'no', retryable: false }],
  ['what may not be', 403, 'no', { kind: 'auth', message: 'no' }],
  ['a teapot', 418, 'tea', { kind: 'bad_request', message: 'tea' }],
  [
    'a strange status',
    299,
    'x',
    { kind: 'invalid_response', message: 'the reply is not complete JSON (1 characters)', retryable: true },
  ],
];

describe.each([
  ['Azure', azure],
  ['other vendors', others],
  ['what stands between', anonymous],
])('failures of %s', (_name, cases) => {
  test.each(cases)('%s (%i)', async (_case, status, body, expected) => {
    const found = await failure({ status, ...(typeof body === 'string' ? { body } : { json: body }) });

    const { code, retryable, retryAfterMs } = found.details;
    const told = JSON.parse(
      JSON.stringify({ kind: found.kind, message: found.message, code, retryable, retryAfterMs }),
    );
    expect(told).toEqual(expected);
    expect(found.details.status).toBe(status);
  });
});

test.each<readonly [status: number, body: unknown, hint: string]>([
  [
    404,
    { error: { code: 'DeploymentNotFound', message: 'x' } },
    'model must be the name of a deployment of this endpoint',
  ],
  [404, 'Resource not found', 'check the endpoint, the apiVersion and the name of the deployment'],
  [
    401,
    { error: { message: 'Principal does not have access' } },
    'the identity needs the role Cognitive Services User',
  ],
  [401, { error: { message: 'invalid key' } }, 'check the key'],
  [403, { error: { message: 'no' } }, 'check its rights'],
  [
    422,
    { detail: [{ type: 'extra_forbidden', loc: ['body', 'n'], msg: 'Extra inputs are not permitted' }] },
    'params or extraBody',
  ],
  [422, { error: { code: 'Invalid input', message: 'invalid input error' } }, 'audioEncoding'],
  [413, 'large', 'smaller media'],
  [424, { detail: 'Not Found' }, 'does not answer chat completions'],
  [431, '', 'fewer headers'],
  [429, { error: { code: 'insufficient_quota', message: 'x' } }, 'waiting does not help'],
])('%i %j comes with a hint: %s', async (status, body, hint) => {
  const found = await failure({ status, ...(typeof body === 'string' ? { body } : { json: body }) });

  expect(found.details.hint).toContain(hint);
});

test.each([
  ['true', 400, true],
  ['false', 500, false],
  ['false', 429, undefined],
  ['true', 500, undefined],
  ['false', 400, undefined],
  ['maybe', 500, undefined],
])('x-should-retry: %s with status %i makes retryable %s', async (advice, status, expected) => {
  const found = await failure({ status, headers: { 'x-should-retry': advice }, body: 'x' });

  expect(found.details.retryable).toBe(expected);
});

test('keeps request id, wait and limits of a failure', async () => {
  const headers = { 'apim-request-id': 'req-7', 'retry-after': '3', 'x-ratelimit-remaining-tokens': '12' };

  const found = await failure({ status: 429, headers, json: { error: { message: 'slow' } } });

  expect(found.details).toMatchObject({ requestId: 'req-7', retryAfterMs: 3000, rateLimit: { remainingTokens: 12 } });
});

test.each([
  ['a long message', 'x y '.repeat(2000)],
  ['a page of one line', `<html><title>${'t '.repeat(2000)}</title></html>`],
])('cuts %s to a readable length', async (_name, body) => {
  const found = await failure({ status: 500, body });

  expect(found.message.length).toBeLessThanOrEqual(500);
});

test('drops media that come back in a complaint', async () => {
  const media = Buffer.alloc(3000, 7).toString('base64');

  const found = await failure({
    status: 422,
    json: { detail: [{ msg: `bad input ${media}`, loc: ['body'], type: 't' }] },
  });

  expect(found.message).toBe('body: bad input [data]');
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('of status %i is named, not followed, and shows no query', async (status) => {
    await using other = await startEndpoint();
    const location = `${other.url}/elsewhere?code=secret`;

    const found = await failure({ status, headers: { location } });

    expect(found.kind).toBe('bad_request');
    expect(found.message).toBe(`the endpoint redirects to ${other.url}/elsewhere; redirects are not followed`);
    expect(found.details.hint).toBe('if that address is right, use it as the endpoint');
    expect(other.requests).toEqual([]);
  });

  test('to a path names the path', async () => {
    const found = await failure({ status: 308, headers: { location: '/v2/models?key=secret' } });

    expect(found.message).toBe('the endpoint redirects to /v2/models; redirects are not followed');
  });

  test('without a target is a failure all the same', async () => {
    const found = await failure({ status: 302 });

    expect(found.kind).toBe('bad_request');
  });
});

describe('a secret that the endpoint echoes', () => {
  const echoes: readonly (readonly [name: string, make: (key: string) => Reply])[] = [
    ['in a message', (key) => ({ status: 401, json: { error: { message: `Bearer ${key} is wrong`, code: key } } })],
    ['as a page', (key) => ({ status: 500, body: `<html><title>${key}</title></html>` })],
    ['as text', (key) => ({ status: 500, body: `authorization: Bearer ${key}` })],
    ['in headers', (key) => ({ status: 500, headers: { 'x-request-id': key }, body: 'x' })],
    ['in the target of a redirect', (key) => ({ status: 307, headers: { location: `https://evil.example/${key}` } })],
    ['in the name of an encoding', (key) => ({ headers: { 'content-encoding': key }, body: 'x' })],
    ['inside status 200', (key) => ({ json: { error: { message: `no: ${key}` } } })],
    ['in JSON that is cut', (key) => ({ body: `{"error": "${key}` })],
    [
      'in a stream',
      (key) => ({ headers: { 'content-type': 'text/event-stream' }, body: `data: {"error":{"message":"${key}"}}\n\n` }),
    ],
  ];

  test.each(echoes)('%s stays out of the failure', async (_name, make) => {
    await using endpoint = await startEndpoint((request) => make(String(request.headers['api-key'])));

    const found = await failureOf(ask(testModel('azure', { endpoint: `${endpoint.url}/models`, stream: true })));

    expect(endpoint.requests[0]?.headers['api-key']).toBe(KEY);
    const shown = JSON.stringify([found.message, found.details, String(found.details.cause), found.stack]);
    expect(shown).not.toContain(KEY);
  });

  test('stays out of answer, model, id and usage', async () => {
    await using endpoint = await startEndpoint({
      headers: { 'x-request-id': KEY },
      json: {
        model: KEY,
        choices: [{ message: { content: `your key is ${KEY}` }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, note: KEY },
      },
    });

    const completion = await ask(testModel('openai', { endpoint: `${endpoint.url}/v1` }));

    expect(completion.text).toBe('your key is [redacted]');
    expect(JSON.stringify(completion)).not.toContain(KEY);
  });

  test('that comes in pieces of a stream stays out of the answer', async () => {
    const pieces = [KEY.slice(0, 5), KEY.slice(5)].map((content) =>
      JSON.stringify({ choices: [{ delta: { content } }] }),
    );
    const body = [...pieces, '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
    await using endpoint = await startEndpoint({ headers: { 'content-type': 'text/event-stream' }, body });

    const completion = await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }));

    expect(completion.text).toBe('[redacted]');
  });

  test('from a configured header is hidden, with and without its scheme', async () => {
    const headers = { Authorization: 'Bearer header-secret-1', 'x-plain': 'plain-value-1' };
    await using endpoint = await startEndpoint((request) => ({
      status: 400,
      json: {
        error: { message: `got ${request.headers.authorization}, header-secret-1 and ${request.headers['x-plain']}` },
      },
    }));
    const model = testModel('openai', { endpoint: `${endpoint.url}/v1`, auth: { type: 'none' }, headers });

    const found = await failureOf(ask(model));

    expect(found.message).toBe('got [redacted], [redacted] and plain-value-1');
  });

  test('that is an ordinary word is hidden in failures and left alone in answers', async () => {
    await using endpoint = await startEndpoint([
      { json: { choices: [{ message: { content: 'a key word' }, finish_reason: 'stop' }] } },
      { status: 400, body: 'a key word' },
    ]);
    const model = testModel('openai', { endpoint: `${endpoint.url}/v1` });
    const context = { env: { ...ENV, TEST_KEY: 'key' } };

    expect((await ask(model, undefined, { context })).text).toBe('a key word');
    expect((await failureOf(ask(model, undefined, { context }))).message).toBe('a [redacted] word');
  });
});
