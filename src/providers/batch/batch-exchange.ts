/** Makes the calls of batch APIs: the same authorisation, failures and redaction as for single requests. */

import { closeSync, readSync } from 'node:fs';
import { openFile } from '../../files/open-file.ts';
import type { Authorization } from '../auth.ts';
import { type Exchange, parseReply, safeFailure, shownHeaders } from '../client.ts';
import { replyFailure } from '../http/failures.ts';
import type { HttpCall, HttpReply, StreamedBody } from '../http/transport.ts';
import { listOf, objectOf } from '../http/wire-value.ts';
import type { Resources } from '../resources.ts';

/** A large file takes some time to be sent, checked or prepared, and nothing is heard meanwhile. */
const IDLE_TIMEOUT_MS = 10 * 60_000;
const PIECE_BYTES = 2 ** 18;

/** What is sent beside authorisation. */
interface Sent {
  readonly contentType: string;
  readonly content: HttpCall['body'];
}

export interface BatchExchange {
  get(url: URL, signal: AbortSignal): Promise<unknown>;
  post(url: URL, body: Sent | null, signal: AbortSignal): Promise<unknown>;
  /** Hands on the body as it arrives, however long it is. */
  stream(url: URL, onPiece: (piece: Buffer) => void, signal: AbortSignal): Promise<void>;
}

/** `protocolHeaders`: of every call. */
export function createBatchExchange(
  { model, secrets, authorize, headers: own, now }: Exchange,
  { transport }: Pick<Resources, 'transport'>,
  protocolHeaders: Readonly<Record<string, string>>,
): BatchExchange {
  const options = { http2: model.http2 === true, idleTimeoutMs: Math.max(model.limits.timeoutMs, IDLE_TIMEOUT_MS) };
  const factsOf = ({ status, headers }: Pick<HttpReply, 'status' | 'headers'>) => ({
    status,
    headers: shownHeaders(headers, secrets),
    now: now(),
  });

  const call = async (
    method: 'GET' | 'POST',
    url: URL,
    body: Sent | null,
    more: Omit<HttpCall, 'headers' | 'body'>,
  ) => {
    const send = transport.to(url, method === 'GET' ? { ...options, method } : options);
    const sendOnce = ({ headers }: Authorization) =>
      send({
        ...more,
        headers: {
          ...protocolHeaders,
          ...headers,
          ...(body === null ? {} : { 'content-type': body.contentType }),
          ...own,
        },
        body: body?.content ?? '',
      });
    try {
      more.signal.throwIfAborted();
      const authorization = await authorize(more.signal);
      let reply = await sendOnce(authorization);
      if (reply.status === 401 && authorization.discard !== undefined) {
        // A token may end before its time.
        authorization.discard();
        reply = await sendOnce(await authorize(more.signal));
      }
      if (reply.status >= 200 && reply.status < 300) return reply;
      throw replyFailure(reply.body.toString(), factsOf(reply), secrets.hideInReply);
    } catch (error) {
      throw safeFailure(error, more.signal, secrets);
    }
  };
  const json = async (reply: HttpReply, signal: AbortSignal) => {
    try {
      return secrets.hideInReply(parseReply(reply.body.toString(), factsOf(reply)));
    } catch (error) {
      throw safeFailure(error, signal, secrets);
    }
  };
  return {
    get: async (url, signal) => json(await call('GET', url, null, { signal }), signal),
    post: async (url, body, signal) => json(await call('POST', url, body, { signal }), signal),
    async stream(url, onPiece, signal) {
      await call('GET', url, null, {
        signal,
        sinkOnly: true,
        onHead: (status) => (status === 200 ? onPiece : undefined),
      });
    },
  };
}

export function jsonContent(value: unknown): Sent {
  return { contentType: 'application/json', content: JSON.stringify(value) };
}

/** A line without secrets. Hiding takes escapes out of a text, so a line with a secret is rendered again. */
export function hiddenLine(line: string, { hideInReply }: Exchange['secrets']): string {
  if (hideInReply(line) === line) return line;
  try {
    return JSON.stringify(hideInReply(JSON.parse(line)));
  } catch {
    return hideInReply(line);
  }
}

/** The bytes of a file with a text before and after them. */
export function fileBody(path: string, byteLength: number, before = '', after = ''): StreamedBody {
  return {
    byteLength: Buffer.byteLength(before) + byteLength + Buffer.byteLength(after),
    async *pieces() {
      if (before !== '') yield Buffer.from(before);
      yield* filePieces(path);
      if (after !== '') yield Buffer.from(after);
    },
  };
}

function* filePieces(path: string): Generator<Buffer> {
  const descriptor = openFile(path, 'read');
  try {
    for (;;) {
      // A piece may wait for the socket while the next one is read.
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const length = readSync(descriptor, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The same URL with a longer path. */
export function below(url: URL, ...segments: readonly string[]): URL {
  const result = new URL(url);
  result.pathname = [url.pathname, ...segments.map(encodeURIComponent)].join('/');
  return result;
}

/** The same URL with further query members. */
export function withQuery(url: URL, members: Readonly<Record<string, string>>): URL {
  const result = new URL(url);
  for (const [name, value] of Object.entries(members)) result.searchParams.set(name, value);
  return result;
}

/** Pages that are looked through for a file or a batch; far more than an account has of one day. */
const MOST_PAGES = 200;

/** A list at a vendor that comes in pages. */
interface PagedList {
  readonly url: URL;
  /** Name of the query member for the id of the last item of the page before. */
  readonly after: string;
  /** When an item was created, in ms since 1970; NaN = not reported. */
  readonly createdMs: (item: unknown) => number;
  /** Older items are of no interest. */
  readonly sinceMs: number;
}

/** The items of a list, which has its newest or its oldest first; Azure does not document which. */
export async function* listed(
  { get }: BatchExchange,
  { url, after, createdMs, sinceMs }: PagedList,
  signal: AbortSignal,
): AsyncGenerator<unknown> {
  let page = url;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const { data, has_more: hasMore } = objectOf(await get(page, signal));
    const items = listOf(data);
    for (const item of items) if (!(createdMs(item) < sinceMs)) yield item;
    const last = items.at(-1);
    const id = objectOf(last)['id'];
    const isNewestFirst = !(createdMs(items[0]) < createdMs(last));
    if (hasMore !== true || typeof id !== 'string' || (isNewestFirst && createdMs(last) < sinceMs)) return;
    page = withQuery(url, { [after]: id });
  }
}
