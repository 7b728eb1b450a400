/** The embedded endpoint: a loopback HTTP server that speaks chat completions, with recognition models behind it. */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { InputError } from '../errors.ts';
import { loadOptional } from '../optional-package.ts';
import { type ChatCompletionRequest, checkMedia, parseChatRequest } from './chat-request.ts';
import { type Answer, type CompletionHead, completionBody, completionEvents, errorBody } from './completion-body.ts';
import { type Engine, startEngine } from './engine.ts';
import { type BodyBudget, createBodyBudget, MAX_BODIES_BYTES } from './http/body-budget.ts';
import { readJsonBody } from './http/request-body.ts';
import { rejectForeign, requireType } from './http/request-guard.ts';
import type { Reading, ReadRequest } from './model-service.ts';
import { isLocalModelName, LOCAL_MODELS, type LocalModelName } from './models/registry.ts';
import { RequestError } from './request-error.ts';
import type { CountRequest, TokenCount } from './token-service.ts';

export interface LocalServerOptions {
  /** 0 = any free port. */
  readonly port?: number;
  /** Which models to load; absent = all. */
  readonly models?: readonly LocalModelName[];
  /** The compiled `engine-worker.js`; absent = the one beside this file. */
  readonly workerUrl?: URL;
  /** Closes the server when it aborts. */
  readonly signal?: AbortSignal;
  /** For one recognition; absent = 60 s. */
  readonly deadlineMs?: number;
  /** Requests that may wait for one model; absent = 64. */
  readonly maxWaiting?: number;
  /** For the bodies of all requests that are not answered yet; absent = 112 MiB. */
  readonly maxBodiesBytes?: number;
  /** Wall clock in milliseconds, for `created`. */
  readonly now?: () => number;
}

export interface LocalServer {
  /** Base URL of the OpenAI-style API, e.g. `http://127.0.0.1:4321/v1`. */
  readonly url: string;
  readonly models: readonly LocalModelName[];
  /** Ends connections and threads; safe to call again. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const DEFAULT_DEADLINE_MS = 60_000;
/** A connection without requests. Node's 5 s end within one busy pause of a client, whose next request then meets a reset. */
const IDLE_MS = 60_000;
const DEFAULT_MAX_WAITING = 64;
const READER = 'extractive reader, not a language model';

interface Service {
  readonly engines: Engines;
  readonly bodies: BodyBudget;
  readonly now: () => number;
}

interface Engines {
  readonly models: ReadonlyMap<LocalModelName, Engine<ReadRequest, Reading>>;
  readonly tokens: Engine<CountRequest, TokenCount>;
}

/**
 * Resolves when all requested models are loaded and the port is open, on loopback only.
 * @throws {InputError} when a package is missing or the port cannot be opened.
 */
export async function startLocalServer(options: LocalServerOptions = {}): Promise<LocalServer> {
  const models = options.models ?? Object.keys(LOCAL_MODELS).filter(isLocalModelName);
  const engines = await startEngines(models, options);
  const service: Service = {
    engines,
    bodies: createBodyBudget(options.maxBodiesBytes ?? MAX_BODIES_BYTES),
    now: options.now ?? Date.now,
  };
  const server = createServer((request, response) => {
    void serve(request, response, service);
  });
  server.keepAliveTimeout = IDLE_MS;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      await closeEngines(engines);
      server.closeAllConnections();
      await ended;
    })();
    return closing;
  };
  try {
    const port = await listen(server, options.port ?? 0);
    options.signal?.addEventListener('abort', () => void close(), { once: true });
    if (options.signal?.aborted === true) await close();
    return { url: `http://${HOST}:${port}/v1`, models, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Loads all models at once, each in its own thread; when one fails, it ends the others. */
async function startEngines(names: readonly LocalModelName[], options: LocalServerOptions): Promise<Engines> {
  // The main thread must open a native library, or it does not outlive the threads that use it (documentation of sharp).
  if (names.some((name) => LOCAL_MODELS[name].medium === 'image')) await loadOptional('sharp', () => import('sharp'));
  const common = {
    workerUrl: options.workerUrl ?? new URL('./engine-worker.js', import.meta.url),
    deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
  };
  const maxWaiting = options.maxWaiting ?? DEFAULT_MAX_WAITING;
  const tokens = startEngine<CountRequest, TokenCount>({ ...common, name: 'tokens', maxWaiting: Infinity });
  const models = names.map(async (name) => {
    return [name, await startEngine<ReadRequest, Reading>({ ...common, name, maxWaiting })] as const;
  });
  const settled = await Promise.allSettled([tokens, ...models]);
  const failed = settled.find((outcome) => outcome.status === 'rejected');
  if (failed === undefined) return { tokens: await tokens, models: new Map(await Promise.all(models)) };
  for (const outcome of settled) {
    if (outcome.status === 'rejected') continue;
    await ('close' in outcome.value ? outcome.value : outcome.value[1]).close();
  }
  throw failed.reason;
}

async function closeEngines({ tokens, models }: Engines): Promise<void> {
  await Promise.all([tokens, ...models.values()].map((engine) => engine.close()));
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portProblem(error, port)));
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function portProblem(error: NodeJS.ErrnoException, port: number): Error {
  const why = { EADDRINUSE: 'is in use', EACCES: 'may not be opened by this user' }[error.code ?? ''];
  if (why === undefined) return error;
  return new InputError({ message: `port ${port} ${why}`, hint: 'choose another port, or 0 for any free one' });
}

async function serve(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  response.setHeader('x-request-id', randomUUID());
  try {
    rejectForeign(request);
    const route = routeOf(request, response);
    if (route.takes !== null) requireType(request, route.takes);
    await route.answer(request, response, service, closed.signal);
  } catch (error) {
    if (closed.signal.aborted) return;
    const known = error instanceof RequestError ? error : unexpected(error);
    const { status, retryAfterSeconds } = known.details;
    if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
    sendJson(response, status, errorBody(known));
  }
}

/** Holds room for the body until the request is answered: its media wait for their turn in memory. */
async function complete(
  request: IncomingMessage,
  response: ServerResponse,
  service: Service,
  signal: AbortSignal,
): Promise<void> {
  const share = service.bodies.share();
  try {
    await answerChat(parseChatRequest(await readJsonBody(request, share)), response, service, signal);
  } finally {
    share.release();
  }
}

async function answerChat(
  body: ChatCompletionRequest,
  response: ServerResponse,
  { engines, now }: Service,
  signal: AbortSignal,
): Promise<void> {
  const engine = isLocalModelName(body.model) ? engines.models.get(body.model) : undefined;
  if (!isLocalModelName(body.model) || engine === undefined)
    throw new RequestError(`The model ${JSON.stringify(body.model)} does not run here; ${running(engines)}.`, {
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
  const model = LOCAL_MODELS[body.model];
  const media = checkMedia(body, model);
  const reading = await engine.answer({ prompt: body.prompt, media }, signal);
  const answer = await countTokens(body, reading, engines.tokens, signal);
  const head: CompletionHead = {
    id: `chatcmpl-${randomUUID()}`,
    model: body.model,
    created: unixSeconds(now),
    fingerprint: `${model.recogniser}; ${READER}`,
    medium: model.medium,
  };
  if (!body.stream) return sendJson(response, 200, completionBody(head, answer));
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.end(completionEvents(head, answer, body.includeUsage));
}

/** A refusal is not cut: it is a message of the endpoint, not text of the model. */
async function countTokens(
  { texts, maxTokens }: ChatCompletionRequest,
  { content, refusal, mediaTokens }: Reading,
  tokens: Engines['tokens'],
  signal: AbortSignal,
): Promise<Answer> {
  const request = { prompts: texts, answer: content ?? refusal ?? '', maxTokens: content === null ? null : maxTokens };
  const count = await tokens.answer(request, signal);
  return {
    content: content === null ? null : count.answer,
    refusal,
    finishReason: count.cut ? 'length' : 'stop',
    textTokens: count.promptTokens,
    mediaTokens,
    completionTokens: count.completionTokens,
  };
}

const unixSeconds = (now: () => number) => Math.floor(now() / 1000);

function listModels({ engines, now }: Service): object {
  const created = unixSeconds(now);
  const data = [...engines.models.keys()].map((id) => ({
    id,
    object: 'model',
    created,
    owned_by: 'earsight',
    description: LOCAL_MODELS[id].description,
    modalities: ['text', LOCAL_MODELS[id].medium],
  }));
  return { object: 'list', data };
}

interface ServedRoute {
  readonly method: 'GET' | 'POST';
  /** Media type of the body; null = there is none. Only a route that takes uploads may take a form. */
  readonly takes: 'application/json' | 'multipart/form-data' | null;
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    service: Service,
    signal: AbortSignal,
  ): void | Promise<void>;
}

const ROUTES: ReadonlyMap<string, ServedRoute> = new Map<string, ServedRoute>([
  [
    '/v1/models',
    {
      method: 'GET',
      takes: null,
      answer: (_, response, service) => sendJson(response, 200, listModels(service)),
    },
  ],
  ['/v1/chat/completions', { method: 'POST', takes: 'application/json', answer: complete }],
]);

/** @throws {RequestError} 404 for an unknown path, 405 for another method. */
function routeOf(request: IncomingMessage, response: ServerResponse): ServedRoute {
  const route = ROUTES.get(request.url?.split('?')[0] ?? '');
  if (route === undefined)
    throw new RequestError(`Unknown path; known: ${[...ROUTES.keys()].join(', ')}.`, {
      status: 404,
      code: 'unknown_url',
    });
  if (request.method === route.method) return route;
  response.setHeader('allow', route.method);
  throw new RequestError(`This path takes ${route.method} only.`, { status: 405, code: 'method_not_allowed' });
}

function unexpected(error: unknown): RequestError {
  const reason = error instanceof Error ? error.message : String(error);
  return new RequestError(`The server failed: ${reason}`, { status: 500, code: 'internal_error' }, { cause: error });
}

function running(engines: Engines): string {
  return engines.models.size === 0 ? 'none does' : `running: ${[...engines.models.keys()].join(', ')}`;
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
