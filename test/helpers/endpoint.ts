/** A scripted real HTTP server on a free loopback port: captures the requests and sends the scripted replies. */

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** One request as it arrived. */
export interface CapturedRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Names and values as sent, in order and case. */
  readonly rawHeaders: readonly string[];
  /** The raw text. */
  readonly body: string;
  readonly bytes: Buffer;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
  /** `performance.now()` when the last byte arrived. */
  readonly arrivedAt: number;
  /** The client aborted the request after it had arrived. */
  readonly aborted: Promise<void>;
}

/** A reply; without any member, status 200 and an empty body. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON with its content type. */
  readonly json?: unknown;
  /** Sent unchanged. */
  readonly body?: string | Buffer;
  /** Pieces written one by one; promises among them are awaited. */
  readonly chunks?: Iterable<Chunk> | AsyncIterable<Chunk>;
  /** Awaited before the head is sent, so that the test decides when. */
  readonly after?: Promise<unknown>;
  /** Never answers. */
  readonly hang?: true;
  /** Resets the connection: before the head, or after the chunks or body without an end. */
  readonly reset?: 'before' | 'after';
  /** Writes to the socket itself, for replies that are not HTTP. */
  readonly raw?: (socket: Socket) => void;
}

type Chunk = string | Buffer | Promise<unknown>;

/** One reply for all, a queue (then the default), or a function of the request and its number from 0. */
export type Script =
  | Reply
  | readonly Reply[]
  | ((request: CapturedRequest, index: number) => Reply | undefined | Promise<Reply | undefined>);

export interface Endpoint extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** In the order of arrival. */
  readonly requests: readonly CapturedRequest[];
  /** Connections accepted so far. */
  readonly connections: () => number;
  /** Resolves when `count` requests have arrived in all. */
  arrived(count: number): Promise<void>;
  /** Replaces the script. */
  script(script: Script): void;
  close(): Promise<void>;
}

/** Starts the server. Without a script, or when the script returns nothing, it replies with `echoCompletion`. */
export async function startEndpoint(
  script: Script = () => undefined,
  options: { readonly tls?: { readonly key: string; readonly cert: string } } = {},
): Promise<Endpoint> {
  let current = script;
  let accepted = 0;
  const requests: CapturedRequest[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const sockets = new Set<Socket>();

  const handle = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await capture(incoming, response);
    const index = requests.push(request) - 1;
    for (const waiter of waiting) if (requests.length >= waiter.count) waiter.resolve();
    await answer(response, (await pick(current, request, index)) ?? { json: echoCompletion(request) });
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    // In many tests the client disconnects during a reply; the server continues.
    handle(incoming, response).catch(() => response.destroy());
  };
  const server: Server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => accepted,
    arrived: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push({ count, resolve });
          }),
    script: (next) => {
      current = next;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A promise and the function that opens it. */
export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Splits a text or bytes into pieces of `size` bytes, so that they arrive slowly. */
export function* drip(content: string | Buffer, size = 1): Generator<Buffer> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** A chat completion like those of Azure AI. */
export function chatCompletion(content: string | null, extra: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_718_726_686,
    model: 'served-model',
    choices: [
      { index: 0, message: { role: 'assistant', content, tool_calls: null }, finish_reason: 'stop', logprobs: null },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    ...extra,
  };
}

/** Replies with the text of the last message and its media, so that a test can check the request. */
function echoCompletion(request: CapturedRequest): unknown {
  const body = asRecord(request.json);
  const messages = Array.isArray(body['messages']) ? body['messages'] : [];
  const content: unknown = asRecord(messages.at(-1))['content'];
  const parts = (Array.isArray(content) ? content : [{ type: 'text', text: content }]).map(asRecord);
  const texts = parts.flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : []));
  const media = parts.filter((part) => part['type'] !== 'text').map((part) => `[${String(part['type'])}]`);
  const model = body['model'];
  return chatCompletion(['echo:', ...texts, ...media].join(' '), typeof model === 'string' ? { model } : {});
}

async function capture(incoming: IncomingMessage, response: ServerResponse): Promise<CapturedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  const arrivedAt = performance.now();
  const bytes = Buffer.concat(pieces);
  const body = bytes.toString('utf8');
  const target = new URL(incoming.url ?? '/', 'http://endpoint');
  return {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    path: target.pathname,
    query: target.searchParams,
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    bytes,
    json: parseJson(body),
    arrivedAt,
    aborted: new Promise((resolve) => {
      response.on('close', () => {
        if (!response.writableFinished) resolve();
      });
    }),
  };
}

async function pick(script: Script, request: CapturedRequest, index: number): Promise<Reply | undefined> {
  if (typeof script === 'function') return script(request, index);
  return isQueue(script) ? script[index] : script;
}

function isQueue(script: Reply | readonly Reply[]): script is readonly Reply[] {
  return Array.isArray(script);
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  await reply.after;
  const { socket } = response;
  if (reply.hang === true) return;
  if (reply.reset === 'before') {
    socket?.resetAndDestroy();
    return;
  }
  if (reply.raw !== undefined) {
    if (socket !== null) reply.raw(socket);
    return;
  }
  if (reply.json !== undefined) response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  response.writeHead(reply.status ?? 200);
  if (reply.json !== undefined) response.write(JSON.stringify(reply.json));
  if (reply.body !== undefined) response.write(reply.body);
  for await (const chunk of reply.chunks ?? []) {
    if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) await written(response, chunk);
    else await chunk;
  }
  if (reply.reset === 'after') {
    // The chunked body stays unfinished, so the client gets a truncated one.
    await written(response, '');
    socket?.destroy();
    return;
  }
  response.end();
}

function written(response: ServerResponse, chunk: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(chunk, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
