import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGuardedAgent, fetchMedia, guardLookup } from '../../src/dataset/remote-media.ts';
import { ProviderError } from '../../src/errors.ts';
import { type Script, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';
import { loopbackAgent } from './loopback.ts';

const png = pngBytes({ width: 30, height: 30 });

async function serve(script: Script) {
  const endpoint = await startEndpoint(script);
  onTestFinished(() => endpoint.close());
  return { endpoint, dispatcher: loopbackAgent(endpoint.port), maxBytes: 10_000 };
}

async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProviderError) return error;
  throw new Error(`no ProviderError but ${String(error)}`);
}

describe('fetching', () => {
  test('returns the bytes and sends neither our name nor a key', async () => {
    const { endpoint, ...options } = await serve({ body: png });

    const { bytes, mediaType } = await fetchMedia('https://media.example/a.gif?sig=x', options);

    expect([bytes.equals(png), mediaType]).toEqual([true, 'image/png']);
    expect(endpoint.requests[0]?.url).toBe('/a.gif?sig=x');
    expect(Object.keys(endpoint.requests[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
    ]);
  });

  test('follows redirects, relative ones too', async () => {
    const { endpoint, ...options } = await serve([
      { status: 302, headers: { location: 'https://other.example/b' } },
      { status: 307, headers: { location: '/c' } },
      { status: 200, body: png },
    ]);

    const { bytes } = await fetchMedia('https://media.example/a', options);

    expect(bytes.equals(png)).toBe(true);
    expect(endpoint.requests.map(({ headers, path }) => `${headers.host}${path}`)).toEqual([
      'media.example/a',
      'other.example/b',
      'other.example/c',
    ]);
  });

  test.each([
    [
      'to http:',
      { status: 302, headers: { location: 'http://other.example/b' } },
      'media host "other.example" uses http:, not https:',
    ],
    [
      'to a private address',
      { status: 302, headers: { location: 'https://127.0.0.1/b' } },
      'media host "127.0.0.1" has a private address',
    ],
    [
      'to a private address in hexadecimal',
      { status: 301, headers: { location: 'https://0xa9fea9fe/latest' } },
      'media host "169.254.169.254" has a private address',
    ],
    [
      'without end',
      { status: 302, headers: { location: '/again' } },
      'media host "media.example" redirects more than 3 times',
    ],
    [
      'to what is no URL',
      { status: 302, headers: { location: 'https://' } },
      'media host "media.example" redirects to an invalid URL',
    ],
  ])('rejects a redirect %s', async (_, reply, message) => {
    const { endpoint, ...options } = await serve(() => reply);

    const error = await failureOf(fetchMedia('https://media.example/a', options));

    expect([error.kind, error.message]).toEqual(['media', message]);
    expect(endpoint.requests.length).toBeLessThanOrEqual(4);
  });

  test.each([
    [
      'too many bytes',
      { body: Buffer.concat([pngBytes(), Buffer.alloc(10_001)]) },
      'sends more than 10000 bytes',
      undefined,
    ],
    [
      'a web page of too many bytes, by its first ones',
      { body: `<!doctype html>${' '.repeat(10_001)}` },
      'sends neither an image nor a clip: it is a web page (HTML)',
      undefined,
    ],
    [
      'a body that is neither an image nor a clip',
      { body: 'hello' },
      'sends neither an image nor a clip of a known type',
      undefined,
    ],
    ['a web page', { body: '<html>' }, 'sends neither an image nor a clip: it is a web page (HTML)', undefined],
    [
      'a web page that calls itself a picture',
      { headers: { 'content-type': 'image/png' }, body: '<html>' },
      'sends neither an image nor a clip: it is a web page (HTML)',
      undefined,
    ],
    [
      'a declared length above the limit, without reading on',
      { headers: { 'content-length': '1000000000' }, chunks: [png], reset: 'after' as const },
      'sends more than 10000 bytes',
      undefined,
    ],
    [
      'less than the declared length',
      { headers: { 'content-length': '9000' }, chunks: [png], reset: 'after' as const },
      'cannot be reached',
      true,
    ],
    [
      'compressed bytes, which may become gigabytes',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(10_000_000)) },
      'sends compressed bytes (gzip)',
      undefined,
    ],
    ['no bytes', { body: '' }, 'sends no bytes', undefined],
    ['404', { status: 404, body: 'secret' }, 'answers status 404', false],
    ['a redirect without a place', { status: 304 }, 'answers status 304', false],
    ['429', { status: 429 }, 'answers status 429', true],
    ['503', { status: 503 }, 'answers status 503', true],
    ['a reset', { reset: 'before' as const }, 'cannot be reached', true],
  ])('fails on %s', async (_, reply, message, retryable) => {
    const { endpoint: _endpoint, ...options } = await serve(() => reply);

    const error = await failureOf(fetchMedia('https://media.example/a?sig=SECRET', options));

    expect([error.kind, error.message]).toEqual(['media', `media host "media.example" ${message}`]);
    expect(error.details.retryable).toBe(retryable);
  });

  test('stops at the limit when a body without a length never ends', async () => {
    let sent = 0;
    function* endless() {
      for (yield png; ; sent += 1) yield Buffer.alloc(4096);
    }
    const { endpoint: _endpoint, ...options } = await serve(() => ({ chunks: endless() }));

    const error = await failureOf(fetchMedia('https://media.example/a', options));

    expect(error.message).toBe('media host "media.example" sends more than 10000 bytes');
    // What the sockets of both sides hold, and not more.
    expect(sent).toBeLessThan(10_000);
  });

  test('does not take more than the declared length', async () => {
    const raw = (socket: Socket) =>
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n${png.toString('latin1')}`);
    const { endpoint: _endpoint, ...options } = await serve(() => ({ raw }));

    const error = await failureOf(fetchMedia('https://media.example/a', options));

    expect(error.message).toBe('media host "media.example" sends neither an image nor a clip of a known type');
  });

  test('ends with the run', async () => {
    const { endpoint, ...options } = await serve(() => ({ hang: true }));
    const abort = new AbortController();
    const fetched = failureOf(fetchMedia('https://media.example/a', { ...options, signal: abort.signal }));
    await endpoint.arrived(1);

    abort.abort();

    expect((await fetched).kind).toBe('aborted');
  });
});

describe('the guarded agent', () => {
  /** A resolver that answers with these addresses. */
  const answering =
    (...addresses: readonly string[]): LookupFunction =>
    (_, options, callback) => {
      const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all === true) callback(null, found);
      else callback(null, found[0]?.address ?? '', found[0]?.family);
    };

  const fetchVia = async (lookup: LookupFunction, url: string) => {
    const dispatcher = createGuardedAgent(lookup);
    onTestFinished(() => dispatcher.destroy());
    return failureOf(fetchMedia(url, { dispatcher, maxBytes: 1000 }));
  };

  test.each([
    ['this network', ['0.0.0.0']],
    ['a private address', ['10.0.0.1']],
    ['a private address', ['172.16.0.1']],
    ['a private address', ['192.168.0.1']],
    ['carrier-grade NAT', ['100.64.0.1']],
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['any IPv6 address of this machine', ['::']],
    ['a unique-local address', ['fc00::1']],
    ['a unique-local address', ['fd12:3456:789a::1']],
    ['a link-local address', ['fe80::1']],
    ['a mapped loopback address', ['::ffff:127.0.0.1']],
    ['a mapped loopback address in hexadecimal', ['::ffff:7f00:1']],
    ['a mapped address in full', ['0:0:0:0:0:ffff:10.0.0.1']],
    ['a public and a private address', ['93.184.216.34', '127.0.0.1']],
    ['a public and a private address of IPv6', ['2606:4700::1111', 'fd00::1']],
    ['the metadata service', ['169.254.169.254']],
    ['Azure’s wire server', ['168.63.129.16']],
  ])('does not connect to a name that leads to %s', async (_, addresses) => {
    const endpoint = await startEndpoint({ body: png });
    onTestFinished(() => endpoint.close());

    const error = await fetchVia(answering(...addresses), `https://rebound.example:${endpoint.port}/a.png`);

    expect([error.kind, error.message]).toEqual([
      'media',
      `media host "rebound.example:${endpoint.port}" has a private address`,
    ]);
    expect(endpoint.connections()).toBe(0);
  });

  test('resolves names with the system resolver by default', async () => {
    const endpoint = await startEndpoint({ body: png });
    onTestFinished(() => endpoint.close());

    const error = await fetchVia(dnsLookup, `https://localhost:${endpoint.port}/a.png`);

    expect(error.message).toContain('has a private address');
    expect(endpoint.connections()).toBe(0);
  });

  test('connects to the address that was checked, and checks each connection', async () => {
    const endpoint = await startEndpoint(() => ({ headers: { connection: 'close' } }));
    onTestFinished(() => endpoint.close());
    // Stands for a public name that leads to this machine as soon as it was looked up once (DNS rebinding).
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];
    const asked: string[] = [];
    const rebinding: LookupFunction = (host, options, callback) => {
      const address = answers[asked.push(host) - 1] ?? '';
      answering(address)(host, options, callback);
    };
    const agent = createGuardedAgent(rebinding, (address) => address === '127.0.0.1');
    onTestFinished(() => agent.destroy());
    const send = () => request(`http://rebound.example:${endpoint.port}/`, { dispatcher: agent });

    const first = await send();
    await first.body.dump();

    expect([endpoint.connections(), asked]).toEqual([1, ['rebound.example']]);
    await expect(send()).rejects.toMatchObject({ name: 'PrivateAddressError' });
    expect(endpoint.connections()).toBe(1);
  });

  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '0177.0.0.1',
    '017700000001',
    '127.1',
    '127.0.0.1.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:FFFF:127.0.0.1]',
  ])('does not connect to %s', async (host) => {
    const endpoint = await startEndpoint({ body: png });
    onTestFinished(() => endpoint.close());

    const error = await fetchVia(answering('93.184.216.34'), `https://${host}:${endpoint.port}/a.png`);

    expect(error.message).toContain('has a private address');
    expect(endpoint.connections()).toBe(0);
  });

  test.each([
    ['no address', answering()],
    ['an error', ((_host, _options, callback) => callback(new Error('ENOTFOUND'), '')) satisfies LookupFunction],
  ])('reports a name that has %s', async (_, lookup) => {
    const error = await fetchVia(lookup, 'https://nowhere.example/a.png');

    expect([error.kind, error.message, error.details.retryable]).toEqual([
      'media',
      'media host "nowhere.example" cannot be reached',
      true,
    ]);
  });

  test.each([{ all: true }, { all: false }])('hands a public address on when it is asked with %j', async (options) => {
    const dispatched = new Promise<unknown>((resolve) => {
      const asked: LookupFunction = (host, _, callback) => answering('93.184.216.34')(host, { all: true }, callback);
      guardLookup(asked)('media.example', options, (...answer) => resolve(answer));
    });

    expect(await dispatched).toEqual(
      options.all ? [null, [{ address: '93.184.216.34', family: 4 }]] : [null, '93.184.216.34', 4],
    );
  });
});
