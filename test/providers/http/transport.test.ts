import { getEventListeners } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ProviderError } from '../../../src/errors.ts';
import { abortFailure, transportFailure } from '../../../src/providers/http/transport-failure.ts';
import { PROVIDERS } from '../../../src/providers/registry.ts';
import type { FailureKind } from '../../../src/result.ts';
import { ask, chatRequest, ENV, failureOf, image, memoryLoader, testModel, text, user } from '../../helpers/ask.ts';
import { selfSigned } from '../../helpers/certificate.ts';
import { chatCompletion, drip, type Endpoint, gate, type Reply, startEndpoint } from '../../helpers/endpoint.ts';

const ANSWER = JSON.stringify(chatCompletion('fine'));
const open = (url: string, more = {}) =>
  testModel('openai', { endpoint: `${url}/v1`, auth: { type: 'none' }, ...more });

async function failure(reply: Reply, more = {}): Promise<ProviderError> {
  await using endpoint = await startEndpoint(reply);
  return await failureOf(ask(open(endpoint.url, more)));
}

/** Writes to the socket and ends it. */
const raw = (bytes: string | Buffer): Reply => ({ raw: (socket) => socket.end(bytes) });
const head = (headers: string) => `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}\r\n`;

describe('faults of the wire', () => {
  const cases: readonly [name: string, reply: Reply, kind: FailureKind, retryable?: boolean][] = [
    ['a reset before the answer', { reset: 'before' }, 'network'],
    ['a close before the answer', { raw: (socket) => socket.end() }, 'network'],
    ['a reset within the answer', { body: '{"choices":[', reset: 'after' }, 'network'],
    ['a body shorter than announced', raw(`${head('content-length: 500\r\n')}{"choices":[`), 'network'],
    ['a chunked body without its end', raw(`${head('transfer-encoding: chunked\r\n')}5\r\n{"cho\r\n`), 'network'],
    ['an answer that is no HTTP', raw('SSH-2.0-OpenSSH_9.2\r\n'), 'invalid_response'],
    ['a broken header', raw('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'), 'invalid_response'],
    ['headers without an end', raw(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`), 'invalid_response'],
    [
      'an upgrade that nobody asked for',
      raw('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      'network',
    ],
    [
      'cut JSON',
      { body: ANSWER.slice(0, 50), headers: { 'content-type': 'application/json' } },
      'invalid_response',
      true,
    ],
    ['an empty body', {}, 'invalid_response', true],
    ['an empty body of spaces', { body: ' \n ' }, 'invalid_response', true],
    ['a page', { body: '<html></html>', headers: { 'content-type': 'text/html' } }, 'invalid_response', true],
    ['a text', { body: 'fine' }, 'invalid_response', true],
    ['JSON that is no object', { body: '"fine"' }, 'invalid_response'],
    ['a list', { body: '[]' }, 'invalid_response'],
    ['null', { body: 'null' }, 'invalid_response'],
    ['no content', { status: 204 }, 'invalid_response', true],
    ['an unknown encoding', { body: ANSWER, headers: { 'content-encoding': 'zstd' } }, 'invalid_response'],
    [
      'an encoding named like a method',
      { body: ANSWER, headers: { 'content-encoding': 'constructor' } },
      'invalid_response',
    ],
    ['broken gzip', { body: ANSWER, headers: { 'content-encoding': 'gzip' } }, 'invalid_response', true],
    [
      'cut gzip',
      { body: gzipSync(ANSWER).subarray(0, -9), headers: { 'content-encoding': 'gzip' } },
      'invalid_response',
      true,
    ],
    [
      'a bomb',
      { body: gzipSync(Buffer.alloc(100 * 2 ** 20)), headers: { 'content-encoding': 'gzip' } },
      'invalid_response',
    ],
    ['25 MiB of answer', { body: Buffer.alloc(25 * 2 ** 20, 32) }, 'invalid_response'],
  ];

  test.each(cases)('%s', async (_name, reply, kind, retryable) => {
    const found = await failure(reply);

    expect([found.kind, found.details.retryable]).toEqual([kind, retryable]);
  });

  test('nothing that listens', async () => {
    const endpoint = await startEndpoint();
    await endpoint.close();

    const found = await failureOf(ask(open(endpoint.url)));

    expect([found.kind, found.details.code]).toEqual(['network', 'ECONNREFUSED']);
    expect(found.message).toBe(`127.0.0.1:${endpoint.port}: no server is listening there`);
  });
});

describe('answers in odd clothes', () => {
  const cases: readonly [name: string, reply: Reply][] = [
    ['gzip', { body: gzipSync(ANSWER), headers: { 'content-encoding': 'gzip' } }],
    ['GZIP in capitals', { body: gzipSync(ANSWER), headers: { 'content-encoding': 'GZIP' } }],
    ['deflate', { body: deflateSync(ANSWER), headers: { 'content-encoding': 'deflate' } }],
    ['brotli', { body: brotliCompressSync(ANSWER), headers: { 'content-encoding': 'br' } }],
    ['identity by name', { body: ANSWER, headers: { 'content-encoding': 'identity' } }],
    ['a wrong content type', { body: ANSWER, headers: { 'content-type': 'text/plain' } }],
    ['no content type', { body: ANSWER }],
    ['a byte-order mark', { body: `\uFEFF${ANSWER}` }],
    ['blanks around it', { body: `\n  ${ANSWER}\n` }],
    ['one byte at a time', { chunks: drip(ANSWER) }],
    ['status 201', { status: 201, body: ANSWER }],
    [
      'early hints before it',
      {
        raw: (socket) =>
          socket.end(
            `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${head(`content-length: ${Buffer.byteLength(ANSWER)}\r\n`)}${ANSWER}`,
          ),
      },
    ],
    // The size at which a paused reader ends the process with undici 7 (nodejs/undici#5360).
    [
      '64 KiB and a closed connection',
      raw(`${head('connection: close\r\n')}${ANSWER}${' '.repeat(65_536 - ANSWER.length)}`),
    ],
  ];

  test.each(cases)('%s', async (_name, reply) => {
    await using endpoint = await startEndpoint(reply);

    expect((await ask(open(endpoint.url))).text).toBe('fine');
  });

  test('asks for no encoding', async () => {
    await using endpoint = await startEndpoint();

    await ask(open(endpoint.url));

    expect(endpoint.requests[0]?.headers['accept-encoding']).toBe('identity');
  });
});

describe('the signal', () => {
  const wait = (endpoint: Endpoint, controller: AbortController, more = {}) =>
    failureOf(ask(open(endpoint.url, more), undefined, { signal: controller.signal }));

  test('stops a request that waits for its answer, and the endpoint sees it', async () => {
    await using endpoint = await startEndpoint({ hang: true });
    const controller = new AbortController();
    const outcome = wait(endpoint, controller);
    await endpoint.arrived(1);

    controller.abort();

    expect((await outcome).kind).toBe('aborted');
    await endpoint.requests[0]?.aborted;
  });

  test('stops an answer half-way', async () => {
    const { opened } = gate();
    await using endpoint = await startEndpoint({ chunks: ['{"choices":', opened] });
    const controller = new AbortController();
    const outcome = wait(endpoint, controller);
    await endpoint.arrived(1);

    controller.abort();

    expect((await outcome).kind).toBe('aborted');
    await endpoint.requests[0]?.aborted;
  });

  test('may be shared by many requests, is listened to once, and stops them all', async () => {
    await using endpoint = await startEndpoint({ hang: true });
    const client = await PROVIDERS.openai.create(open(endpoint.url), { env: {}, media: memoryLoader() });
    const controller = new AbortController();
    const { signal } = controller;
    const outcomes = Array.from({ length: 20 }, () =>
      failureOf(client.complete(chatRequest([user(text('all'))]), { signal })),
    );
    await endpoint.arrived(20);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);

    controller.abort();

    expect(new Set((await Promise.all(outcomes)).map(({ kind }) => kind))).toEqual(new Set(['aborted']));
    await client.close?.();
  });

  test('that is aborted before keeps everything from being sent', async () => {
    await using endpoint = await startEndpoint();
    const controller = new AbortController();
    controller.abort();

    expect((await wait(endpoint, controller)).kind).toBe('aborted');
    await ask(open(endpoint.url));
    expect(endpoint.requests).toHaveLength(1);
  });

  test('that is aborted while the connection is made keeps the request from leaving', async () => {
    await using endpoint = await startEndpoint();
    const client = await PROVIDERS.openai.create(open(endpoint.url), { env: {}, media: memoryLoader() });
    const controller = new AbortController();
    const first = failureOf(client.complete(chatRequest([user(text('never'))]), { signal: controller.signal }));
    // Promises alone run here: the socket is asked for, and no input or output has happened yet.
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();

    controller.abort();

    expect((await first).kind).toBe('aborted');
    const { signal } = new AbortController();
    await client.complete(chatRequest([user(text('ever'))]), { signal });
    expect(endpoint.requests.map(({ json }) => JSON.stringify(json)).filter((body) => body.includes('never'))).toEqual(
      [],
    );
    await client.close?.();
  });

  test('says timeout when its reason is one', async () => {
    await using endpoint = await startEndpoint({ hang: true });
    const controller = new AbortController();
    const outcome = wait(endpoint, controller);
    await endpoint.arrived(1);

    controller.abort(new DOMException('no complete answer within 5 ms', 'TimeoutError'));

    const found = await outcome;
    expect([found.kind, found.message]).toEqual(['timeout', 'no complete answer within 5 ms']);
  });

  test('of AbortSignal.timeout says timeout', async () => {
    await using endpoint = await startEndpoint({ hang: true });

    const found = await failureOf(ask(open(endpoint.url), undefined, { signal: AbortSignal.timeout(20) }));

    expect(found.kind).toBe('timeout');
  });

  test('may carry a failure as its reason', () => {
    const controller = new AbortController();
    const reason = transportFailure(
      Object.assign(new Error('x'), { code: 'EPIPE' }),
      controller.signal,
      new URL('http://h'),
    );
    controller.abort(reason);

    expect(abortFailure(controller.signal)).toBe(reason);
  });

  test('does not stop the upload of media but breaks it off', async () => {
    const sockets: Socket[] = [];
    // Accepts and never reads: the upload stands still.
    const server = createTcpServer((socket) => sockets.push(socket.pause()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const controller = new AbortController();
    const big = {
      ...memoryLoader(),
      load: async () => ({ mediaType: 'image/png', base64: Buffer.alloc(30 * 2 ** 20, 65), byteLength: 1 }),
    };
    const outcome = failureOf(
      ask(open(`http://127.0.0.1:${port}`), [user(image())], { signal: controller.signal, context: { media: big } }),
    );
    await new Promise<void>((resolve) => server.once('connection', () => resolve()));

    controller.abort();

    expect((await outcome).kind).toBe('aborted');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('silence', () => {
  test.each<readonly [string, Reply, string]>([
    ['before the answer', { hang: true }, 'UND_ERR_HEADERS_TIMEOUT'],
    ['within the answer', { chunks: ['{"choices":', new Promise(() => {})] }, 'UND_ERR_BODY_TIMEOUT'],
  ])('%s longer than the limit is a timeout', async (_name, reply, code) => {
    const found = await failure(reply, { limits: { concurrency: 1, retries: 0, timeoutMs: 60 } });

    expect([found.kind, found.details.code]).toEqual(['timeout', code]);
  });
});

describe('connections', () => {
  test('are kept, and shared by all models of a context', async () => {
    await using endpoint = await startEndpoint();
    const context = { env: ENV, media: memoryLoader() };
    const clients = await Promise.all(
      ['a', 'b'].map((model) => PROVIDERS.openai.create(open(endpoint.url, { model }), context)),
    );
    const { signal } = new AbortController();

    for (const client of [...clients, ...clients, ...clients])
      await client.complete(chatRequest([user(text('hi'))]), { signal });
    await clients[0]?.close?.();
    await clients[0]?.close?.();
    const last = await clients[1]?.complete(chatRequest([user(text('hi'))]), { signal });

    expect(last?.text).toBe('echo: hi');
    // undici lets a connection rest for a turn of the event loop after an answer, so that two take turns.
    expect(endpoint.connections()).toBeLessThanOrEqual(2);
    await clients[1]?.close?.();
  });

  test('are made anew after all were closed', async () => {
    await using endpoint = await startEndpoint();
    const context = { env: ENV, media: memoryLoader() };

    await ask(open(endpoint.url), undefined, { context });
    await ask(open(endpoint.url), undefined, { context });

    expect(endpoint.connections()).toBe(2);
  });

  test('carry one request at a time, never one behind another', async () => {
    const { opened, open: release } = gate();
    await using endpoint = await startEndpoint({ after: opened, body: ANSWER });
    const client = await PROVIDERS.openai.create(open(endpoint.url), { env: {}, media: memoryLoader() });
    const { signal } = new AbortController();

    const answers = Array.from({ length: 8 }, () => client.complete(chatRequest([user(text('hi'))]), { signal }));
    await endpoint.arrived(8);
    release();

    expect((await Promise.all(answers)).map((answer) => answer.text)).toEqual(Array(8).fill('fine'));
    expect(endpoint.connections()).toBe(8);
    await client.close?.();
  });
});

describe('TLS', () => {
  const certificate = selfSigned('localhost');

  test('answers over a connection that is trusted', async () => {
    await using endpoint = await startEndpoint({ body: ANSWER }, { tls: certificate });

    const answer = await ask(open(`https://localhost:${endpoint.port}`), undefined, {
      context: { trust: certificate.cert },
    });

    expect(answer.text).toBe('fine');
  });

  test.each([
    ['a certificate that nobody vouches for', 'localhost', undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a certificate of another host', '127.0.0.1', certificate.cert, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('rejects %s and does not retry', async (_name, host, trust, code) => {
    await using endpoint = await startEndpoint({ body: ANSWER }, { tls: certificate });
    const context = trust === undefined ? {} : { trust };

    const found = await failureOf(ask(open(`https://${host}:${endpoint.port}`), undefined, { context }));

    expect([found.kind, found.details.code, found.details.retryable]).toEqual(['network', code, false]);
    expect(endpoint.requests).toEqual([]);
  });

  test('rejects a server of plain http and does not retry', async () => {
    await using endpoint = await startEndpoint({ body: ANSWER });

    const found = await failureOf(ask(open(`https://127.0.0.1:${endpoint.port}`)));

    expect([found.kind, found.details.retryable]).toEqual(['network', false]);
  });

  test.each([
    [true, ['2.0', '2.0', '2.0'], true],
    [false, ['1.1', '1.1', '1.1'], false],
  ])(
    'with http2 %s sends requests as %j, side by side on one connection: %s',
    async (http2, expected, oneConnection) => {
      const versions: string[] = [];
      const { opened, open: release } = gate();
      let sessions = 0;
      const server = createSecureServer({ ...certificate, allowHTTP1: true }, async (request, response) => {
        versions.push(request.httpVersion);
        for await (const _piece of request);
        // The first opens the connection; of those that follow none is answered before all are there.
        if (versions.length === 1 + expected.length) release();
        if (versions.length > 1) await opened;
        response.end(ANSWER);
      });
      server.on('secureConnection', () => {
        sessions += 1;
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const client = await PROVIDERS.openai.create(open(`https://localhost:${port}`, { http2 }), {
        env: {},
        media: memoryLoader(),
        trust: certificate.cert,
      });
      const { signal } = new AbortController();

      await client.complete(chatRequest([user(text('first'))]), { signal });
      const answers = await Promise.all(
        expected.map(() => client.complete(chatRequest([user(text('hi'), image())]), { signal })),
      );

      expect(answers.map((answer) => answer.text)).toEqual(['fine', 'fine', 'fine']);
      expect([versions.slice(1), sessions === 1]).toEqual([expected, oneConnection]);
      await client.close?.();
      await new Promise((resolve) => server.close(resolve));
    },
  );

  test.each(['destroy', 'goaway'] as const)(
    'sends each request of HTTP/2 once, also when the connection that they share ends by %s',
    async (end) => {
      const asked: string[] = [];
      const server = createSecureServer(certificate, async (request, response) => {
        let body = '';
        for await (const piece of request) body += piece;
        asked.push(body);
        if (asked.length === 1) response.end(ANSWER);
        if (asked.length === 4) request.stream.session?.[end]();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const client = await PROVIDERS.openai.create(open(`https://localhost:${port}`, { http2: true }), {
        env: {},
        media: memoryLoader(),
        trust: certificate.cert,
      });
      const { signal } = new AbortController();
      const complete = (words: string) => client.complete(chatRequest([user(text(words))]), { signal });
      await complete('first');

      const found = await Promise.all(['a', 'b', 'c'].map((words) => failureOf(complete(words))));

      expect(found.map(({ kind }) => kind)).toEqual(['network', 'network', 'network']);
      expect(new Set(asked).size).toBe(asked.length);
      await client.close?.();
      await new Promise((resolve) => server.close(resolve));
    },
  );

  test('rejects a server without HTTP/2 when it is required', async () => {
    await using endpoint = await startEndpoint({ body: ANSWER }, { tls: certificate });
    const model = open(`https://localhost:${endpoint.port}`, { http2: true });

    const found = await failureOf(ask(model, undefined, { context: { trust: certificate.cert } }));

    expect([found.kind, found.message, found.details.retryable]).toEqual([
      'network',
      'localhost does not speak HTTP/2',
      false,
    ]);
  });

  test('ignores http2 without TLS', async () => {
    await using endpoint = await startEndpoint({ body: ANSWER });

    expect((await ask(open(endpoint.url, { http2: true }))).text).toBe('fine');
  });
});

describe('proxies', () => {
  /** Tunnels every CONNECT to one endpoint and passes on what comes without a tunnel. */
  async function startProxy(endpoint: Endpoint) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { pathname } = new URL(request.url ?? '');
      request.pipe(
        httpRequest({ port: endpoint.port, host: '127.0.0.1', path: pathname, method: 'POST' }, (reply) =>
          reply.pipe(response),
        ),
      );
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      const upstream = connect(endpoint.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const close = () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    };
    return { url: `http://127.0.0.1:${port}`, asked, [Symbol.asyncDispose]: close };
  }

  test.each(['http_proxy', 'HTTP_PROXY'])('%s is honoured for other hosts', async (variable) => {
    await using endpoint = await startEndpoint();
    await using proxy = await startProxy(endpoint);

    const answer = await ask(open('http://models.invalid'), undefined, { context: { env: { [variable]: proxy.url } } });

    expect(answer.text).toBe('echo: hi');
    expect(proxy.asked).toEqual(['CONNECT models.invalid:80']);
  });

  test('https_proxy is honoured for https', async () => {
    const certificate = selfSigned('models.invalid');
    await using endpoint = await startEndpoint({ body: ANSWER }, { tls: certificate });
    await using proxy = await startProxy(endpoint);
    const context = { env: { https_proxy: proxy.url }, trust: certificate.cert };

    const found = await ask(open('https://models.invalid'), undefined, { context });

    expect(found.text).toBe('fine');
    expect(proxy.asked).toEqual(['CONNECT models.invalid:443']);
  });

  test('a proxy may be named without its scheme, as curl takes it', async () => {
    await using endpoint = await startEndpoint();
    await using proxy = await startProxy(endpoint);
    const env = { http_proxy: proxy.url.replace('http://', '') };

    const answer = await ask(open('http://models.invalid'), undefined, { context: { env } });

    expect(answer.text).toBe('echo: hi');
    expect(proxy.asked).toEqual(['CONNECT models.invalid:80']);
  });

  test.each([
    ['http_proxy', 'ht tp://user:hidden@x'],
    ['HTTPS_PROXY', 'ftp://user:hidden@x'],
    ['https_proxy', 'http://'],
  ])('%s=%s is a problem before anything is sent, and its value is not shown', (variable, value) => {
    const problems = PROVIDERS.openai.problems(open('https://models.invalid'), { [variable]: value });

    expect(problems.map(({ message }) => message)).toEqual([`m1: ${variable} is not the URL of a proxy`]);
    expect(JSON.stringify(problems)).not.toContain('hidden');
  });

  test('a wrong variable is not a problem for loopback', () => {
    expect(PROVIDERS.openai.problems(open('http://127.0.0.1:1'), { http_proxy: 'ht tp://x' })).toEqual([]);
  });

  test.each([
    ['that is down', () => 'http://127.0.0.1:1', 'models.invalid: no server is listening there'],
    ['that wants a password', (refusing: string) => refusing, 'models.invalid: Proxy response (407) !== 200'],
  ])('a proxy %s is hinted at', async (_name, proxyOf, message) => {
    const server = createServer().on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const env = { https_proxy: proxyOf(`http://user:hidden@127.0.0.1:${port}`) };

    const found = await failureOf(ask(open('https://models.invalid'), undefined, { context: { env } }));
    server.close();

    expect([found.kind, found.message]).toEqual(['network', expect.stringContaining(message)]);
    expect(found.details.hint).toBe('the request goes through a proxy: check http_proxy, https_proxy and no_proxy');
    expect(JSON.stringify([found.message, found.details, String(found.cause)])).not.toContain('hidden');
  });

  test('loopback is never proxied', async () => {
    await using endpoint = await startEndpoint();
    await using proxy = await startProxy(endpoint);

    await ask(open(endpoint.url), undefined, { context: { env: { http_proxy: proxy.url } } });

    expect(proxy.asked).toEqual([]);
  });

  test('no_proxy is honoured', async () => {
    await using endpoint = await startEndpoint();
    await using proxy = await startProxy(endpoint);
    const env = { http_proxy: proxy.url, no_proxy: 'models.invalid' };

    const found = await failureOf(ask(open('http://models.invalid'), undefined, { context: { env } }));

    expect(found.kind).toBe('network');
    expect(proxy.asked).toEqual([]);
  });
});

describe('codes below HTTP', () => {
  const cases: readonly [code: string, kind: FailureKind, retryable?: boolean][] = [
    ['ENOTFOUND', 'network'],
    ['EAI_AGAIN', 'network'],
    ['ECONNRESET', 'network'],
    ['EPIPE', 'network'],
    ['EMFILE', 'network'],
    ['EHOSTUNREACH', 'network'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'network', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network', false],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'network', false],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'network', false],
    ['EPROTO', 'network', false],
    ['UND_ERR_HEADERS_OVERFLOW', 'invalid_response'],
  ];
  const { signal } = new AbortController();

  test.each(cases)('%s is %s', (code, kind, retryable) => {
    const cause = Object.assign(new Error('below'), { code });

    const found = transportFailure(new Error('above', { cause }), signal, new URL('https://host:8443/v1'));

    expect([found.kind, found.details.code, found.details.retryable]).toEqual([kind, code, retryable]);
    expect(found.message).toMatch(/^host:8443: /);
  });

  test('an error without a code keeps its own message', () => {
    expect(transportFailure('odd', signal, new URL('https://host/v1')).message).toBe('host: odd');
  });
});
