import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { local } from '../../src/providers/local.ts';
import { ask, failureOf, image, KEY, memoryLoader, testModel, url, user } from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

test('sends chat completions to the given address without a key', async () => {
  await using endpoint = await startEndpoint();

  const answer = await ask(testModel('local', { endpoint: `${endpoint.url}/v1` }));

  expect(answer.text).toBe('echo: hi');
  expect(endpoint.requests[0]?.path).toBe('/v1/chat/completions');
  expect(JSON.stringify(endpoint.requests[0]?.headers)).not.toContain(KEY);
});

test('does not support media that it would have to fetch', async () => {
  await using endpoint = await startEndpoint();

  const failure = await failureOf(
    ask(testModel('local', { endpoint: endpoint.url }), [user(image(url('https://e.com/a.png')))]),
  );

  expect([failure.kind, endpoint.requests.length]).toEqual(['unsupported', 0]);
});

test('has no problems before it is started, but makes no client', () => {
  const model = testModel('local');

  expect(local.problems(model, {})).toEqual([]);
  expect(local.url(model)).toBe('http://localhost/v1/chat/completions');
  expect(() => local.create(model, { env: {}, media: memoryLoader() })).toThrow(InputError);
});

test('has the same wire settings at every port', () => {
  const at = (endpoint: string) => local.wireSettings(testModel('local', { endpoint }));

  expect(at('http://127.0.0.1:1/v1')).toEqual(at('http://127.0.0.1:2/v1'));
  expect(at('https://a.example/v1')).not.toEqual(at('https://b.example/v1'));
});
