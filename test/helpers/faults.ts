/** Known failures of endpoints, as bytes on the wire, each with the expected result. */

import { gzipSync } from 'node:zlib';
import type { RawReply, RawRequest } from './raw-endpoint.ts';

export interface Fault {
  readonly name: string;
  /** The answer is streamed. */
  readonly stream?: true;
  readonly reply: (request: RawRequest) => RawReply | Promise<RawReply>;
  /** The expected failure kind of a request that gets only this fault; `completed` = an answer. */
  readonly kind: string;
  /** The request is retried. */
  readonly again?: true;
  /** The wait that the endpoint asks for, in milliseconds. */
  readonly hintMs?: number;
  /** No more requests are sent to the model. */
  readonly ends?: true;
  /** The answer, unless it is `ANSWER`. */
  readonly answer?: string;
}

export const ANSWER = 'Größe: 🦊';

const MIB = 2 ** 20;
const OK = '200 OK';
const JSON_TYPE = { 'content-type': 'application/json' };
const SSE_TYPE = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' };

function head(status: string, headers: Readonly<Record<string, string | number>> = JSON_TYPE): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n`;
}

/** A complete reply on a connection that stays open. */
function whole(status: string, body: string | Buffer, headers: Readonly<Record<string, string>> = JSON_TYPE): RawReply {
  return { bytes: [head(status, { ...headers, 'content-length': Buffer.byteLength(body) }), body] };
}

function completion(more: object = {}): string {
  return JSON.stringify({
    id: 'c-1',
    model: 'served',
    choices: [{ index: 0, message: { role: 'assistant', content: ANSWER }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    ...more,
  });
}

function chosen(choice: object): string {
  return completion({ choices: [{ index: 0, finish_reason: 'stop', ...choice }] });
}

function failure(message: string, more: object = {}): string {
  return JSON.stringify({ error: { message, ...more } });
}

/** Servers may echo the key in an error message. */
function keyIn(request: RawRequest): string {
  return /^(?:api-key|authorization): *(.*)$/im.exec(request.head)?.[1] ?? 'no key was sent';
}

const throttled = (headers: Readonly<Record<string, string>> = {}, message = 'slow down') =>
  whole('429 Too Many Requests', failure(message), { ...JSON_TYPE, ...headers });

/** Each piece of a body in its own HTTP chunk, without the last chunk. */
function chunks(...pieces: readonly (string | Buffer)[]): readonly Buffer[] {
  return pieces.map((piece) =>
    Buffer.concat([
      Buffer.from(`${Buffer.byteLength(piece).toString(16)}\r\n`),
      Buffer.from(piece),
      Buffer.from('\r\n'),
    ]),
  );
}
const CHUNKS_END = '0\r\n\r\n';

const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const delta = (content: string, more: object = {}) =>
  event({ id: 'c-1', model: 'served', choices: [{ index: 0, delta: { content }, ...more }] });
const streamed = (...pieces: readonly (string | Buffer)[]) => [head(OK, SSE_TYPE), ...chunks(...pieces)];
const STOP = delta('', { finish_reason: 'stop' });
const DONE = event('[DONE]');

/** The reply of a working endpoint. */
export function goodReply(stream: boolean): RawReply {
  return stream ? { bytes: [...streamed(delta(ANSWER), STOP, DONE), CHUNKS_END] } : whole(OK, completion());
}

/** Sends the reply after the request has arrived completely. */
const after = (reply: (request: RawRequest) => RawReply) => async (request: RawRequest) => {
  await request.body;
  return reply(request);
};
const always = (reply: RawReply) => after(() => reply);
const status = (line: string, kind: string, again?: true): Fault => ({
  name: `status ${line}`,
  reply: after((request) => whole(line, failure(`no, says the server to ${keyIn(request)}`))),
  kind,
  ...(again === undefined ? {} : { again }),
});

/** Redirects each request, with its key and content, to another URL. */
export function redirectTo(url: string): Fault {
  return {
    name: 'a redirect to another host',
    reply: always(whole('307 Temporary Redirect', '', { location: url })),
    kind: 'bad_request',
  };
}

const THROTTLED: readonly Fault[] = [
  { name: '429 without a wait', reply: always(throttled()), kind: 'rate_limit', again: true },
  {
    name: '429 with seconds',
    reply: always(throttled({ 'retry-after': '1' })),
    kind: 'rate_limit',
    again: true,
    hintMs: 1000,
  },
  {
    name: '429 with milliseconds',
    reply: always(throttled({ 'retry-after-ms': '40' })),
    kind: 'rate_limit',
    again: true,
    hintMs: 40,
  },
  {
    name: '429 with a date',
    reply: after(() => {
      const now = Date.now();
      return throttled({ date: new Date(now).toUTCString(), 'retry-after': new Date(now + 1000).toUTCString() });
    }),
    kind: 'rate_limit',
    again: true,
    hintMs: 1000,
  },
  {
    name: '429 with a date in the past',
    reply: always(throttled({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })),
    kind: 'rate_limit',
    again: true,
  },
  { name: '429 with garbage', reply: always(throttled({ 'retry-after': 'soon' })), kind: 'rate_limit', again: true },
  {
    name: '429 with a wait in its text',
    reply: always(throttled({}, 'Rate limit reached. Please try again in 60ms.')),
    kind: 'rate_limit',
    again: true,
    hintMs: 60,
  },
  {
    name: '429 with a whole day',
    reply: always(throttled({ 'retry-after': '86400' })),
    kind: 'rate_limit',
    ends: true,
  },
  {
    name: '429 insufficient_quota',
    reply: always(whole('429 Too Many Requests', failure('no credit', { code: 'insufficient_quota' }))),
    kind: 'rate_limit',
    ends: true,
  },
];

const STATUSES: readonly Fault[] = [
  status('408 Request Timeout', 'timeout', true),
  status('409 Conflict', 'server', true),
  status('500 Internal Server Error', 'server', true),
  status('502 Bad Gateway', 'server', true),
  status('503 Service Unavailable', 'server', true),
  status('504 Gateway Timeout', 'server', true),
  status('529 Overloaded', 'server', true),
  status('400 Bad Request', 'bad_request'),
  status('404 Not Found', 'bad_request'),
  status('413 Payload Too Large', 'bad_request'),
  status('422 Unprocessable', 'bad_request'),
  { ...status('401 Unauthorized', 'auth'), ends: true },
  { ...status('403 Forbidden', 'auth'), ends: true },
  {
    name: '400 by the content filter',
    reply: always(whole('400 Bad Request', failure('filtered', { code: 'content_filter' }))),
    kind: 'content_filter',
  },
  {
    name: 'an answer that the content filter stopped',
    reply: always(whole(OK, chosen({ message: { content: 'par' }, finish_reason: 'content_filter' }))),
    kind: 'content_filter',
  },
];

const CONNECTIONS: readonly Fault[] = [
  { name: 'a reset before the request is whole', reply: () => ({ ending: 'reset' }), kind: 'network', again: true },
  { name: 'a reset before the answer', reply: always({ ending: 'reset' }), kind: 'network', again: true },
  { name: 'a close before the answer', reply: always({ ending: 'close' }), kind: 'network', again: true },
  {
    name: 'a reset within the answer',
    reply: always({ bytes: [head(OK, { ...JSON_TYPE, 'content-length': 500 }), '{"choices":['], ending: 'reset' }),
    kind: 'network',
    again: true,
  },
  {
    name: 'a close within the answer',
    reply: always({ bytes: [head(OK, { ...JSON_TYPE, 'content-length': 500 }), '{"choices":['], ending: 'close' }),
    kind: 'network',
    again: true,
  },
  {
    name: 'an unannounced close after the answer',
    reply: always({ ...whole(OK, completion()), ending: 'close' }),
    kind: 'completed',
  },
  { name: 'a silence before the answer', reply: always({}), kind: 'timeout', again: true },
  {
    name: 'a silence within the head',
    reply: always({ bytes: ['HTTP/1.1 200 OK\r\ncontent-'] }),
    kind: 'timeout',
    again: true,
  },
  {
    name: 'a silence within the answer',
    reply: always({ bytes: [head(OK, { ...JSON_TYPE, 'content-length': 500 }), '{"choices":['] }),
    kind: 'timeout',
    again: true,
  },
];

/** 200 MiB of spaces in less than 1 MiB; compressed here, so that no request waits for it. */
const BOMB = gzipSync(Buffer.alloc(200 * MIB, 32), { level: 1 });

const noHttp = (name: string, ...bytes: readonly (string | Buffer)[]): Fault => ({
  name,
  reply: always({ bytes, ending: 'close' }),
  kind: 'invalid_response',
});

const BODIES: readonly Fault[] = [
  { name: 'cut JSON', reply: always(whole(OK, completion().slice(0, 60))), kind: 'invalid_response', again: true },
  { name: 'broken JSON', reply: always(whole(OK, '{"choices": [,]}')), kind: 'invalid_response', again: true },
  {
    name: 'a page with status 200',
    reply: after((request) => whole(OK, `<html>${keyIn(request)}</html>`, { 'content-type': 'text/html' })),
    kind: 'invalid_response',
    again: true,
  },
  {
    name: 'a wrong content type',
    reply: always(whole(OK, completion(), { 'content-type': 'text/plain' })),
    kind: 'completed',
  },
  {
    name: 'plain text with status 200',
    reply: always(whole(OK, 'fine', { 'content-type': 'text/plain' })),
    kind: 'invalid_response',
    again: true,
  },
  {
    name: 'status 200 with an error inside',
    reply: after((request) => whole(OK, failure(`for ${keyIn(request)}`, { type: 'server_error' }))),
    kind: 'server',
    again: true,
  },
  { name: 'an empty body', reply: always(whole(OK, '')), kind: 'invalid_response', again: true },
  { name: 'status 204', reply: always({ bytes: [head('204 No Content')] }), kind: 'invalid_response', again: true },
  { name: 'empty choices', reply: always(whole(OK, completion({ choices: [] }))), kind: 'invalid_response' },
  { name: 'null content', reply: always(whole(OK, chosen({ message: { content: null } }))), kind: 'invalid_response' },
  { name: 'no usage', reply: always(whole(OK, completion({ usage: undefined }))), kind: 'completed' },
  {
    name: 'corrupt gzip',
    reply: always(whole(OK, completion(), { ...JSON_TYPE, 'content-encoding': 'gzip' })),
    kind: 'invalid_response',
    again: true,
  },
  {
    name: 'a gzip bomb',
    reply: always(whole(OK, BOMB, { ...JSON_TYPE, 'content-encoding': 'gzip' })),
    kind: 'invalid_response',
  },
  {
    name: '100 MB of answer',
    reply: always({
      bytes: [head(OK, { ...JSON_TYPE, 'content-length': 100 * MIB }), ...Array(100).fill(Buffer.alloc(MIB, 32))],
    }),
    kind: 'invalid_response',
  },
  noHttp('a header without a colon', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'),
  noHttp('an invalid chunk length', head(OK, SSE_TYPE), 'zz\r\n'),
  noHttp('no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'),
  noHttp('64 KB of header', head(OK, { ...JSON_TYPE, x: 'y'.repeat(64 * 1024) })),
];

const STREAMS: readonly Fault[] = (
  [
    {
      name: 'a stream without its end',
      reply: always({ bytes: [...streamed(delta('par')), CHUNKS_END] }),
      kind: 'network',
      again: true,
    },
    { name: 'a stream that stops', reply: always({ bytes: streamed(delta('par')) }), kind: 'timeout', again: true },
    {
      name: 'a stream that is reset',
      reply: always({ bytes: streamed(delta('par')), ending: 'reset' }),
      kind: 'network',
      again: true,
    },
    {
      name: 'an error within a stream',
      reply: after((request) => ({
        bytes: [...streamed(delta('par'), event({ error: { message: `no ${keyIn(request)}` } })), CHUNKS_END],
      })),
      kind: 'server',
      again: true,
    },
    {
      name: 'broken JSON within a stream',
      reply: always({ bytes: [...streamed(delta('par'), 'data: {"choices"\n\n'), CHUNKS_END] }),
      kind: 'invalid_response',
      again: true,
    },
    {
      name: 'a stream with a repeated piece',
      reply: always({ bytes: [...streamed(delta(ANSWER), delta(ANSWER), STOP, DONE), CHUNKS_END] }),
      kind: 'completed',
      answer: ANSWER + ANSWER,
    },
    {
      name: 'a character split over two pieces of a stream',
      reply: always({ bytes: [...streamed(...halves(delta(ANSWER)), STOP, DONE), CHUNKS_END] }),
      kind: 'completed',
    },
  ] as const
).map((fault) => ({ ...fault, stream: true }));

/** Splits the text in the middle of the emoji. */
function halves(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text);
  const middle = bytes.indexOf('🦊') + 2;
  return [bytes.subarray(0, middle), bytes.subarray(middle)];
}

export const FAULTS: readonly Fault[] = [...THROTTLED, ...STATUSES, ...CONNECTIONS, ...BODIES, ...STREAMS];
