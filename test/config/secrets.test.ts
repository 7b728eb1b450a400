// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdsKey, isSecretName, literalSecrets } from '../../src/config/secrets.ts';

const paths = (tree: unknown) => literalSecrets(tree).map(({ path }) => path.join('.'));
const model = (members: object) => ({ models: [members] });

test.each([
  ['a key', { apiKey: 'abc' }, 'models.0.apiKey'],
  ['a key in other spelling', { 'API-KEY': 'abc' }, 'models.0.API-KEY'],
  ['a token', { token: 'abc' }, 'models.0.token'],
  ['a key inside auth', { auth: { type: 'key', key: 'abc' } }, 'models.0.auth.key'],
  ['a key as the variable', { auth: { type: 'key', env: 'sk-abc' } }, 'models.0.auth.env'],
  ['a header', { headers: { Authorization: 'Bearer abc' } }, 'models.0.headers.Authorization'],
  ['a bare scheme', { headers: { authorization: 'abc' } }, 'models.0.headers.authorization'],
  ['a vendor’s header', { headers: { 'x-goog-api-key': 'abc' } }, 'models.0.headers.x-goog-api-key'],
  ['a cookie', { headers: { cookie: 'session=abc' } }, 'models.0.headers.cookie'],
  ['a body member', { extraBody: { client: { clientSecret: 'abc' } } }, 'models.0.extraBody.client.clientSecret'],
  ['a key in a query', { endpoint: 'https://host/v1?key=abc' }, 'models.0.endpoint'],
  ['a signature in a query', { endpoint: 'https://host/v1?a=b&sig=abc' }, 'models.0.endpoint'],
  ['a password in a URL', { endpoint: 'https://user:abc@host/v1' }, 'models.0.endpoint'],
  ['a vendor’s key anywhere', { system: 'use sk-abcdefghijklmnopqrst please' }, 'models.0.system'],
  ['a literal key beside a reference', { apiKey: 'abc${NAME}' }, 'models.0.apiKey'],
])('rejects %s', (_, members, path) => {
  expect(paths(model(members))).toEqual([path]);
});

test.each([
  [
    'references',
    { headers: { authorization: 'Bearer ${TOKEN}', 'api-key': '${KEY}' }, extraBody: { apiKey: '${KEY}' } },
  ],
  ['a variable’s name', { auth: { type: 'key', env: 'OPENAI_API_KEY' } }],
  ['a reference in a query', { endpoint: 'https://host/v1?key=${KEY}&api-version=2024-05-01-preview' }],
  ['limits and prices', { limits: { tokensPerMinute: 1 }, params: { maxTokens: 5 }, tokens: { image: 'phi' } }],
  ['harmless headers', { headers: { 'HTTP-Referer': 'https://example.org', 'X-Title': 'earsight' } }],
  ['numbers and mappings', { extraBody: { schema: { properties: { key: { type: 'string' } } }, token: 5 } }],
  ['words about keys', { system: 'What key is this song in? Name the token.' }],
])('lets %s pass', (_, members) => {
  expect(paths(model(members))).toEqual([]);
});

test('a scorer may have an option called key', () => {
  expect(paths({ scorers: [{ name: 'json', key: 'total' }] })).toEqual([]);
});

test.each([
  ['https://host/media?sv=1&sig=abc', ['dataset.mediaRoot']],
  ['https://user:abc@host/media', ['dataset.mediaRoot']],
  ['https://host/media?${SAS}', []],
  ['https://host/media?sv=1&sig=${SIGNATURE}', []],
])('a signature of media must come from the environment: %s', (mediaRoot, expected) => {
  expect(paths({ dataset: { path: 'm.csv', mediaRoot } })).toEqual(expected);
});

test('rejects a secret at the root', () => {
  expect(paths({ password: 'abc' })).toEqual(['password']);
});

test('no message holds any part of the value that is long enough to matter', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9+/=_]{12,60}$/);
  const place = fc.constantFrom(
    (secret: string) => ({ apiKey: secret }),
    (secret: string) => ({ headers: { 'api-key': secret } }),
    (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } }),
    (secret: string) => ({ endpoint: `https://host/v1?key=${secret}` }),
    (secret: string) => ({ auth: { type: 'key', env: `sk-${secret}` } }),
  );
  fc.assert(
    fc.property(value, place, (secret, at) => {
      const found = literalSecrets(model(at(secret)));
      expect(found).toHaveLength(1);
      expect(JSON.stringify(found)).not.toContain(secret.slice(0, 12));
    }),
  );
});

test.each([
  ['sk-proj-abcdefghijklmnop', true],
  ['AIzaSyA0123456789abcdefghij', true],
  ['risk-averse', false],
  ['sk-learn', false],
])('tells whether %j is a vendor’s key', (text, expected) => {
  expect(holdsKey(text)).toBe(expected);
});

test.each([
  ['apiKey', true],
  ['api_key', true],
  ['token', true],
  ['client-secret', true],
  ['maxTokens', false],
  ['keyboard', false],
])('knows whether %s names a secret', (name, expected) => {
  expect(isSecretName(name)).toBe(expected);
});
