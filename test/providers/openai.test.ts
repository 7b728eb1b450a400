import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { isReasoning } from '../../src/providers/chat-body.ts';
import { openai } from '../../src/providers/openai.ts';
import type { GenerateParams, Message, ModelConfig } from '../../src/types.ts';
import {
  ask,
  assistant,
  audio,
  failureOf,
  image,
  KEY,
  MP3,
  memoryLoader,
  PNG,
  system,
  testModel,
  text,
  url,
  user,
  WAV,
} from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

/** The body of one request. */
async function sent(
  more: Partial<ModelConfig>,
  messages: readonly Message[] = [user(text('hi'))],
  params?: GenerateParams,
) {
  await using endpoint = await startEndpoint();
  const model = testModel('openai', { endpoint: `${endpoint.url}/v1`, ...more });
  await ask(model, messages, params === undefined ? {} : { params });
  return endpoint.requests[0];
}

describe('the URL', () => {
  test.each([
    [undefined, 'https://api.openai.com/v1/chat/completions'],
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1/chat/completions'],
    ['http://127.0.0.1:8000/v1/', 'http://127.0.0.1:8000/v1/chat/completions'],
    ['http://localhost:11434', 'http://localhost:11434/v1/chat/completions'],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1/chat/completions'],
    ['https://gateway.example/v1/chat/completions/', 'https://gateway.example/v1/chat/completions'],
    ['https://gateway.example/v1/models', 'https://gateway.example/v1/chat/completions'],
    ['https://gateway.example/v1?team=7', 'https://gateway.example/v1/chat/completions?team=7'],
    [
      'https://gateway.example/v1?sig=secret&code=secret&api_key=secret&v=1',
      'https://gateway.example/v1/chat/completions?sig=redacted&code=redacted&api_key=redacted&v=1',
    ],
  ])('of %s is %s', (endpoint, expected) => {
    expect(openai.url(testModel('openai', endpoint === undefined ? {} : { endpoint }))).toBe(expected);
  });

  test.each(['responses', 'embeddings', 'completions'])('is not another route: %s', (route) => {
    const model = testModel('openai', { endpoint: `https://gateway.example/v1/${route}` });

    expect(openai.problems(model, { TEST_KEY: KEY }).map(({ message }) => message)).toEqual([
      `m1: /v1/${route} is not a chat completions route`,
    ]);
  });

  test.each([
    ['https://r.openai.azure.com/openai/v1', false],
    ['https://api.openai.com/v1', false],
    ['https://d.eastus.models.ai.azure.com', true],
    ['http://127.0.0.1:8000/v1', true],
  ])('%s takes audio by URL: %s', (endpoint, expected) => {
    expect(openai.mediaSupport(testModel('openai', { endpoint })).audioUrl).toBe(expected);
  });

  test('a managed endpoint takes tokens of Azure ML', () => {
    const model = testModel('openai', {
      endpoint: 'https://e.eastus.inference.ml.azure.com/v1',
      auth: { type: 'entra' },
    });

    expect(openai.auth(model)).toMatchObject({ scope: 'https://ml.azure.com/.default' });
  });

  test('keeps the query, secrets included, on the wire', async () => {
    await using endpoint = await startEndpoint();

    await ask(testModel('openai', { endpoint: `${endpoint.url}/v1?sig=abcdefgh12` }));

    expect(endpoint.requests[0]?.url).toBe('/v1/chat/completions?sig=abcdefgh12');
  });

  test('does not show a secret of its query in a failure', async () => {
    await using endpoint = await startEndpoint(({ url: target }) => ({ status: 404, body: `nothing at ${target}` }));

    const failure = await failureOf(ask(testModel('openai', { endpoint: `${endpoint.url}/v1?sig=abcdefgh12` })));

    expect(failure.message).toBe('nothing at /v1/chat/completions?sig=[redacted]');
  });
});

describe('headers', () => {
  test('hold the key, what is configured, and nothing else of ours', async () => {
    const request = await sent({ headers: { 'OpenAI-Organization': 'org-1', 'X-Title': 'eval' } });

    const { host, connection, 'content-length': length, ...headers } = request?.headers ?? {};
    expect(headers).toEqual({
      accept: 'application/json',
      'accept-encoding': 'identity',
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'openai-organization': 'org-1',
      'user-agent': 'earsight',
      'x-title': 'eval',
    });
  });

  test('hold no authorization with auth none', async () => {
    expect((await sent({ auth: { type: 'none' } }))?.headers.authorization).toBeUndefined();
  });

  test('send no key of the environment to a host that is not configured for one', async () => {
    await using endpoint = await startEndpoint();
    const { auth, ...model } = testModel('openai', { endpoint: `${endpoint.url}/v1` });

    await ask(model, undefined, { context: { env: { OPENAI_API_KEY: KEY } } });

    expect(JSON.stringify(endpoint.requests[0]?.headers)).not.toContain(KEY);
  });

  test('of the configuration win over ours', async () => {
    const request = await sent({
      headers: { Authorization: 'Token mine-12345', 'Content-Type': 'application/json; charset=utf-8' },
    });

    expect(request?.headers).toMatchObject({
      authorization: 'Token mine-12345',
      'content-type': 'application/json; charset=utf-8',
    });
  });
});

describe('the body', () => {
  test('holds only model and messages when nothing is configured', async () => {
    expect((await sent({}))?.body).toBe('{"model":"test-model","messages":[{"role":"user","content":"hi"}]}');
  });

  test('holds every setting by its name on the wire', async () => {
    const params: GenerateParams = {
      temperature: 0,
      topP: 0.9,
      maxTokens: 0,
      seed: 0,
      stop: ['a', 'b'],
      frequencyPenalty: -1,
      presencePenalty: 1,
      reasoningEffort: 'low',
      responseFormat: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: true },
    };

    expect((await sent({ params }))?.json).toEqual({
      model: 'test-model',
      messages: [{ role: 'user', content: 'hi' }],
      temperature: 0,
      top_p: 0.9,
      max_tokens: 0,
      stop: ['a', 'b'],
      seed: 0,
      frequency_penalty: -1,
      presence_penalty: 1,
      reasoning_effort: 'low',
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'answer', schema: { type: 'object' }, strict: true },
      },
    });
  });

  test.each(['text', 'json_object'] as const)('holds the response format %s as it is', async (type) => {
    expect((await sent({ params: { responseFormat: { type } } }))?.json).toMatchObject({ response_format: { type } });
  });

  test('takes extra members in, which win', async () => {
    const extraBody = { max_tokens: 5, chat_template_kwargs: { enable_thinking: false }, transforms: null };

    expect((await sent({ params: { maxTokens: 9 }, extraBody }))?.json).toMatchObject(extraBody);
  });

  test('keeps the order of text, images and clips', async () => {
    const content = [audio(MP3), text('first'), image(), text('second'), image(url('https://e.com/a.png')), audio(WAV)];

    expect((await sent({}, [user(...content)]))?.json).toMatchObject({
      messages: [
        {
          content: [
            { type: 'input_audio', input_audio: { data: MP3.base64, format: 'mp3' } },
            { type: 'text', text: 'first' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG.base64}` } },
            { type: 'text', text: 'second' },
            { type: 'image_url', image_url: { url: 'https://e.com/a.png' } },
            { type: 'input_audio', input_audio: { data: WAV.base64, format: 'wav' } },
          ],
        },
      ],
    });
  });

  test('holds the history with its answers', async () => {
    const history = [system('be brief'), user(text('a'), image()), assistant('b'), user(text('c'))];

    expect((await sent({}, history))?.json).toMatchObject({
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'image_url' }] },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
      ],
    });
  });

  test('joins several texts of one message by lines', async () => {
    expect((await sent({}, [user(text('a'), text('b'))]))?.json).toMatchObject({ messages: [{ content: 'a\nb' }] });
  });

  test.each([
    [
      'the part’s own',
      { detail: 'low' as const },
      { type: 'image' as const, media: PNG, detail: 'high' as const },
      'high',
    ],
    ['the model’s', { detail: 'low' as const }, image(), 'low'],
    ['none', {}, image(), undefined],
  ])('says %s detail of an image', async (_name, more, part, detail) => {
    const request = await sent(more, [user(part)]);

    expect(request?.json).toMatchObject({ messages: [{ content: [{ image_url: { url: expect.any(String) } }] }] });
    expect(JSON.stringify(request?.json).includes('"detail"')).toBe(detail !== undefined);
    if (detail !== undefined) expect(request?.body).toContain(`"detail":"${detail}"`);
  });

  test.each([
    ['audio/flac', 'flac'],
    ['audio/x-wav', 'wav'],
    ['audio/mp4', 'm4a'],
    ['audio/ogg', 'ogg'],
  ])('names %s as format %s', async (mediaType, format) => {
    const clip = { ...WAV, mediaType } as typeof WAV;

    expect((await sent({ audioFormats: [mediaType] }, [user(audio(clip))]))?.body).toContain(`"format":"${format}"`);
  });

  test('fetches the bytes behind a URL with remoteMedia inline', async () => {
    const messages = [user(image(url('https://e.com/a.png')))];

    expect((await sent({ remoteMedia: 'inline' }, messages))?.body).toContain('"url":"data:image/png;base64,iVBOR');
  });

  test('is the same for media of any size', async () => {
    await using endpoint = await startEndpoint();
    const base64 = Buffer.alloc(400_000, 65);
    const media = { ...memoryLoader(), load: async () => ({ mediaType: 'image/png', base64, byteLength: 300_000 }) };

    await ask(testModel('openai', { endpoint: `${endpoint.url}/v1` }), [user(text('a'), image(), text('b'))], {
      context: { media },
    });

    expect(endpoint.requests[0]?.body).toBe(
      JSON.stringify({
        model: 'test-model',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image_url', image_url: { url: `data:image/png;base64,${base64.toString()}` } },
              { type: 'text', text: 'b' },
            ],
          },
        ],
      }),
    );
  });
});

describe('reasoning models', () => {
  test.each([
    ['o1', true],
    ['o3-mini', true],
    ['openai/o4-mini', true],
    ['gpt-5', true],
    ['gpt-5.1-mini', true],
    ['openai/gpt-5-nano', true],
    ['gpt-10', true],
    ['gpt-5-chat-latest', false],
    ['gpt-4o', false],
    ['gpt-4.1', false],
    ['gpt-oss-120b', false],
    ['omni-1', false],
    ['o1x', false],
  ])('%s is one: %s', (model, expected) => {
    expect(isReasoning(testModel('openai', { model }))).toBe(expected);
  });

  test.each([true, false])('are told by reasoning: %s whatever the name', (reasoning) => {
    expect(isReasoning(testModel('openai', { model: reasoning ? 'my-deployment' : 'o3', reasoning }))).toBe(reasoning);
  });

  const params = { temperature: 0, topP: 1, frequencyPenalty: 0, presencePenalty: 0, maxTokens: 9, seed: 1 };

  test('get their own name for the limit, their own role, and no sampling settings', async () => {
    const request = await sent({ model: 'o3', params }, [system('be brief'), user(text('hi'))]);

    expect(request?.json).toEqual({
      model: 'o3',
      messages: [
        { role: 'developer', content: 'be brief' },
        { role: 'user', content: 'hi' },
      ],
      max_completion_tokens: 9,
      seed: 1,
    });
  });

  test('of 5.1 and later get sampling settings when they do not reason', async () => {
    const request = await sent({ model: 'gpt-5.1', params: { ...params, reasoningEffort: 'none' } });

    expect(request?.json).toMatchObject({ temperature: 0, top_p: 1, reasoning_effort: 'none' });
  });

  test('come with a note about each setting that is not sent', () => {
    expect(openai.notes(testModel('openai', { model: 'o3', params }))).toEqual([
      'm1: temperature is not sent: reasoning models reject it',
      'm1: topP is not sent: reasoning models reject it',
      'm1: frequencyPenalty is not sent: reasoning models reject it',
      'm1: presencePenalty is not sent: reasoning models reject it',
    ]);
    expect(openai.notes(testModel('openai', { model: 'gpt-4o', params }))).toEqual([]);
  });
});

describe('problems', () => {
  const LINE_BREAK = 'abc\ndef';
  const cases: readonly [more: Partial<ModelConfig>, env: Record<string, string>, message: string | null][] = [
    [{}, { TEST_KEY: KEY }, null],
    [{}, {}, 'm1: the variable TEST_KEY is not set'],
    [{}, { TEST_KEY: '' }, 'm1: the variable TEST_KEY is not set'],
    [
      {},
      { TEST_KEY: LINE_BREAK },
      'm1: the key in TEST_KEY holds a space, a line break or a character that is not allowed in a header',
    ],
    [
      {},
      { TEST_KEY: 'schlüssel' },
      'm1: the key in TEST_KEY holds a space, a line break or a character that is not allowed in a header',
    ],
    [
      {},
      { TEST_KEY: 'two words' },
      'm1: the key in TEST_KEY holds a space, a line break or a character that is not allowed in a header',
    ],
    [{ endpoint: 'nonsense' }, { TEST_KEY: KEY }, 'm1: endpoint "nonsense" is not a URL'],
    [{ endpoint: 'https://h/v1/responses' }, { TEST_KEY: KEY }, 'm1: /v1/responses is not a chat completions route'],
    [
      { endpoint: 'https://h/v1/completions' },
      { TEST_KEY: KEY },
      'm1: /v1/completions is not a chat completions route',
    ],
    [{ endpoint: 'https://h/v1/embeddings/' }, { TEST_KEY: KEY }, 'm1: /v1/embeddings is not a chat completions route'],
    [{ endpoint: 'ws://h/v1' }, { TEST_KEY: KEY }, 'm1: endpoint "ws://h/v1" is neither https nor http'],
    [{ endpoint: 'https://u:p@h/v1' }, { TEST_KEY: KEY }, 'm1: the endpoint carries a user name or a password'],
    [{ endpoint: 'http://10.0.0.1/v1' }, { TEST_KEY: KEY }, 'm1: a key would go over plain http to 10.0.0.1'],
    [{ endpoint: 'http://10.0.0.1/v1', allowInsecure: true }, { TEST_KEY: KEY }, null],
    [{ endpoint: 'http://10.0.0.1/v1', auth: { type: 'none' } }, {}, null],
    [
      { endpoint: 'http://10.0.0.1/v1', auth: { type: 'none' }, headers: { Authorization: 'x' } },
      {},
      'm1: a key would go over plain http to 10.0.0.1',
    ],
    [
      { endpoint: 'http://10.0.0.1/v1?sig=abc', auth: { type: 'none' } },
      {},
      'm1: a key would go over plain http to 10.0.0.1',
    ],
    [{ endpoint: 'http://localhost:1/v1' }, { TEST_KEY: KEY }, null],
    [{ endpoint: 'http://[::1]:1/v1' }, { TEST_KEY: KEY }, null],
    [{ endpoint: 'http://127.9.9.9:1/v1' }, { TEST_KEY: KEY }, null],
    [
      { endpoint: 'http://127.0.0.1.evil.example/v1' },
      { TEST_KEY: KEY },
      'm1: a key would go over plain http to 127.0.0.1.evil.example',
    ],
    [{ auth: { type: 'entra' } }, {}, 'm1: auth entra needs a scope for api.openai.com'],
    [{ auth: { type: 'entra', scope: 's' } }, {}, null],
    [
      { endpoint: 'http://10.0.0.1/v1', auth: { type: 'entra', scope: 's' }, allowInsecure: true },
      {},
      'm1: an Entra ID token would go over plain http to 10.0.0.1',
    ],
    [{ headers: { 'bad name': 'x' } }, { TEST_KEY: KEY }, 'm1: "bad name" is not a valid header name'],
    [
      { headers: { 'x-token': 'a\nb' } },
      { TEST_KEY: KEY },
      'm1: the value of header x-token holds a line break or a character that is not allowed in a header',
    ],
    [{ extraBody: { messages: [] } }, { TEST_KEY: KEY }, 'm1: extraBody must not hold "messages"'],
    [{ extraBody: { stream: true } }, { TEST_KEY: KEY }, 'm1: extraBody must not hold "stream"'],
    [{ audioEncoding: 'audio_url' }, { TEST_KEY: KEY }, 'm1: this endpoint does not take audio_url'],
    [{ endpoint: 'https://vllm.example/v1', audioEncoding: 'audio_url' }, { TEST_KEY: KEY }, null],
  ];

  test.each(cases)('of %j with %j: %s', (more, env, message) => {
    const problems = openai.problems(testModel('openai', more), env);

    expect(problems.map((problem) => problem.message)).toEqual(message === null ? [] : [message]);
    expect(JSON.stringify(problems)).not.toMatch(/abc\\ndef|schlüssel|two words|a\\nb/);
  });

  test('are reported all at once', () => {
    const problems = openai.problems(
      testModel('openai', { endpoint: 'http://10.0.0.1/v1', extraBody: { model: 'x' } }),
      {},
    );

    expect(problems).toHaveLength(3);
  });

  test('keep a client from being made', () => {
    expect(() => openai.create(testModel('openai'), { env: {}, media: memoryLoader() })).toThrow(InputError);
  });
});

describe('the wire settings', () => {
  const base = testModel('openai', { endpoint: 'https://h/v1' });
  const changes: readonly [name: string, more: Partial<ModelConfig>][] = [
    ['endpoint', { endpoint: 'https://other/v1' }],
    ['model', { model: 'other' }],
    ['audio encoding', { audioEncoding: 'audio_url' }],
    ['remote media', { remoteMedia: 'inline' }],
    ['image history', { imageHistory: 'last' }],
    ['detail', { detail: 'low' }],
    ['stream', { stream: true }],
    ['reasoning', { reasoning: true }],
    ['extra body', { extraBody: { top_k: 1 } }],
    ['a header', { headers: { 'x-a': '1' } }],
    ['a header’s name', { headers: { 'x-key': '1' } }],
  ];

  test.each(changes)('changes with %s', (_name, more) => {
    expect(openai.wireSettings({ ...base, ...more })).not.toEqual(openai.wireSettings(base));
  });

  const same: readonly [name: string, more: Partial<ModelConfig>][] = [
    ['id', { id: 'x' }],
    ['limits', { limits: { concurrency: 1, timeoutMs: 1, retries: 1 } }],
    ['price', { price: { promptPerMillion: 1 } }],
    ['auth', { auth: { type: 'none' } }],
  ];

  test.each(same)('does not change with %s', (_name, more) => {
    expect(openai.wireSettings({ ...base, ...more })).toEqual(openai.wireSettings(base));
  });

  test('holds no value of a header, and does not change with a rotated credential', () => {
    const wireSettings = (value: string) =>
      openai.wireSettings({ ...base, headers: { 'X-Api-Key': value, 'x-team': 'blue-team' } });

    expect(JSON.stringify(wireSettings('secret-1'))).not.toMatch(/secret-1|blue-team/);
    expect(wireSettings('secret-1')).toEqual(wireSettings('secret-2'));
  });

  test('holds no value of the extra body', () => {
    const wireSettings = openai.wireSettings({ ...base, extraBody: { api_key: 'verysecret' } });

    expect(JSON.stringify(wireSettings)).not.toContain('verysecret');
  });

  test('changes with the value of a header that is not a credential', () => {
    const wireSettings = (value: string) => openai.wireSettings({ ...base, headers: { 'x-team': value } });

    expect(wireSettings('blue')).not.toEqual(wireSettings('red'));
  });

  test('holds no secret of the query', () => {
    expect(JSON.stringify(openai.wireSettings({ ...base, endpoint: 'https://h/v1?sig=verysecret' }))).not.toContain(
      'verysecret',
    );
  });
});
