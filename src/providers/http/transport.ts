/** Sends requests for all providers: one undici pool for each origin, decoded replies, classified failures. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import { type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { ByteCollector } from '../../collections/byte-collector.ts';
import { ProviderError } from '../../errors.ts';
import type { Environment } from '../../io.ts';
import { isLoopback } from '../../text/loopback.ts';
import { patientConnector } from './connect.ts';
import { decodeBody, encodingOf, MAX_REPLY_BYTES, replyTooLong } from './content-encoding.ts';
import { proxySettings } from './proxy.ts';
import type { ReplyHeaders } from './retry-after.ts';
import { transportFailure } from './transport-failure.ts';

/** A host that takes longer to accept a connection is considered down. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Half of the usual limit of 1,024 open files. Further requests wait for a connection. */
const MAX_CONNECTIONS = 512;
/** Up to this size, one copy is cheaper than a separate write for each piece. */
const MAX_JOINED_BYTES = 64 * 1024;
/** The usual limit of HTTP/2 servers for streams on one connection. */
const MAX_STREAMS = 100;

/** A request's body: JSON, a form, or any other content. */
export interface RequestBody {
  /** Value of the header `content-type`. */
  readonly contentType: string;
  /** Text, or bytes in pieces; their total is sent as the content length. */
  readonly content: string | readonly Buffer[];
}

/** A body that is read while it is sent, such as a large file. */
export interface StreamedBody {
  readonly byteLength: number;
  readonly pieces: () => AsyncIterable<Buffer>;
}

export interface HttpCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody['content'] | StreamedBody;
  readonly signal: AbortSignal;
  /**
   * Receives status and headers. The returned sink receives the body in pieces, or in one piece if it was encoded.
   */
  readonly onHead?: (status: number, headers: ReplyHeaders) => Sink | undefined;
  /** What the sink takes is not kept: the reply may have any length, and its `body` is empty. Absent = it is kept. */
  readonly sinkOnly?: true;
}

/** May throw: the reply is then abandoned, and the call fails with that error. */
export type Sink = (piece: Buffer) => void;

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: ReplyHeaders;
  /** Decoded, at most `MAX_REPLY_BYTES`. */
  readonly body: Buffer;
}

/** Sends once; redirects are not followed. @throws {ProviderError} kinds `network`, `timeout`, `aborted`, `invalid_response`. */
export type Post = (call: HttpCall) => Promise<HttpReply>;

export interface PostOptions {
  /** Default POST. GET sends no body. */
  readonly method?: 'GET';
  /** Require HTTP/2; without effect over plain http and through a proxy. */
  readonly http2: boolean;
  /** Longest silence before the head and between two pieces of the body. */
  readonly idleTimeoutMs: number;
}

export interface Transport {
  /** Returns the function that sends to one URL; opens no connection yet. */
  to(url: URL, options: PostOptions): Post;
  /** Ends all connections at once. */
  close(): Promise<void>;
}

/** Uses the proxy variables except for loopback. `trust`: PEM certificates in addition to the built-in ones. */
export function createTransport(env: Environment, trust?: string): Transport {
  const dispatchers = new Map<string, Dispatcher>();
  const proxies = proxySettings(env);

  const isProxied = (url: URL) => proxies !== null && !isLoopback(url);

  const dispatcherFor = (url: URL, http2: boolean): Dispatcher => {
    const proxied = isProxied(url);
    // HTTP/2 is negotiated over TLS with the server itself, so neither plain http nor a proxy can have it.
    const multiplexed = http2 && !proxied && url.protocol === 'https:';
    const key = `${proxied ? 'proxy' : url.origin} ${multiplexed ? 'h2' : 'h1'}`;
    const existing = dispatchers.get(key);
    if (existing !== undefined) return existing;
    const tls = { timeout: CONNECT_TIMEOUT_MS, ...(trust === undefined ? {} : { ca: [...rootCertificates, trust] }) };
    const created = proxied
      ? new EnvHttpProxyAgent({ connections: MAX_CONNECTIONS, connect: tls, requestTls: tls, ...proxies })
      : new Pool(
          url.origin,
          multiplexed ? http2Options(tls) : { connections: MAX_CONNECTIONS, connect: patientConnector(tls) },
        );
    dispatchers.set(key, created);
    return created;
  };
  return {
    to: (url, { method = 'POST', http2, idleTimeoutMs }) => {
      const dispatcher = dispatcherFor(url, http2);
      // Read once and put into a literal, because undici reads an object made by spreading several times slower.
      const { origin, pathname, search } = url;
      const path = `${pathname}${search}`;
      return async (call) => {
        const { headers, body } = framed(call);
        try {
          return await new Promise<HttpReply>((resolve, reject) => {
            dispatcher.dispatch(
              {
                origin,
                path,
                method,
                headers,
                body: method === 'GET' ? null : body,
                headersTimeout: idleTimeoutMs,
                bodyTimeout: idleTimeoutMs,
                // undici shares an HTTP/2 connection only among idempotent requests; `Receiver` prevents a second send.
                idempotent: http2,
              },
              new Receiver(call, resolve, reject),
            );
          });
        } catch (error) {
          throw error instanceof ProviderError ? error : transportFailure(error, call.signal, url, isProxied(url));
        }
      };
    },
    close: async () => {
      const all = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** Many requests on few connections. A server without HTTP/2 is an error, because over HTTP/1.1 they would queue. */
function http2Options(tls: buildConnector.BuildOptions): Pool.Options {
  const connector = patientConnector({ ...tls, allowH2: true });
  return {
    connections: Math.ceil(MAX_CONNECTIONS / MAX_STREAMS),
    pipelining: MAX_STREAMS,
    maxConcurrentStreams: MAX_STREAMS,
    allowH2: true,
    connect: (options, callback) =>
      connector(options, (error, socket) => {
        if (error !== null) callback(error, null);
        else if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') callback(null, socket);
        else {
          socket.destroy();
          callback(noHttp2(options.hostname), null);
        }
      }),
  };
}

function noHttp2(host: string): ProviderError {
  return new ProviderError('network', `${host} does not speak HTTP/2`, {
    retryable: false,
    hint: 'remove http2 from the model',
  });
}

interface Framed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable;
}

/** Sends media in pieces from the buffers that all requests share; a small body is sent in one piece. */
function framed({ headers, body }: HttpCall): Framed {
  if (typeof body === 'string') return { headers, body };
  if ('pieces' in body)
    return {
      headers: { ...headers, 'content-length': String(body.byteLength) },
      body: body.pieces() as unknown as Readable,
    };
  const length = body.reduce((sum, piece) => sum + piece.length, 0);
  if (length <= MAX_JOINED_BYTES) return { headers, body: joined(body) };
  // undici takes any iterable of bytes, although its types do not say so.
  return { headers: { ...headers, 'content-length': String(length) }, body: body as unknown as Readable };
}

/**
 * Receives one reply. It uses undici's `dispatch`, because `request` reads a reply through a stream, a stream may be
 * paused, and a paused reply can end the process (nodejs/undici#5360). It is also faster.
 */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #call: HttpCall;
  readonly #resolve: (reply: HttpReply) => void;
  readonly #reject: (error: unknown) => void;
  readonly #inFlight: Set<Receiver>;
  readonly #body = new ByteCollector();
  #status = 0;
  #headers: ReplyHeaders = {};
  #encoding = 'identity';
  /** Receives the pieces of the body as they arrive. */
  #sink: Sink | undefined;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(call: HttpCall, resolve: (reply: HttpReply) => void, reject: (error: unknown) => void) {
    this.#call = call;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#inFlight = inFlightOf(call.signal).add(this);
  }

  /** The signal was aborted. */
  abort(): void {
    this.#fail(this.#call.signal.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const again = this.#controller !== undefined;
    this.#controller = controller;
    // Aborted while it waited for a connection: the caller knows, and the request must not be sent.
    if (this.#call.signal.aborted) this.abort();
    // undici would send it again after a lost connection; only the caller may repeat a paid call.
    else if (again) this.#fail(new Error('the connection was lost'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Interim replies (1xx) come before the final one.
    if (status < 200) return;
    this.#status = status;
    this.#headers = flat(headers);
    this.#encoding = encodingOf(this.#headers);
    this.#sink = this.#call.onHead?.(status, this.#headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#call.sinkOnly === true && this.#sink !== undefined && this.#encoding === 'identity') {
      this.#passOn(this.#sink, piece);
      return;
    }
    if (this.#body.length + piece.length > MAX_REPLY_BYTES) {
      this.#fail(replyTooLong());
      return;
    }
    this.#body.push(piece);
    if (this.#sink !== undefined && this.#encoding === 'identity') this.#passOn(this.#sink, piece);
  }

  #passOn(sink: Sink, piece: Buffer): void {
    try {
      sink(piece);
    } catch (error) {
      this.#fail(error);
    }
  }

  onResponseEnd(): void {
    this.#inFlight.delete(this);
    const body = this.#body.bytes();
    if (this.#encoding === 'identity') this.#resolve({ status: this.#status, headers: this.#headers, body });
    else this.#decode(body).then(this.#resolve, this.#reject);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#inFlight.delete(this);
    this.#reject(error);
  }

  async #decode(encoded: Buffer): Promise<HttpReply> {
    const body = await decodeBody(encoded, this.#encoding);
    this.#sink?.(body);
    return { status: this.#status, headers: this.#headers, body };
  }

  #fail(error: unknown): void {
    this.#reject(error);
    this.#controller?.abort(error instanceof Error ? error : new Error(String(error)));
  }
}

/** One listener for each signal, however many requests share it: Node warns above ten, and each one costs time. */
const IN_FLIGHT = new WeakMap<AbortSignal, Set<Receiver>>();

function inFlightOf(signal: AbortSignal): Set<Receiver> {
  const known = IN_FLIGHT.get(signal);
  if (known !== undefined) return known;
  const receivers = new Set<Receiver>();
  IN_FLIGHT.set(signal, receivers);
  signal.addEventListener('abort', () => {
    for (const receiver of receivers) receiver.abort();
  });
  return receivers;
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces[0] !== undefined && pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
}

function flat(headers: IncomingHttpHeaders): ReplyHeaders {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) result[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return result;
}
