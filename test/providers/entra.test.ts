import { DefaultAzureCredential } from '@azure/identity';
import { describe, expect, test } from 'vitest';
import type { TokenCredential } from '../../src/io.ts';
import { defaultCredential, tokenSource } from '../../src/providers/entra.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import type { ModelConfig } from '../../src/types.ts';
import { ask, chatRequest, ENV, failureOf, memoryLoader, testModel, text, user } from '../helpers/ask.ts';
import { chatCompletion, type Endpoint, gate, startEndpoint } from '../helpers/endpoint.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const { signal } = new AbortController();

/** Gives `token-1`, `token-2`, ..., each good for an hour of the clock it is given. */
function countingCredential(now: () => number = Date.now, ready: Promise<unknown> = Promise.resolve()) {
  const scopes: string[] = [];
  const credential: TokenCredential = {
    getToken: async (scope) => {
      scopes.push(String(scope));
      const token = `token-${scopes.length}`;
      await ready;
      return { token, expiresOnTimestamp: now() + HOUR_MS };
    },
  };
  return { credential, scopes };
}

const entraModel = (endpoint: Endpoint, more: Partial<ModelConfig> = {}) =>
  testModel('azure', { endpoint: `${endpoint.url}/models`, auth: { type: 'entra' }, ...more });
const authorizations = (endpoint: Endpoint) => endpoint.requests.map(({ headers }) => headers.authorization);

describe('a token', () => {
  test('is asked for once, however many want it at the same time', async () => {
    const { opened, open } = gate();
    const { credential, scopes } = countingCredential(Date.now, opened);
    const source = tokenSource(credential, 's', Date.now);

    const wanted = Array.from({ length: 20 }, () => source.token(signal));
    open();

    expect(new Set(await Promise.all(wanted))).toEqual(new Set(['token-1']));
    expect(scopes).toEqual(['s']);
  });

  test('is kept until shortly before its end', async () => {
    let now = 0;
    const { credential, scopes } = countingCredential(() => now);
    const source = tokenSource(credential, 's', () => now);

    await source.token(signal);
    now = HOUR_MS - 6 * MINUTE_MS;

    expect(await source.token(signal)).toBe('token-1');
    expect(scopes).toHaveLength(1);
  });

  test('is refreshed ahead of its end while the old one still serves', async () => {
    let now = 0;
    const { credential, scopes } = countingCredential(() => now);
    const source = tokenSource(credential, 's', () => now);
    await source.token(signal);
    now = HOUR_MS - 4 * MINUTE_MS;

    const served = [await source.token(signal), await source.token(signal)];
    await new Promise((resolve) => setImmediate(resolve));

    expect(served[0]).toBe('token-1');
    expect(await source.token(signal)).toBe('token-2');
    expect(scopes).toHaveLength(2);
  });

  test('that has ended is waited for', async () => {
    let now = 0;
    const { credential } = countingCredential(() => now);
    const source = tokenSource(credential, 's', () => now);
    await source.token(signal);
    now = HOUR_MS - 1000;

    expect(await source.token(signal)).toBe('token-2');
  });

  test('still serves when its refresh fails, and the failure shows once it is needed', async () => {
    let now = 0;
    let fails = false;
    const credential: TokenCredential = {
      getToken: async () => {
        if (fails) throw new Error('the identity service is away');
        return { token: 'token-1', expiresOnTimestamp: now + HOUR_MS };
      },
    };
    const source = tokenSource(credential, 's', () => now);
    await source.token(signal);
    fails = true;

    now = HOUR_MS - 2 * MINUTE_MS;
    const served = await source.token(signal);
    now = HOUR_MS;
    const failure = await failureOf(source.token(signal));

    expect(served).toBe('token-1');
    expect([failure.kind, failure.message]).toEqual(['auth', 'no Entra ID token for s: the identity service is away']);
    expect(failure.details.hint).toContain('az login');
  });

  test('that was rejected is dropped once, not its successor', async () => {
    const { credential } = countingCredential();
    const source = tokenSource(credential, 's', Date.now);
    const first = await source.token(signal);

    source.discard(first);
    const second = await source.token(signal);
    source.discard(first);

    expect([first, second, await source.token(signal)]).toEqual(['token-1', 'token-2', 'token-2']);
  });

  test.each([null, { token: '', expiresOnTimestamp: 1 }])('that is %j is none', async (token) => {
    const failure = await failureOf(tokenSource({ getToken: async () => token }, 's', Date.now).token(signal));

    expect([failure.kind, failure.message]).toEqual(['auth', 'no Entra ID token for s']);
  });

  test('is no longer waited for by a request that is aborted, and goes on for the others', async () => {
    const { opened, open } = gate();
    const { credential, scopes } = countingCredential(Date.now, opened);
    const source = tokenSource(credential, 's', Date.now);
    const controller = new AbortController();
    const [aborted, other] = [source.token(controller.signal), source.token(signal)];

    controller.abort(new Error('enough'));
    open();

    await expect(aborted).rejects.toThrow('enough');
    expect(await other).toBe('token-1');
    expect(scopes).toHaveLength(1);
  });

  test('is not waited for with a signal that is aborted already', async () => {
    const { credential } = countingCredential(Date.now, new Promise(() => {}));

    await expect(tokenSource(credential, 's', Date.now).token(AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});

describe('a client with Entra ID', () => {
  test('goes on with one fresh token after a 401', async () => {
    await using endpoint = await startEndpoint([
      { status: 401, json: { error: { code: 'Unauthorized', message: 'Access token has expired' } } },
      { json: chatCompletion('fine') },
    ]);
    const { credential } = countingCredential();

    const answer = await ask(entraModel(endpoint), undefined, { context: { credential } });

    expect(answer.text).toBe('fine');
    expect(authorizations(endpoint)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test('gives up after the second 401, and neither token shows', async () => {
    await using endpoint = await startEndpoint(({ headers }) => ({
      status: 401,
      json: { error: { message: `no: ${headers.authorization}` } },
    }));
    const { credential } = countingCredential();

    const failure = await failureOf(ask(entraModel(endpoint), undefined, { context: { credential } }));

    expect([failure.kind, failure.message]).toEqual(['auth', 'no: Bearer [redacted]']);
    expect(endpoint.requests).toHaveLength(2);
  });

  test.each([
    ['https://cognitiveservices.azure.com/.default', undefined, 'https://ai.azure.com/.default'],
    ['https://ai.azure.com/.default', 'https://ai.azure.com/.default', 'https://cognitiveservices.azure.com/.default'],
    ['api://gateway/.default', 'api://gateway/.default', 'https://ai.azure.com/.default'],
  ])('names the other scope when tokens for %s are rejected', async (used, scope, other) => {
    await using endpoint = await startEndpoint({ status: 401, json: { error: { message: 'audience is incorrect' } } });
    const auth = scope === undefined ? ({ type: 'entra' } as const) : ({ type: 'entra', scope } as const);
    const { credential } = countingCredential();

    const failure = await failureOf(ask(entraModel(endpoint, { auth }), undefined, { context: { credential } }));

    expect([failure.kind, failure.details.hint]).toEqual([
      'auth',
      `the token is for ${used}: try auth: {type: entra, scope: ${other}}; the identity needs the role Cognitive Services User (new roles take some minutes)`,
    ]);
  });

  test('names only its own scope on a host whose other scopes are not known', async () => {
    await using endpoint = await startEndpoint({ status: 401, json: {} });
    const { credential } = countingCredential();
    const model = testModel('openai', { endpoint: `${endpoint.url}/v1`, auth: { type: 'entra', scope: 'api://x' } });

    const failure = await failureOf(ask(model, undefined, { context: { credential } }));

    expect(failure.details.hint).toMatch(/^the token is for api:\/\/x: auth.scope must fit the endpoint/);
  });

  test('does not try a second time after a 403', async () => {
    await using endpoint = await startEndpoint({ status: 403, json: { error: { message: 'no role' } } });

    const failure = await failureOf(
      ask(entraModel(endpoint), undefined, { context: { credential: countingCredential().credential } }),
    );

    expect(failure.kind).toBe('auth');
    expect(endpoint.requests).toHaveLength(1);
  });

  test('asks for one fresh token when many requests are rejected at the same time', async () => {
    const { opened, open } = gate();
    await using endpoint = await startEndpoint(({ headers }, index) => {
      if (index === 7) open();
      return headers.authorization === 'Bearer token-1'
        ? { after: opened, status: 401, json: { error: { message: 'expired' } } }
        : undefined;
    });
    const { credential, scopes } = countingCredential();
    const client = await PROVIDERS.azure.create(entraModel(endpoint), { env: {}, media: memoryLoader(), credential });

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.complete(chatRequest([user(text('hi'))]), { signal })),
    );

    expect(answers).toHaveLength(8);
    expect(scopes).toHaveLength(2);
    await client.close?.();
  });

  test('shares its tokens with the other models of the context, by scope', async () => {
    await using endpoint = await startEndpoint();
    const { credential, scopes } = countingCredential();
    const context = { env: ENV, media: memoryLoader(), credential };
    const models = [
      entraModel(endpoint),
      entraModel(endpoint, { id: 'm2' }),
      entraModel(endpoint, { id: 'm3', auth: { type: 'entra', scope: 'api://own/.default' } }),
    ];

    const clients = await Promise.all(models.map((model) => PROVIDERS.azure.create(model, context)));
    for (const client of clients) await client.complete(chatRequest([user(text('hi'))]), { signal });

    expect(scopes).toEqual(['https://cognitiveservices.azure.com/.default', 'api://own/.default']);
    await Promise.all(clients.map((client) => client.close?.()));
  });

  test('tells what its credential says, without sending anything', async () => {
    await using endpoint = await startEndpoint();
    const credential: TokenCredential = { getToken: async () => Promise.reject(new Error('please run az login')) };

    const failure = await failureOf(ask(entraModel(endpoint), undefined, { context: { credential } }));

    expect([failure.kind, failure.message]).toEqual([
      'auth',
      'no Entra ID token for https://cognitiveservices.azure.com/.default: please run az login',
    ]);
    expect(endpoint.requests).toEqual([]);
  });
});

test('the credential by default is the chain of Azure', async () => {
  // Nothing here can sign in; the chain says so in its own words, and asks nobody beyond this machine.
  process.env['AZURE_TOKEN_CREDENTIALS'] = 'EnvironmentCredential';
  try {
    expect(new DefaultAzureCredential()).toHaveProperty('getToken');
    await expect(defaultCredential().getToken('https://cognitiveservices.azure.com/.default')).rejects.toThrow(
      'EnvironmentCredential',
    );
  } finally {
    delete process.env['AZURE_TOKEN_CREDENTIALS'];
  }
});
