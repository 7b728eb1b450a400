/** HTTP for all providers: one undici pool an origin, capped and decoded replies, every fault named. */

import { rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { ProviderError } from '../errors.ts';
import { isLoopback } from './endpoint-url.ts';
import type { Environment } from './provider.ts';
import type { ReplyHeaders } from './retry-after.ts';
import { transportFailure } from './transport-failure.ts';

/** Larger than any answer; what is longer is cut off before it fills the memory. */
export const MAX_REPLY_BYTES = 20 * 2 ** 20;
/** A host that takes longer to accept is down. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Half of the usual limit of 1,024 open files: above it requests wait for a connection. */
const MAX_CONNECTIONS = 512;
/** What HTTP/2 servers usually allow on one connection. */
const MAX_STREAMS = 100;

export interface HttpCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The body in pieces; sent with their summed length. */
  readonly body: readonly Buffer[];
  readonly signal: AbortSignal;
  /** Longest silence before the head and between two pieces of the body. */
  readonly idleTimeoutMs: number;
  readonly http2: boolean;
  /** Gets the head; what it returns gets the pieces of a body that is not encoded, as they come. */
  readonly onHead?: (status: number, headers: ReplyHeaders) => ((piece: Buffer) => void) | undefined;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: ReplyHeaders;
  /** Decoded, at most `MAX_REPLY_BYTES`. */
  readonly body: Buffer;
}

export interface Transport {
  /** Posts once; redirects are not followed. @throws {ProviderError} kinds `network`, `timeout`, `aborted`, `invalid_response`. */
  post(call: HttpCall): Promise<HttpReply>;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

/** Connections are opened when first used. Proxy variables are honoured but for loopback. */
export function createTransport(env: Environment, trust?: string): Transport {
  const dispatchers = new Map<string, Dispatcher>();
  const proxies = proxySettings(env);

  const dispatcherFor = (url: URL, http2: boolean): Dispatcher => {
    const proxied = proxies !== null && !isLoopback(url);
    const key = `${proxied ? 'proxy' : url.origin} ${http2 ? 'h2' : 'h1'}`;
    const existing = dispatchers.get(key);
    if (existing !== undefined) return existing;
    const options = {
      connections: MAX_CONNECTIONS,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(trust === undefined ? {} : { ca: [...rootCertificates, trust] }) },
      // Requests share a connection only where HTTP/2 was asked for: a paid call never queues behind another.
      ...(http2 ? { allowH2: true, pipelining: MAX_STREAMS, maxConcurrentStreams: MAX_STREAMS } : {}),
    };
    const created = proxied ? new EnvHttpProxyAgent({ ...options, ...proxies }) : new Pool(url.origin, options);
    dispatchers.set(key, created);
    return created;
  };
  return {
    post: (call) => post(dispatcherFor(call.url, call.http2), call),
    close: async () => {
      const all = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

async function post(dispatcher: Dispatcher, call: HttpCall): Promise<HttpReply> {
  try {
    const reply = await dispatcher.request({
      origin: call.url.origin,
      path: `${call.url.pathname}${call.url.search}`,
      method: 'POST',
      headers: { ...call.headers, 'content-length': String(byteLength(call.body)), 'accept-encoding': 'identity' },
      body: bodyOf(call.body),
      signal: call.signal,
      headersTimeout: call.idleTimeoutMs,
      bodyTimeout: call.idleTimeoutMs,
      // A paused reply can end the process (nodejs/undici#5360): with this mark none is ever paused.
      highWaterMark: MAX_REPLY_BYTES + 1,
    });
    const headers = flat(reply.headers);
    const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    const onPiece = call.onHead?.(reply.statusCode, headers);
    const raw = await collect(reply.body, encoding === 'identity' ? onPiece : undefined);
    const body = await decode(raw, encoding);
    if (encoding !== 'identity') onPiece?.(body);
    return { status: reply.statusCode, headers, body };
  } catch (error) {
    throw error instanceof ProviderError ? error : transportFailure(error, call.signal, call.url);
  }
}

function byteLength(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function bodyOf(pieces: readonly Buffer[]): Buffer {
  return pieces[0] !== undefined && pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

/** Reads to the end, handing each piece on as it comes. */
function collect(body: Dispatcher.ResponseData['body'], onPiece?: (piece: Buffer) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let total = 0;
    body.on('data', (piece: Buffer) => {
      total += piece.length;
      if (total > MAX_REPLY_BYTES) {
        body.destroy(tooLong());
        return;
      }
      pieces.push(piece);
      try {
        onPiece?.(piece);
      } catch (error) {
        body.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    body.on('end', () => resolve(Buffer.concat(pieces)));
    body.on('error', reject);
    body.on('close', () => reject(new Error('the connection was closed')));
  });
}

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Some gateways encode although none was asked for. */
async function decode(bytes: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === 'identity' || encoding === '' || bytes.length === 0) return bytes;
  const decoder = DECODERS[encoding];
  if (decoder === undefined)
    throw new ProviderError('invalid_response', `the reply has the unknown encoding ${encoding.slice(0, 40)}`);
  try {
    return await decoder(bytes, { maxOutputLength: MAX_REPLY_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLong();
    throw new ProviderError('invalid_response', `the reply is no whole ${encoding} stream`, { retryable: true, cause });
  }
}

function tooLong(): ProviderError {
  return new ProviderError('invalid_response', `the reply is longer than ${MAX_REPLY_BYTES / 2 ** 20} MiB`);
}

function flat(headers: Dispatcher.ResponseData['headers']): ReplyHeaders {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

/** What the environment says about proxies; null without any. */
function proxySettings(env: Environment): { httpProxy: string; httpsProxy: string; noProxy: string } | null {
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  // Empty strings, not undefined: undici would look into the environment of the process itself.
  return httpProxy === '' && httpsProxy === ''
    ? null
    : { httpProxy, httpsProxy, noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '' };
}
