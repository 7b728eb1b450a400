/** What the embedded endpoint rejects before it parses anything. */

import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBodyBudget } from '../../../src/local/http/body-budget.ts';
import { type LocalServer, startLocalServer } from '../../../src/local/server.ts';

/** Threads run compiled code; `npm test` builds it first. */
const workerUrl = new URL('../../../dist/local/engine-worker.js', import.meta.url);
const MAX_BODIES = 1_000_000;

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ workerUrl, models: [], maxBodiesBytes: MAX_BODIES });
}, 60_000);
afterAll(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly code: unknown;
  readonly retryAfter: string | undefined;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `fetch` sets the Host header itself, so the request is made below it. */
function send({ method = 'POST', path = '/v1/chat/completions', headers = {}, body = '{}' }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(path, server.url);
    const sent = request(url, { method, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const { error } = JSON.parse(Buffer.concat(parts).toString());
        resolve({ status: response.statusCode, code: error?.code, retryAfter: response.headers['retry-after'] });
      });
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : body);
  });
}

test.each(['127.0.0.1', 'localhost', 'LOCALHOST:8000', '[::1]:8000', '127.1.2.3:1'])(
  'takes the host %s',
  async (host) => {
    expect(await send({ method: 'GET', path: '/v1/models', headers: { host } })).toMatchObject({ status: 200 });
  },
);

test.each([
  'evil.example',
  'evil.example:8000',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '192.168.1.2',
  '::1',
])('rejects the host %j', async (host) => {
  const answer = await send({ method: 'GET', path: '/v1/models', headers: { host } });
  expect(answer).toMatchObject({ status: 403, code: 'forbidden_host' });
});

test.each(['https://evil.example', 'http://127.0.0.1.evil.example:8000', 'null', 'file://', 'http://user@localhost'])(
  'rejects the origin %s',
  async (origin) => {
    expect(await send({ headers: { origin } })).toMatchObject({ status: 403, code: 'forbidden_origin' });
    const listed = await send({ method: 'GET', path: '/v1/models', headers: { origin } });
    expect(listed).toMatchObject({ status: 403, code: 'forbidden_origin' });
  },
);

test('takes a page of this machine', async () => {
  expect(
    await send({ method: 'GET', path: '/v1/models', headers: { origin: new URL(server.url).origin } }),
  ).toMatchObject({
    status: 200,
  });
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonx',
  '',
])('rejects a body of type %j', async (type) => {
  const answer = await send({ headers: { 'content-type': type } });
  expect(answer).toMatchObject({ status: 415, code: 'unsupported_media_type' });
});

test.each(['application/json', 'Application/JSON; charset=utf-8'])('takes a body of type %s', async (type) => {
  const answer = await send({ headers: { 'content-type': type } });
  expect(answer).toMatchObject({ status: 400, code: 'missing_required_parameter' });
});

test.each(['[', '{"a":', '[{"messages":'])('rejects a body of nested %j before it parses it', async (opening) => {
  const answer = await send({ body: opening.repeat(50_000) });
  expect(answer).toMatchObject({ status: 400, code: 'json_too_deep' });
});

test('brackets inside of texts are not nesting', async () => {
  expect(await send({ body: JSON.stringify({ a: '['.repeat(10_000) }) })).toMatchObject({
    code: 'missing_required_parameter',
  });
});

test('bounds the bodies of all requests in flight together', async () => {
  const open = request(new URL('/v1/chat/completions', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(2 * MAX_BODIES) },
  });
  open.on('error', () => undefined);
  try {
    await new Promise<void>((resolve) => open.write('a'.repeat(0.9 * MAX_BODIES), () => resolve()));
    const large = JSON.stringify({ a: 'a'.repeat(0.5 * MAX_BODIES) });
    await expect.poll(() => send({ body: large })).toMatchObject({ status: 503, code: 'bodies_full', retryAfter: '1' });
    expect(await send({ body: '{}' })).toMatchObject({ status: 400 });
    open.destroy();
    await expect.poll(() => send({ body: large })).toMatchObject({ status: 400, code: 'missing_required_parameter' });
  } finally {
    open.destroy();
  }
});

test('a share counts what fits and gives all of it back once', () => {
  const budget = createBodyBudget(10);
  const first = budget.share();
  const second = budget.share();

  expect([first.add(6), second.add(5), second.add(4), first.add(1)]).toEqual([true, false, true, false]);
  first.release();
  first.release();
  expect(budget.used).toBe(4);
  expect(second.add(6)).toBe(true);
});
