/** Makes one attempt over HTTP, the same for all providers: authorise, send, classify, read. */

import { ProviderError } from '../errors.ts';
import type { ChatRequest, CompleteOptions, Completion, MediaLoader, ModelConfig } from '../types.ts';
import { type Authorization, createAuthorizer } from './auth.ts';
import { applyImageHistory, mediaOf, unsupported } from './capabilities.ts';
import { invalidReply, type ReplyFacts, replyFailure } from './http/failures.ts';
import type { ReplyHeaders } from './http/retry-after.ts';
import { createStreamReader, type StreamReader } from './http/stream.ts';
import type { HttpCall, HttpReply, Post } from './http/transport.ts';
import { abortFailure } from './http/transport-failure.ts';
import { loadSources, noSource } from './media-source.ts';
import { readModelListing } from './model-listing.ts';
import { assertRanges } from './model-problems.ts';
import type { ProviderClient, ProviderContext } from './provider.ts';
import type { Resources } from './resources.ts';
import type { Outgoing, Route } from './route.ts';
import { createSecrets, type Secrets } from './secrets.ts';

/** Opens what the calls to one model share. The caller has found nothing wrong with its settings. */
export async function openExchange(
  model: ModelConfig,
  route: Route,
  context: ProviderContext,
): Promise<{ readonly exchange: Exchange; readonly resources: Resources }> {
  // Loaded with the first client: most commands send nothing, and undici takes a quarter of the time that they need to start.
  const { holdResources } = await import('./resources.ts');
  const secrets = createSecrets(model.filledIn);
  const resources = holdResources(context);
  const options = { http2: model.http2 === true, idleTimeoutMs: model.limits.timeoutMs };
  const exchange: Exchange = {
    model,
    route,
    secrets,
    media: context.media,
    headers: { ...BASE_HEADERS, ...lowerCased(model.headers) },
    post: resources.transport.to(route.url, options),
    authorize: createAuthorizer(model, route.url, route.auth, context.env, secrets, resources.tokens),
    now: context.now ?? Date.now,
  };
  return { exchange, resources };
}

/** A client for one model. The caller has found nothing wrong with its settings. */
export async function createClient(
  model: ModelConfig,
  route: Route,
  context: ProviderContext,
): Promise<ProviderClient> {
  const { exchange, resources } = await openExchange(model, route, context);
  const { secrets } = exchange;
  const options = { http2: model.http2 === true, idleTimeoutMs: model.limits.timeoutMs };
  const get = route.modelsUrl && resources.transport.to(route.modelsUrl, { ...options, method: 'GET' });
  return {
    complete: async (request, options) => {
      try {
        return await attempt(exchange, request, options);
      } catch (error) {
        throw safeFailure(error, options.signal, secrets);
      }
    },
    ...(get === undefined
      ? {}
      : {
          listing: (signal) =>
            findListing(exchange, get, signal).catch((error: unknown) => {
              throw safeFailure(error, signal, secrets);
            }),
        }),
    close: () => resources.release(),
  };
}

/** What the calls to one model share. */
export interface Exchange {
  readonly model: ModelConfig;
  readonly route: Route;
  readonly secrets: Secrets;
  readonly media: MediaLoader;
  /** The same in all requests; configured headers win over all others. */
  readonly headers: Readonly<Record<string, string>>;
  readonly post: Post;
  readonly authorize: (signal: AbortSignal) => Promise<Authorization>;
  readonly now: () => number;
}

async function attempt(exchange: Exchange, request: ChatRequest, options: CompleteOptions): Promise<Completion> {
  options.signal.throwIfAborted();
  const { body, headers = {} } = await prepare(exchange, request);
  const sendOnce = (authorization: Authorization) =>
    send(
      exchange,
      { ...headers, ...authorization.headers, 'content-type': body.contentType, ...exchange.headers },
      body.content,
      options,
    );

  const authorization = await exchange.authorize(options.signal);
  const received = await sendOnce(authorization);
  if (received.reply.status !== 401 || authorization.discard === undefined) return read(exchange, received);
  // A token may end before its time. One fresh token is worth a try; a second one would fail in the same way.
  authorization.discard();
  const fresh = await exchange.authorize(options.signal);
  const again = await sendOnce(fresh);
  try {
    return read(exchange, again);
  } catch (error) {
    throw again.reply.status === 401 ? withHint(error, fresh.hint) : error;
  }
}

function withHint(error: unknown, hint: string | undefined): unknown {
  if (hint === undefined || !(error instanceof ProviderError)) return error;
  return new ProviderError(error.kind, error.message, { ...error.details, hint });
}

/** The model in the endpoint's own list. */
async function findListing({ model, secrets, ...exchange }: Exchange, get: Post, signal: AbortSignal) {
  const { headers } = await exchange.authorize(signal);
  const reply = await get({ headers: { ...headers, ...exchange.headers }, body: '', signal });
  const facts = { status: reply.status, headers: shownHeaders(reply.headers, secrets), now: exchange.now() };
  const text = reply.body.toString();
  if (reply.status !== 200) throw replyFailure(text, facts, secrets.hideInReply);
  return readModelListing(secrets.hideInReply(parseReply(text, facts)), model.model, facts);
}

/** What the request sends, with its media loaded. @throws {ProviderError} kind `unsupported` or `media`. */
export async function prepare(
  { model, route, media }: Pick<Exchange, 'model' | 'route' | 'media'>,
  request: ChatRequest,
): Promise<Outgoing> {
  const reason = unsupported(model, route.media, request.messages);
  if (reason !== null) throw new ProviderError('unsupported', `${model.id} cannot take ${reason}`);
  const messages = applyImageHistory(request.messages, model.imageHistory);
  const parts = mediaOf(messages);
  const sourceOf = parts.length > 0 ? await loadSources(parts, model, route.media, media) : noSource;
  assertRanges(model, route.ranges ?? [], request.params);
  return route.outgoing(messages === request.messages ? request : { ...request, messages }, sourceOf);
}

interface Received {
  readonly reply: HttpReply;
  /** Has read the reply as it arrived; null when it was not a stream. */
  readonly stream: StreamReader | null;
}

async function send(
  { route, secrets, post, now }: Exchange,
  headers: Readonly<Record<string, string>>,
  body: HttpCall['body'],
  { signal, onFirstToken }: CompleteOptions,
): Promise<Received> {
  let stream: StreamReader | null = null;
  const onHead = (status: number, head: ReplyHeaders) => {
    if (status !== 200 || !/^text\/event-stream\b/i.test(head['content-type'] ?? '')) return undefined;
    const reader = createStreamReader(
      route.reply.fold(),
      { status, headers: shownHeaders(head, secrets), now: now() },
      secrets.hideInReply,
      onFirstToken,
    );
    stream = reader;
    return (piece: Buffer) => reader.push(piece);
  };
  try {
    return { reply: await post({ headers, body, signal, onHead }), stream };
  } catch (error) {
    throw withPartial(error, stream);
  }
}

const BASE_HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'earsight',
};

function read({ route, secrets, now }: Exchange, { reply, stream }: Received): Completion {
  const facts = { status: reply.status, headers: shownHeaders(reply.headers, secrets), now: now() };
  if (stream !== null) return readStream(route, stream, facts, secrets);
  const text = reply.body.toString();
  if (reply.status < 200 || reply.status >= 300) throw replyFailure(text, facts, secrets.hideInReply);
  return route.reply.read(secrets.hideInReply(parseReply(text, facts)), facts);
}

function readStream(route: Route, stream: StreamReader, facts: ReplyFacts, secrets: Secrets): Completion {
  try {
    return route.reply.read(secrets.hideInReply(stream.end()), facts);
  } catch (error) {
    throw withPartial(error, stream);
  }
}

/** Web pages, cut bodies and empty replies come from proxies in between, so another attempt may succeed. */
export function parseReply(text: string, facts: ReplyFacts): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (cause) {
    const trimmed = text.trim();
    if (trimmed === '') throw invalidReply('the reply is empty', facts, { retryable: true });
    const what = trimmed.startsWith('<') ? 'a web page instead of JSON' : 'not complete JSON';
    throw invalidReply(`the reply is ${what} (${text.length} characters)`, facts, { retryable: true, cause });
  }
}

/** Headers whose texts get into results and messages; the others are read as numbers and times. */
const SHOWN_HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-goog-request-id', 'location'];

/** Secrets are hidden before a long id is cut, because a part of a key would not be found. */
export function shownHeaders(headers: ReplyHeaders, secrets: Secrets): ReplyHeaders {
  const changed = SHOWN_HEADERS.flatMap((name): readonly (readonly [string, string])[] => {
    const value = headers[name];
    const shown = secrets.hideInReply(value);
    return value === undefined || shown === undefined || shown === value ? [] : [[name, shown]];
  });
  return changed.length === 0 ? headers : { ...headers, ...Object.fromEntries(changed) };
}

function lowerCased(headers: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Keeps the text that arrived before a stream broke, for diagnosis. */
function withPartial(error: unknown, stream: StreamReader | null): unknown {
  const partial = stream?.partial() ?? '';
  if (partial === '' || !(error instanceof ProviderError)) return error;
  return new ProviderError(error.kind, error.message, { ...error.details, partial });
}

/** Removes secrets from every failure before it leaves the client. */
export function safeFailure(error: unknown, signal: AbortSignal, secrets: Secrets): unknown {
  if (!(error instanceof ProviderError)) return signal.aborted ? abortFailure(signal) : error;
  const { hint, partial, code, requestId, cause, ...details } = error.details;
  const hidden = Object.fromEntries(
    Object.entries({ hint, partial, code, requestId }).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, secrets.hide(text)]],
    ),
  );
  // The message of a JSON error quotes the reply.
  const isSafe =
    !(cause instanceof Error) || secrets.hide(`${cause.message} ${cause.stack}`) === `${cause.message} ${cause.stack}`;
  const kept = isSafe && cause !== undefined ? { cause } : {};
  return new ProviderError(error.kind, secrets.hide(error.message), {
    ...secrets.hideInReply(details),
    ...hidden,
    ...kept,
  });
}
