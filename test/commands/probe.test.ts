import { imageSize } from 'image-size';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { IMAGE_CANDIDATES } from '../../src/tokens/candidates.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import { workspace } from '../helpers/cli.ts';
import { type CapturedRequest, chatCompletion, type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';

const KEY = 'k-3f2a9c77d1e84b0c';
const env = { AZURE_INFERENCE_CREDENTIAL: KEY };

const azureConfig = (endpoint: Endpoint, more = '') => `
dataset: not-there-yet.csv
models:
  - id: phi-4-mm
    provider: azure
    endpoint: ${endpoint.url}/models
    model: Phi-4-multimodal-instruct
    auth: {type: key, env: AZURE_INFERENCE_CREDENTIAL}
    ${more}
`;

const listed = (endpoint: Endpoint) => `
models: [{id: a, provider: openai, endpoint: "${endpoint.url}/v1", model: a, auth: {type: key, env: AZURE_INFERENCE_CREDENTIAL}}]
`;

interface Part {
  readonly type: string;
  readonly image_url?: { readonly url: string };
  readonly input_audio?: { readonly data: string; readonly format: string };
  readonly audio_url?: { readonly url: string };
}

/** The kinds of parts that a request carries, e.g. `text image_url image_url`. */
function kinds(request: CapturedRequest): string {
  return partsOf(request)
    .map(({ type }) => type)
    .join(' ');
}

/** The requests that cost something. */
const calls = ({ requests }: Endpoint) => requests.filter(({ method }) => method === 'POST');

function partsOf(request: CapturedRequest): readonly Part[] {
  const { messages } = request.json as { messages: readonly { content: string | readonly Part[] }[] };
  const content = messages.at(-1)?.content ?? '';
  return typeof content === 'string' ? [{ type: 'text' }] : content;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of the first picture that a request carries. */
function sizeOf(request: CapturedRequest): Size {
  const [url = ''] = partsOf(request).flatMap(({ image_url }) => image_url?.url ?? []);
  const { width, height } = imageSize(Buffer.from(url.split(',')[1] ?? '', 'base64'));
  return { width, height };
}

/** Bills text with 14 tokens and each medium with 100. */
function answer(request: CapturedRequest, extra: Readonly<Record<string, unknown>> = {}): Reply {
  const prompt = 14 + 100 * (partsOf(request).length - 1);
  return {
    json: chatCompletion(partsOf(request).length === 1 ? 'Nothing' : 'Square', {
      usage: { prompt_tokens: prompt, completion_tokens: 2, total_tokens: prompt + 2 },
      ...extra,
    }),
  };
}

const TOO_MANY_IMAGES = {
  status: 400,
  json: { object: 'error', message: 'At most 1 image(s) may be provided in one request.', code: 400 },
} as const;

const NO_INPUT_AUDIO = {
  status: 422,
  json: { error: { code: 'Invalid input', status: 422, message: 'invalid input error', details: [] } },
} as const;

describe('an endpoint that accepts everything', () => {
  test('gets four calls and is described', async () => {
    await using endpoint = await startEndpoint((request) => ({
      ...answer(request),
      headers: {
        'x-ratelimit-limit-requests': '1000',
        'x-ratelimit-remaining-requests': '999',
        'x-ratelimit-reset-requests': '60ms',
      },
    }));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout, stderr } = await folder.run(['probe'], { env });

    expect(code).toBe(0);
    expect(stderr).toBe('sends at most 5 calls: 5 to phi-4-mm\n');
    expect(endpoint.requests.map(kinds)).toEqual([
      'text',
      'text image_url',
      'text image_url image_url',
      'text input_audio',
    ]);
    expect(withoutTimes(stdout)).toBe(
      [
        'phi-4-mm',
        `  url                   ${endpoint.url}/models/chat/completions?api-version=2024-05-01-preview`,
        '  authentication        key from AZURE_INFERENCE_CREDENTIAL',
        '  model                 Phi-4-multimodal-instruct, served as served-model',
        '  text                  "Nothing" · 14 prompt tokens · 2 completion tokens · N ms',
        '  image                 "Square" · 114 prompt tokens · 100 more than text alone · 2 completion tokens · N ms',
        '  2 images              "Square" · 214 prompt tokens · 200 more than text alone · 2 completion tokens · N ms',
        '  audio as input_audio  "Square" · 114 prompt tokens · 100 more than text alone · 2 completion tokens · N ms',
        '  usage reported        prompt, completion, total',
        '  rate limits           1000 requests, 999 requests left, requests reset in N ms',
        '  for the configuration:',
        '    - id: phi-4-mm',
        '      modalities: [text, image, audio]',
        '      audioEncoding: input_audio',
        '',
      ].join('\n'),
    );
  });

  test('gets small valid media, and the same question each time', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    await folder.run(['probe'], { env });

    const [text, , images, audio] = endpoint.requests;
    const pictures = (images === undefined ? [] : partsOf(images)).flatMap(({ image_url }) => image_url?.url ?? []);
    const clip = Buffer.from((audio && partsOf(audio)[1]?.input_audio?.data) ?? '', 'base64');
    expect(pictures.map((url) => imageSize(Buffer.from(url.split(',')[1] ?? '', 'base64')))).toMatchObject([
      { width: 64, height: 64, type: 'png' },
      { width: 64, height: 64, type: 'png' },
    ]);
    expect(new Set(pictures).size).toBe(2);
    expect(clip.subarray(0, 4).toString('latin1')).toBe('RIFF');
    expect(clip.readUInt32LE(4)).toBe(clip.length - 8);
    const questions = endpoint.requests.map(({ body }) => /What do you see or hear\?[^"]*/.exec(body)?.[0]);
    expect(new Set(questions).size).toBe(1);
    expect(text?.json).toMatchObject({ model: 'Phi-4-multimodal-instruct', max_tokens: 64 });
  });

  test('is described in one document with --json', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout } = await folder.run(['probe', '--json'], { env });

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      models: [
        {
          id: 'phi-4-mm',
          provider: 'azure',
          auth: { type: 'key', env: 'AZURE_INFERENCE_CREDENTIAL' },
          requestedModel: 'Phi-4-multimodal-instruct',
          servedModel: 'served-model',
          usageFields: ['promptTokens', 'completionTokens', 'totalTokens'],
          rateLimit: null,
          found: { about: 'content', text: true, image: true, twoImages: true, audio: true },
          configuration: { modalities: ['text', 'image', 'audio'], audioEncoding: 'input_audio' },
          calls: [
            { sent: 'text', status: 'completed', answer: 'Nothing', failure: null },
            { sent: 'image', status: 'completed', usage: { promptTokens: 114 } },
            { sent: '2 images' },
            { sent: 'audio as input_audio' },
          ],
        },
      ],
    });
  });
});

describe('content that the endpoint rejects', () => {
  test('becomes settings for the configuration that a run can use', async () => {
    await using endpoint = await startEndpoint((request) => {
      if (kinds(request) === 'text image_url image_url') return TOO_MANY_IMAGES;
      return kinds(request).includes('input_audio') ? NO_INPUT_AUDIO : answer(request);
    });
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout } = await folder.run(['probe'], { env });

    expect(code).toBe(0);
    expect(endpoint.requests.map(kinds).at(-1)).toBe('text audio_url');
    expect(endpoint.requests.at(-1)?.body).toContain('data:audio/wav;base64,');
    expect(stdout).toContain(
      '2 images              failed (unsupported, HTTP 400): At most 1 image(s) may be provided in one request. · ',
    );
    expect(stdout).toContain(
      'audio as input_audio  failed (bad_request, HTTP 422, Invalid input): invalid input error',
    );
    const [, yaml = ''] = stdout.split('for the configuration:\n');
    expect(parse(yaml)).toEqual([
      { id: 'phi-4-mm', modalities: ['text', 'image', 'audio'], maxImages: 1, audioEncoding: 'audio_url' },
    ]);
  });

  test('leaves only text when neither images nor audio are accepted', async () => {
    await using endpoint = await startEndpoint((request) =>
      kinds(request) === 'text' ? answer(request) : { status: 400, json: { error: { message: 'text only, please' } } },
    );
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout } = await folder.run(['probe'], { env });

    expect(code).toBe(0);
    expect(endpoint.requests).toHaveLength(4);
    expect(stdout).toContain('      modalities: [text]\n');
    expect(stdout).not.toContain('maxImages');
    expect(stdout).not.toContain('audioEncoding:');
  });

  test('stays unknown after a failure that says nothing about the media', async () => {
    await using endpoint = await startEndpoint((request) =>
      kinds(request).includes('image') ? { status: 503, json: { error: { message: 'busy' } } } : answer(request),
    );
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { stdout } = await folder.run(['probe'], { env });

    expect(stdout).toContain('image                 failed (server, HTTP 503): busy');
    expect(stdout).not.toContain('modalities:');
    expect(stdout).toContain('audioEncoding: input_audio');
    expect(endpoint.requests.map(kinds)).toEqual(['text', 'text image_url', 'text input_audio']);
  });

  test('is also reported when the endpoint drops it silently', async () => {
    await using endpoint = await startEndpoint(() => ({ json: chatCompletion('Nothing') }));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { stdout } = await folder.run(['probe'], { env });

    expect(stdout.match(/no more than text alone: the model may have ignored the media/g)).toHaveLength(3);
  });

  test('raises a maxImages that is too low', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint, 'maxImages: 1') });

    const { stdout } = await folder.run(['probe'], { env });

    expect(stdout).toContain('      maxImages: 2\n');
  });
});

describe('a model that does not answer', () => {
  test.each([
    {
      name: 'a rejected key',
      reply: {
        status: 401,
        json: { error: { code: '401', message: 'Access denied due to invalid subscription key.' } },
      },
      shown: 'failed (auth, HTTP 401): Access denied due to invalid subscription key. · check the key',
    },
    {
      name: 'a missing role',
      reply: {
        status: 401,
        json: { error: { code: 'PermissionDenied', message: 'Principal does not have access to API/Operation.' } },
      },
      shown: 'Principal does not have access to API/Operation. · the identity needs the role Cognitive Services User',
    },
    {
      name: 'an unknown deployment',
      reply: {
        status: 404,
        json: { error: { code: 'DeploymentNotFound', message: 'The API deployment does not exist.' } },
      },
      shown:
        'failed (bad_request, HTTP 404, DeploymentNotFound): The API deployment does not exist. · model must be the name of a deployment',
    },
    {
      name: 'a wrong route',
      reply: { status: 404, json: { error: { code: '404', message: 'Resource not found' } } },
      shown: 'Resource not found · check the endpoint, the apiVersion',
    },
    {
      name: 'a reasoning model behind a name that does not tell',
      reply: {
        status: 400,
        json: { error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead." } },
      },
      shown: '· set reasoning: true for this model',
    },
  ])('shows $name and what to do, gets no other call and exits with 3', async ({ reply, shown }) => {
    await using endpoint = await startEndpoint(() => reply);
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout, stderr } = await folder.run(['probe'], { env });

    expect(code).toBe(3);
    expect(endpoint.requests).toHaveLength(1);
    expect(stdout).toContain(shown);
    expect(stdout).not.toContain('for the configuration');
    expect(stderr).toContain('no answer to text: phi-4-mm · the failed calls say why\n');
  });

  test('gets media calls when it says that it requires audio', async () => {
    await using endpoint = await startEndpoint((request) =>
      kinds(request) === 'text input_audio'
        ? answer(request)
        : { status: 400, json: { error: { message: 'This model requires that the input contains audio.' } } },
    );
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout } = await folder.run(['probe'], { env });

    expect(code).toBe(3);
    expect(stdout).toContain('      modalities: [text, audio]\n');
  });

  test('in time is given up after its timeout', async () => {
    await using endpoint = await startEndpoint(() => ({ hang: true }));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint, 'limits: {timeoutMs: 40}') });

    const { code, stdout } = await folder.run(['probe'], { env });

    expect(code).toBe(3);
    expect(stdout).toContain('text                  failed (timeout): no complete answer within 40 ms');
  });

  test('does not stop the calls to other models', async () => {
    await using endpoint = await startEndpoint((request) =>
      request.path.startsWith('/broken') ? { status: 500, json: { error: { message: 'down' } } } : answer(request),
    );
    using folder = workspace({
      'earsight.config.yaml': `
models:
  - {id: broken, provider: openai, endpoint: "${endpoint.url}/broken/v1", model: a, auth: {type: none}}
  - {id: whole, provider: openai, endpoint: "${endpoint.url}/v1", model: b, auth: {type: none}}
`,
    });

    const { code, stdout, stderr } = await folder.run(['probe']);

    expect(code).toBe(3);
    expect(stderr).toBe(
      'sends at most 10 calls: 5 to broken, 5 to whole\nno answer to text: broken · the failed calls say why\n',
    );
    expect(stdout).toContain('\n\nwhole\n');
    expect(endpoint.requests.map(({ path }) => path)).toEqual([
      '/broken/v1/chat/completions',
      '/broken/v1/models',
      ...Array.from({ length: 4 }, () => '/v1/chat/completions'),
      '/v1/models',
    ]);
  });
});

describe('what is printed', () => {
  const HOSTILE = 'red\u001b[2J\u0007\u009b31m\u202e\nforged line';

  test('contains no key, whatever the endpoint echoes', async () => {
    await using endpoint = await startEndpoint((request) => {
      const echo = `you sent ${String(request.headers['api-key'])} and ${String(request.headers['x-secret-token'])}`;
      if (kinds(request) === 'text') return answer(request, { model: echo });
      return { status: 400, headers: { 'x-request-id': echo }, json: { error: { code: echo, message: echo } } };
    });
    using folder = workspace({
      'earsight.config.yaml': azureConfig(endpoint, `headers: {X-Secret-Token: "\${OTHER}"}`),
      '.env': 'OTHER=another-secret-4711\n',
    });

    const shown = await Promise.all([folder.run(['probe'], { env }), folder.run(['probe', '--json'], { env })]);

    const text = JSON.stringify(shown);
    expect(text).toContain('you sent [redacted]');
    expect(text).not.toContain(KEY);
    expect(text).not.toContain('another-secret-4711');
    expect(shown[0]?.stdout).toContain('key from AZURE_INFERENCE_CREDENTIAL, configured header X-Secret-Token');
  });

  test('moves no cursor and forges no line, whatever the endpoint answers', async () => {
    await using endpoint = await startEndpoint((request) =>
      kinds(request) === 'text'
        ? { json: chatCompletion(HOSTILE, { model: HOSTILE }) }
        : { status: 400, headers: { 'x-request-id': 'a\u009b' }, json: { error: { code: HOSTILE, message: HOSTILE } } },
    );
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { stdout } = await folder.run(['probe'], { env });
    const { stdout: json } = await folder.run(['probe', '--json'], { env });

    expect(stdout).toContain('"red\\x1b[2J\\x07\\x9b31m\\u202e\\nforged line"');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^forged/m);
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(json)).toMatchObject({ models: [{ calls: [{ answer: HOSTILE }, {}, {}, {}] }] });
  });

  test('cuts an answer that is longer than a word, and says when the answer was cut at the length limit', async () => {
    const long = 'word '.repeat(100);
    await using endpoint = await startEndpoint(() => ({
      json: chatCompletion(null, {
        choices: [{ index: 0, message: { role: 'assistant', content: long }, finish_reason: 'length' }],
        usage: null,
      }),
    }));
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout } = await folder.run(['probe'], { env });

    expect(code).toBe(0);
    expect(withoutTimes(stdout)).toMatch(/^ {2}text +"word word .{0,40}…" · cut at the length limit · N ms$/m);
    expect(stdout).toMatch(/^ {2}usage reported +none$/m);
  });
});

describe('what is sent', () => {
  const server = (endpoint: Endpoint, more: string) => `
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: any, auth: {type: none}, ${more}}
`;

  test.each([
    { name: 'the configured length where it is shorter', more: 'params: {maxTokens: 5}', sent: { max_tokens: 5 } },
    {
      name: 'its own length where the configured one is longer',
      more: 'params: {maxTokens: 900}',
      sent: { max_tokens: 64 },
    },
    { name: 'more for a reasoning model', more: 'reasoning: true', sent: { max_completion_tokens: 1024 } },
    {
      name: 'the other settings as they are',
      more: 'params: {temperature: 0.5, responseFormat: {type: json_object}}, system: Long text., extraBody: {x: 1}',
      sent: { temperature: 0.5, x: 1, max_tokens: 64, messages: [{ role: 'user' }] },
    },
  ])('has $name', async ({ more, sent }) => {
    await using endpoint = await startEndpoint();
    using folder = workspace({ 'earsight.config.yaml': server(endpoint, more) });

    await folder.run(['probe']);

    expect(endpoint.requests[0]?.json).toMatchObject(sent);
    expect(endpoint.requests[0]?.json).not.toHaveProperty('response_format');
  });

  test('ignores the limits in the configuration of the model', async () => {
    await using endpoint = await startEndpoint();
    using folder = workspace({
      'earsight.config.yaml': server(
        endpoint,
        'modalities: [text], maxImages: 1, maxMediaBytes: 10, audioFormats: [mp3]',
      ),
    });

    const { stdout } = await folder.run(['probe']);

    expect(calls(endpoint)).toHaveLength(4);
    expect(stdout).toContain('modalities: [text, image, audio]');
  });

  test.each([
    ['2027-01-14', 'yes, with the shutdown date 2027-01-14', '2027-01-14'],
    [null, 'yes', null],
    [undefined, 'yes', null],
    ['soon', 'yes', null],
    ['2027-13-45', 'yes', null],
  ])('reads the shutdown date %j in the list of models', async (shutdown_date, shown, shutdownDate) => {
    const data = [
      { id: 'other', shutdown_date: '2020-01-01' },
      { id: 'a', object: 'model', shutdown_date },
    ];
    await using endpoint = await startEndpoint((request) =>
      request.method === 'GET' ? { json: { object: 'list', data } } : answer(request),
    );
    using folder = workspace({ 'earsight.config.yaml': listed(endpoint) });

    const { stdout } = await folder.run(['probe'], { env });
    const json = await folder.run(['probe', '--json'], { env });

    expect(stdout).toContain(`  listed                ${shown}\n`);
    expect(JSON.parse(json.stdout)).toMatchObject({ models: [{ isListed: true, shutdownDate }] });
    expect(endpoint.requests.find(({ method }) => method === 'GET')).toMatchObject({
      path: '/v1/models',
      headers: { authorization: `Bearer ${KEY}` },
    });
  });

  test.each([
    [
      'is not in the list',
      { json: { data: [{ id: 'b' }] } },
      false,
      /^ {2}listed +no: the endpoint's list of models has no a$/m,
    ],
    ['has no list', { status: 404, json: {} }, null, null],
    ['lists something else', { json: { models: ['a'] } }, null, null],
  ])('says so when the model %s', async (_, reply, isListed, shown) => {
    await using endpoint = await startEndpoint((request) => (request.method === 'GET' ? reply : answer(request)));
    using folder = workspace({ 'earsight.config.yaml': listed(endpoint) });

    const { code, stdout } = await folder.run(['probe'], { env });
    const json = await folder.run(['probe', '--json'], { env });

    expect(code).toBe(0);
    if (shown === null) expect(stdout).not.toContain('listed');
    else expect(stdout).toMatch(shown);
    expect(JSON.parse(json.stdout)).toMatchObject({ models: [{ isListed, shutdownDate: null }] });
  });

  test('warns of a model that is retired', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({
      'earsight.config.yaml': azureConfig(endpoint).replace('Phi-4-multimodal-instruct', 'gpt-4o'),
    });

    const { stderr } = await folder.run(['probe'], { env, now: () => Date.parse('2026-11-29') });

    expect(stderr).toContain(
      "warning: phi-4-mm: gpt-4o was retired on Azure on 2026-10-01 by Microsoft's schedule of 2026-07-07\n",
    );
  });

  test('leaves out media that the provider does not support', async () => {
    await using endpoint = await startEndpoint(() => ({
      json: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'claude-served',
        content: [{ type: 'text', text: 'Square' }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 20, output_tokens: 3 },
      },
    }));
    using folder = workspace({
      'earsight.config.yaml': `
models:
  - {id: c, provider: anthropic, endpoint: "${endpoint.url}", model: claude-x, auth: {type: key, env: K}}
`,
    });

    const { code, stdout, stderr } = await folder.run(['probe'], { env: { K: KEY } });

    expect(code).toBe(0);
    expect(stderr).toBe('sends at most 3 calls: 3 to c\n');
    expect(stdout).not.toContain('audio');
    expect(stdout).toContain('modalities: [text, image]');
  });

  test('goes to the first variant only, and to the models that are named', async () => {
    await using endpoint = await startEndpoint();
    using folder = workspace({
      'earsight.config.yaml': `
models:
  - {id: a, provider: openai, endpoint: "${endpoint.url}/a/v1", model: a, auth: {type: none}}
  - {id: b, provider: openai, endpoint: "${endpoint.url}/b/v1", model: b, auth: {type: key, env: MISSING}}
variants: [{id: plain}, {id: warm, params: {temperature: 1}}]
`,
    });

    const { code, stdout } = await folder.run(['probe', '--model', 'a']);

    expect(code).toBe(0);
    expect(calls(endpoint)).toHaveLength(4);
    expect(stdout).toMatch(/^a@plain$/m);
    expect(stdout).toMatch(/^ {4}- id: a$/m);
  });

  test('carries an Entra ID token for the scope that is shown', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({
      'earsight.config.yaml': azureConfig(endpoint).replace(/auth: .*/, 'auth: {type: entra}'),
    });
    const scopes: unknown[] = [];
    const credential = {
      getToken: async (scope: string | string[]) => {
        scopes.push(scope);
        return { token: 'entra-token-5d0b1c', expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };

    const { code, stdout } = await folder.run(['probe'], { credential });

    expect(code).toBe(0);
    expect(scopes).toEqual(['https://cognitiveservices.azure.com/.default']);
    expect(stdout).toContain('authentication        Entra ID token for https://cognitiveservices.azure.com/.default\n');
    expect(endpoint.requests[0]?.headers.authorization).toBe('Bearer entra-token-5d0b1c');
  });

  test('is streamed where the model is, with the time to the first token', async () => {
    const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
    await using endpoint = await startEndpoint(() => ({
      headers: { 'content-type': 'text/event-stream' },
      body: [
        event({ model: 's', choices: [{ index: 0, delta: { content: 'Square' } }] }),
        event({ model: 's', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
        'data: [DONE]\n\n',
      ].join(''),
    }));
    using folder = workspace({ 'earsight.config.yaml': server(endpoint, 'stream: true') });

    const { code, stdout } = await folder.run(['probe']);

    expect(code).toBe(0);
    expect(withoutTimes(stdout)).toContain('"Square" · first token after N ms · N ms');
  });

  test('stops at a signal; earlier findings stay printed', async () => {
    const stop = new AbortController();
    await using endpoint = await startEndpoint((request) => {
      if (!request.path.startsWith('/second')) return answer(request);
      stop.abort(130);
      return { hang: true };
    });
    using folder = workspace({
      'earsight.config.yaml': `
models:
  - {id: first, provider: openai, endpoint: "${endpoint.url}/v1", model: a, auth: {type: none}}
  - {id: second, provider: openai, endpoint: "${endpoint.url}/second/v1", model: b, auth: {type: none}}
`,
    });

    const { code, stdout } = await folder.run(['probe'], { stop: stop.signal });

    expect(code).toBe(130);
    expect(calls(endpoint)).toHaveLength(5);
    expect(stdout).toMatch(/^first$/m);
    expect(stdout).not.toMatch(/^second$/m);
  });

  test.each([
    { name: 'a missing key', argv: [], message: 'AZURE_INFERENCE_CREDENTIAL is not set' },
    { name: 'an unknown model', argv: ['--model', 'phi-4-mmm'], message: 'did you mean "phi-4-mm"?' },
  ])('is nothing with $name', async ({ argv, message }) => {
    await using endpoint = await startEndpoint();
    using folder = workspace({ 'earsight.config.yaml': azureConfig(endpoint) });

    const { code, stdout, stderr } = await folder.run(['probe', ...argv], argv.length === 0 ? {} : { env });

    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(endpoint.requests).toHaveLength(0);
  });

  test('is announced after a warning about settings that are not sent', async () => {
    await using endpoint = await startEndpoint();
    using folder = workspace({
      'earsight.config.yaml': server(endpoint, 'reasoning: true, params: {temperature: 0}'),
    });

    const { stderr } = await folder.run(['probe']);

    expect(stderr).toMatch(/^warning: m: temperature is not sent: .*\nsends at most 5 calls/);
  });
});

describe('--tokens', () => {
  /** Counts images by a given rule, with `marks` tokens around each. */
  const billing =
    (rule: string, marks = 0) =>
    (request: CapturedRequest): Reply => {
      const [url] = partsOf(request).flatMap(({ image_url }) => image_url?.url ?? []);
      if (url === undefined) return answer(request);
      const { width, height } = imageSize(Buffer.from(url.split(',')[1] ?? '', 'base64'));
      const prompt_tokens =
        14 + marks + imageTokens({ model: '', tokens: { image: rule } }, { width, height }).expected;
      return {
        json: chatCompletion('Square', {
          usage: { prompt_tokens, completion_tokens: 1, total_tokens: prompt_tokens + 1 },
        }),
      };
    };
  const alias = (endpoint: Endpoint, model = 'my-deployment', more = '') => `
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: ${model}, auth: {type: none}${more}}
`;

  test.each([
    { rule: 'openai-tiles', marks: 0 },
    { rule: 'openai-tiles base=2833 tile=5667', marks: 0 },
    { rule: 'openai-patches multiplier=1.62 nearest=1 budget=1536', marks: 0 },
    { rule: 'phi-4-multimodal', marks: 2 },
    { rule: 'qwen-vl', marks: 2 },
    { rule: 'claude', marks: 0 },
    { rule: 'mistral', marks: 1 },
    { rule: 'gemini-tiles', marks: 0 },
  ])('finds $rule behind a model name that does not tell', async ({ rule, marks }) => {
    await using endpoint = await startEndpoint(billing(rule, marks));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint) });

    const { code, stdout, stderr } = await folder.run(['probe', '--tokens']);

    expect(code).toBe(0);
    expect(stderr).toBe('sends at most 4 calls: 4 to m\n');
    expect(endpoint.requests.map(kinds)).toEqual(['text', 'text image_url', 'text image_url', 'text image_url']);
    const around = marks === 0 ? '' : `, ${marks} tokens around each image`;
    expect(stdout).toContain(`  image rule            ${rule} (exact${around})\n`);
    const [, yaml = ''] = stdout.split('for the configuration:\n');
    expect(parse(yaml)).toEqual([{ id: 'm', tokens: { image: rule } }]);
  });

  test('gives a flat count when every size counts the same', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint) });

    const { stdout } = await folder.run(['probe', '--tokens']);

    expect(stdout).toContain('  image rule            flat tokens=100 (exact)\n');
    expect(stdout).toContain('      tokens: {image: flat tokens=100}\n');
  });

  test('sends sizes that distinguish all rules that any size can distinguish', async () => {
    await using endpoint = await startEndpoint((request) => answer(request));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint) });
    await folder.run(['probe', '--tokens']);
    const sent = endpoint.requests.slice(1).map(sizeOf);
    const many = [100, 256, 400, 600, 900, 1400, 2000, 2400].flatMap((width) =>
      [64, 300, 700, 1100].map((height) => ({ width, height })),
    );
    const count = (mapping: string, sizes: readonly Size[]) =>
      sizes.map((size) => imageTokens({ model: '', tokens: { image: mapping } }, size).expected);
    const apart = (a: readonly number[], b: readonly number[]) =>
      a.some((tokens, index) => tokens - (b[index] ?? 0) !== (a[0] ?? 0) - (b[0] ?? 0));
    const rules = IMAGE_CANDIDATES.map(({ mapping }) => ({
      mapping,
      seen: count(mapping, sent),
      all: count(mapping, many),
    }));

    const confused = rules.flatMap((a, index) =>
      rules
        .slice(index + 1)
        .filter((b) => !apart(a.seen, b.seen) && Math.abs((a.seen[0] ?? 0) - (b.seen[0] ?? 0)) <= 12)
        .filter((b) => apart(a.all, b.all))
        .map((b) => `${a.mapping} or ${b.mapping}`),
    );

    expect(sent).toHaveLength(3);
    expect(confused).toEqual([]);
  });

  test('says when the estimate is already correct', async () => {
    await using endpoint = await startEndpoint(billing('phi-4-multimodal', 2));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint, 'Phi-4-multimodal-instruct') });

    const { stdout } = await folder.run(['probe', '--tokens']);

    expect(stdout).toMatch(/^ {2}estimate +\d+, \d+, \d+ by phi-4-multimodal: correct$/m);
    expect(stdout).not.toContain('for the configuration');
  });

  test('keeps the other rules of the model', async () => {
    await using endpoint = await startEndpoint(billing('claude'));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint, 'x', ', tokens: {audio: openai-audio}') });

    const { stdout } = await folder.run(['probe', '--tokens', '--json']);

    expect(JSON.parse(stdout)).toMatchObject({
      models: [
        {
          found: {
            about: 'image tokens',
            fits: true,
            readings: [
              { width: 64, height: 64 },
              { width: 1800, height: 1400 },
              { width: 2400, height: 300 },
            ],
          },
          configuration: { tokens: { audio: 'openai-audio', image: 'claude' } },
        },
      ],
    });
  });

  test('gives no rule when none fits', async () => {
    const figures = [14, 5000, 30, 9000];
    await using endpoint = await startEndpoint((_request, index) => ({
      json: chatCompletion('x', { usage: { prompt_tokens: figures[index], completion_tokens: 1, total_tokens: 1 } }),
    }));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint) });

    const { code, stdout } = await folder.run(['probe', '--tokens']);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}image rule +no known rule fits, the closest is .* \(off by \d+\.\d %/m);
    expect(stdout).not.toContain('for the configuration');
  });

  test.each([
    { name: 'counts nothing for images', usage: { prompt_tokens: 14 }, calls: 4, shown: 'none: images add no tokens' },
    { name: 'reports no usage', usage: null, calls: 1, shown: 'unknown: no prompt tokens to compare' },
  ])('gives no rule when the endpoint $name', async ({ usage, calls, shown }) => {
    await using endpoint = await startEndpoint(() => ({ json: chatCompletion('Square', { usage }) }));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint) });

    const { code, stdout } = await folder.run(['probe', '--tokens']);

    expect(code).toBe(0);
    expect(endpoint.requests).toHaveLength(calls);
    expect(stdout).toContain(`  image rule            ${shown}\n`);
  });

  test('exits with 3 when text gets no answer', async () => {
    await using endpoint = await startEndpoint(() => ({ status: 401, json: { error: { message: 'no' } } }));
    using folder = workspace({ 'earsight.config.yaml': alias(endpoint) });

    const { code, stderr } = await folder.run(['probe', '--tokens']);

    expect(code).toBe(3);
    expect(endpoint.requests).toHaveLength(1);
    expect(stderr).toContain('no answer to text: m');
  });
});

function withoutTimes(text: string): string {
  return text.replace(/\d+(\.\d+)? (ms|s)\b/g, 'N ms');
}
