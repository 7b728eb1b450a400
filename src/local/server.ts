/** The embedded endpoint: a loopback HTTP server that speaks chat completions, with recognition models behind it. */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { InputError } from '../errors.ts';
import { type ChatCompletionRequest, checkMedia, parseChatRequest } from './chat-request.ts';
import { type Answer, type CompletionHead, completionBody, completionEvents, errorBody } from './completion-body.ts';
import { closeEngines, type Engines, engineOf, startEngines } from './engines.ts';
import { type BodyBudget, createBodyBudget, MAX_BODIES_BYTES } from './http/body-budget.ts';
import { readFormBody, readJsonBody } from './http/request-body.ts';
import { rejectForeign, requireType } from './http/request-guard.ts';
import { parseTranscription, TRANSCRIBE, transcriptBody, transcriptEvents } from './http/transcription.ts';
import type { Reading } from './model-service.ts';
import { isLocalModelName, LOCAL_MODELS, type LocalModelName } from './models/registry.ts';
import { RequestError } from './request-error.ts';

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
/** A connection without requests. Node's 5 s end within one busy pause of a client, whose next request then meets a reset. */
const IDLE_MS = 60_000;
const READER = 'extractive reader, not a language model';

interface Service {
  readonly engines: Engines;
  readonly bodies: BodyBudget;
  readonly now: () => number;
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
  const { engine, model } = engineOf(body.model, engines);
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
  sendEvents(response, completionEvents(head, answer, body.includeUsage));
}

/** Answers a form with a clip. */
async function transcribe(
  request: IncomingMessage,
  response: ServerResponse,
  { bodies, engines }: Service,
  signal: AbortSignal,
): Promise<void> {
  const share = bodies.share();
  try {
    const asked = await parseTranscription(await readFormBody(request, share));
    const { engine, model } = engineOf(asked.model, engines);
    const media = checkMedia({ media: [asked.media] }, model);
    const { content, seconds = 0 } = await engine.answer({ prompt: TRANSCRIBE, media }, signal);
    const transcript = { text: content ?? '', seconds };
    if (asked.stream) sendEvents(response, transcriptEvents(transcript));
    else sendJson(response, 200, transcriptBody(asked, transcript));
  } finally {
    share.release();
  }
}

function sendEvents(response: ServerResponse, events: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.end(events);
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
  ['/v1/audio/transcriptions', { method: 'POST', takes: 'multipart/form-data', answer: transcribe }],
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

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
