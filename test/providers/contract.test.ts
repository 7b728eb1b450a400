/** What every registered provider keeps, whatever it speaks. */

import { describe, expect, test } from 'vitest';
import { PROVIDERS, type ProviderName } from '../../src/providers/registry.ts';
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
  memoryLoader,
  PNG,
  system,
  testModel,
  text,
  user,
} from '../helpers/ask.ts';
import { type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';

/** An answer in every dialect at once. */
const ANSWER = {
  id: 'id-1',
  text: 'Paris',
  model: 'served',
  choices: [{ message: { content: 'Paris' }, finish_reason: 'stop' }],
  content: [{ type: 'text', text: 'Paris' }],
  stop_reason: 'end_turn',
  candidates: [{ content: { parts: [{ text: 'Paris' }] }, finishReason: 'STOP' }],
  modelVersion: 'served',
};

const names = Object.keys(PROVIDERS) as ProviderName[];
/** A transcription takes a clip, and nothing else. */
const conversing = names.filter((name) => name !== 'transcription');

function askOf(name: ProviderName, model: ModelConfig, options: Parameters<typeof ask>[2] = {}) {
  return ask(model, name === 'transcription' ? [user(audio())] : undefined, options);
}

const withKey = names.filter(
  (name) => PROVIDERS[name].auth(testModel(name, { endpoint: 'http://localhost' })).type === 'key',
);

function modelAt(name: ProviderName, endpoint: Endpoint, more: Partial<ModelConfig> = {}): ModelConfig {
  return testModel(name, { endpoint: endpoint.url, ...more });
}

test('there are providers', () => {
  expect(names.length).toBeGreaterThanOrEqual(5);
  expect(withKey.length).toBeGreaterThanOrEqual(4);
});

describe.each(names)('%s', (name) => {
  const provider = PROVIDERS[name];

  test('names a variable that is not the URL of a proxy', () => {
    const model = testModel(name, { endpoint: 'https://h.example' });

    const problems = provider.problems(model, { ...ENV, https_proxy: 'ht tp://x' });

    expect(problems.map(({ message }) => message)).toEqual(['m1: https_proxy is not the URL of a proxy']);
  });

  test('describes itself and takes text', () => {
    expect(provider.description).toMatch(/^\S.{20,}[^.]$/);
    expect(provider.modalities).toContain('text');
  });

  test('calls the URL that it names, once, with POST', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });
    const model = modelAt(name, endpoint);

    await askOf(name, model);

    expect(endpoint.requests.map(({ method, url }) => `${method} ${endpoint.url}${url}`)).toEqual([
      `POST ${provider.url(model)}`,
    ]);
  });

  test('sends nothing that is not configured', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });

    await askOf(name, modelAt(name, endpoint));

    expect(endpoint.requests[0]?.body).not.toMatch(/temperature|top_?p|seed|stop|penalty|response|stream|detail|null/i);
  });

  const failures: readonly [reply: string, reply_: Reply, kind: FailureKind][] = [
    ['401', { status: 401, json: { error: { message: 'no' } } }, 'auth'],
    ['429', { status: 429, headers: { 'retry-after': '2' }, json: { error: { message: 'slow' } } }, 'rate_limit'],
    ['500', { status: 500, json: { error: { message: 'oh' } } }, 'server'],
    ['400', { status: 400, json: { error: { message: 'bad' } } }, 'bad_request'],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/' } }, 'bad_request'],
    ['an error of status 200', { json: { error: { code: 429, message: 'slow' } } }, 'rate_limit'],
    ['an empty object', { json: {} }, 'invalid_response'],
    ['a page', { body: '<html></html>' }, 'invalid_response'],
    ['a cut reply', { body: JSON.stringify(ANSWER).slice(0, 60) }, 'invalid_response'],
    ['a lost connection', { reset: 'before' }, 'network'],
  ];

  test.each(failures)('reads %s as a failure', async (_name, reply, kind) => {
    await using endpoint = await startEndpoint(reply);

    const failure = await failureOf(askOf(name, modelAt(name, endpoint)));

    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toBe('');
    expect(endpoint.requests).toHaveLength(1);
  });

  test('reads a stream that is cut as a failure', async () => {
    await using endpoint = await startEndpoint({
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: {}\n\n',
    });

    expect((await failureOf(askOf(name, modelAt(name, endpoint, { stream: true })))).kind).toBe('network');
  });

  test('stops at once when it is aborted', async () => {
    await using endpoint = await startEndpoint({ hang: true });
    const controller = new AbortController();
    const outcome = failureOf(askOf(name, modelAt(name, endpoint), { signal: controller.signal }));
    await endpoint.arrived(1);

    controller.abort();

    expect((await outcome).kind).toBe('aborted');
  });

  test('reports an endpoint that is not a URL', () => {
    expect(provider.problems(testModel(name, { endpoint: 'nonsense' }), ENV).map(({ message }) => message)).toEqual([
      'm1: endpoint "nonsense" is not a URL',
    ]);
  });

  test('has wire settings of plain JSON that tells models apart', () => {
    const wireSettings = (model: string) =>
      provider.wireSettings(testModel(name, { endpoint: 'https://host.example', model }));

    expect(JSON.parse(JSON.stringify(wireSettings('a')))).toEqual(wireSettings('a'));
    expect(wireSettings('a')).not.toEqual(wireSettings('b'));
  });

  test('can be closed more than once', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });
    const client = await provider.create(modelAt(name, endpoint), { env: ENV, media: memoryLoader() });

    await client.close?.();

    await expect(client.close?.()).resolves.toBeUndefined();
  });
});

describe.each(conversing)('%s in a conversation', (name) => {
  const provider = PROVIDERS[name];

  test('gives the text and the name of the model that served it', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });

    const completion = await ask(modelAt(name, endpoint), [
      system('be brief'),
      user(text('a')),
      assistant('b'),
      user(text('c')),
    ]);

    expect(completion).toMatchObject({
      text: 'Paris',
      finishReason: 'stop',
      refused: false,
      usage: null,
      servedModel: 'served',
    });
  });

  test('sends every message in its order', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });

    await ask(modelAt(name, endpoint), [user(text('first?')), assistant('second.'), user(text('third?'))]);

    expect(endpoint.requests[0]?.body.match(/first\?|second\.|third\?/g)).toEqual(['first?', 'second.', 'third?']);
  });

  test('sends an image as its bytes in base64', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });

    await ask(modelAt(name, endpoint), [user(text('a'), image(), text('b'))]);

    expect(endpoint.requests[0]?.body).toContain(PNG.base64);
  });

  test('sends audio or says that it cannot', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });
    const model = modelAt(name, endpoint, { modalities: ['text', 'image', 'audio'] });

    const outcome = await ask(model, [user(text('a'), audio())]).then(
      () => 'sent',
      (error) => error.kind,
    );

    expect([outcome, endpoint.requests.length]).toEqual(
      provider.modalities.includes('audio') ? ['sent', 1] : ['unsupported', 0],
    );
  });

  test('takes headers and members of the body from the configuration', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });

    await ask(modelAt(name, endpoint, { headers: { 'X-Team': 'blue' }, extraBody: { custom_member: [1] } }));

    expect(endpoint.requests[0]?.headers['x-team']).toBe('blue');
    expect(endpoint.requests[0]?.json).toMatchObject({ custom_member: [1] });
  });

  test.each([
    ['detail', { detail: 'low' }],
    ['apiVersion', { apiVersion: '2024-10-21' }],
    ['deployment', { deployment: 'blue' }],
  ] as const)('sends %s or says that it does not', async (setting, more) => {
    await using endpoint = await startEndpoint({ json: ANSWER });
    const model = modelAt(name, endpoint, more);

    await ask(modelAt(name, endpoint), [user(image())]);
    await ask(model, [user(image())]);

    const [without, withSetting] = endpoint.requests.map(({ url, headers, body }) =>
      JSON.stringify([url, headers, body]),
    );
    const isNoted = provider.notes(model).some((note) => note.startsWith(`m1: ${setting} is not sent: `));
    expect(isNoted).toBe(withSetting === without);
  });
});

describe.each(withKey)('%s with a key', (name) => {
  const provider = PROVIDERS[name];

  test('puts the key into a header, and nowhere else', async () => {
    await using endpoint = await startEndpoint({ json: ANSWER });

    await askOf(name, modelAt(name, endpoint));

    const [request] = endpoint.requests;
    expect(JSON.stringify(request?.headers)).toContain(KEY);
    expect(`${request?.url}${request?.body}`).not.toContain(KEY);
  });

  test.each([401, 400, 500])('keeps a key that is echoed with status %i out of the failure', async (status) => {
    await using endpoint = await startEndpoint(({ headers }) => ({
      status,
      json: { error: { message: JSON.stringify(headers), code: KEY } },
    }));

    const failure = await failureOf(askOf(name, modelAt(name, endpoint)));

    expect(JSON.stringify([failure.message, failure.stack, failure.details])).not.toContain(KEY);
  });

  test('reports a variable that is not set, and makes no client without it', () => {
    const model = testModel(name, { endpoint: 'https://host.example' });

    expect(provider.problems(model, {}).map(({ message }) => message)).toEqual([
      'm1: the variable TEST_KEY is not set',
    ]);
    expect(() => provider.create(model, { env: {}, media: memoryLoader() })).toThrow('TEST_KEY is not set');
  });

  test('sends no key over plain http unless that is allowed', () => {
    const model = testModel(name, { endpoint: 'http://host.example' });

    expect(provider.problems(model, ENV).map(({ message }) => message)).toEqual([
      'm1: a key would go over plain http to host.example',
    ]);
    expect(provider.problems({ ...model, allowInsecure: true }, ENV)).toEqual([]);
  });

  test('has wire settings without the key', () => {
    const model = testModel(name, { endpoint: 'https://host.example', headers: { 'x-api-key': KEY } });

    expect(JSON.stringify(provider.wireSettings(model))).not.toContain(KEY);
  });
});
