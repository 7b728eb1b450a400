// Replies of every dialect, error pages and headers for bench/growth.mjs, each of a given length.
import { createServer } from 'node:http';
import { readChatReply } from '../dist/providers/chat-reply.js';
import { chatFold } from '../dist/providers/chat-stream.js';
import { generateFold, readGenerateReply } from '../dist/providers/generate-reply.js';
import { replyFailure } from '../dist/providers/http/failures.js';
import { createStreamReader } from '../dist/providers/http/stream.js';
import { createTransport } from '../dist/providers/http/transport.js';
import { messagesFold, readMessagesReply } from '../dist/providers/messages-reply.js';
import { createSecrets } from '../dist/providers/secrets.js';
import { fill, numbered, orError, text } from './growth-inputs.mjs';

const facts = (headers = {}) => ({ status: 200, headers, now: 0 });
const secrets = createSecrets();
const SECRET = 'a-secret-of-some-length';
secrets.add(SECRET);

const DIALECTS = {
  chat: { fold: chatFold, read: readChatReply },
  messages: { fold: messagesFold, read: readMessagesReply },
  generate: { fold: generateFold, read: readGenerateReply },
};

/** A whole reply of one dialect. */
const reply = (dialect, make) =>
  text(make, (body) => orError(() => DIALECTS[dialect].read(secrets.hideInReply(JSON.parse(body)), facts())));

/** Events of one dialect, which arrive in pieces of 1 KiB. */
const stream = (dialect, make, pieceBytes = 1024) => ({
  make: (length) => Buffer.from(make(length)),
  run: (bytes) =>
    orError(() => {
      const { fold, read } = DIALECTS[dialect];
      const reader = createStreamReader(fold(), facts(), secrets.hideInReply, () => undefined);
      for (let at = 0; at < bytes.length; at += pieceBytes) reader.push(bytes.subarray(at, at + pieceBytes));
      reader.partial();
      return read(reader.end(), facts());
    }),
});

/** A text of a reply that may echo the request. */
const hidden = (make) => text(make, (value) => secrets.hideInReply(value));

const failure = (make, headers = {}) =>
  text(make, (body) => replyFailure(body, { status: 500, headers, now: 0 }, secrets.hideInReply));
const header = (name, make, status = 429) =>
  text(
    (length) => make(Math.min(length, 2 ** 14)),
    (value) => replyFailure('', { status, headers: { [name]: value }, now: 0 }, secrets.hideInReply),
  );

/** A reply over a real connection in chunks of a few bytes. */
const pieces = (bytesInChunk) => ({
  make: async (length) => {
    const chunk = `${bytesInChunk.toString(16)}\r\n${'a'.repeat(bytesInChunk)}\r\n`;
    const part = Buffer.from(fill(2 ** 16, chunk));
    const parts = Math.ceil(length / (part.length * (bytesInChunk / chunk.length)));
    const server = createServer((request) => {
      const { socket } = request;
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n');
      for (let index = 0; index < parts; index += 1) socket.write(part);
      socket.write('0\r\n\r\n');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  },
  run: async (server) => {
    const transport = createTransport({});
    const post = transport.to(new URL(`http://127.0.0.1:${server.address().port}/`), {
      http2: false,
      idleTimeoutMs: 30_000,
    });
    const { signal } = new AbortController();
    const { body } = await post({ headers: {}, body: '{}', signal });
    await transport.close();
    return body.length;
  },
  end: (server) => {
    server.closeAllConnections();
    server.close();
  },
});

const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (value) => event({ choices: [{ delta: value }] });
const DONE = `${event({ choices: [{ delta: {}, finish_reason: 'stop' }] })}data: [DONE]\n\n`;

export const REPLIES = {
  'chat: one long answer': reply(
    'chat',
    (n) => `{"choices":[{"finish_reason":"stop","message":{"content":"${fill(n, 'a b')}"}}]}`,
  ),
  'chat: parts': reply('chat', (n) => `{"choices":[{"message":{"content":[${fill(n, '{"text":"a"},')}{}]}}]}`),
  'chat: choices': reply('chat', (n) => `{"choices":[${fill(n, '{"message":{"content":"a"}},')}{}]}`),
  'chat: usage': reply(
    'chat',
    (n) => `{"usage":{${numbered(n, (i) => `"k${i}":1`, ',')}},"choices":[{"message":{"content":"a"}}]}`,
  ),
  'chat: nested usage': reply('chat', (n) => `{"usage":${fill(n, '{"a":')}1`),
  'chat: filter results': reply('chat', (n) => `{"choices":[],"prompt_filter_results":[${fill(n, '{},')}{}]}`),
  'chat: opening brackets': reply('chat', (n) => fill(n, '[')),
  'chat: nested lists': reply('chat', (n) => `{"choices":${fill(n / 2, '[')}${fill(n / 2, ']')}}`),
  'messages: blocks': reply('messages', (n) => `{"content":[${fill(n, '{"type":"text","text":"a"},')}{}]}`),
  'generate: parts': reply(
    'generate',
    (n) => `{"candidates":[{"finishReason":"STOP","content":{"parts":[${fill(n, '{"text":"a"},')}{}]}}]}`,
  ),
  'generate: modalities': reply(
    'generate',
    (n) =>
      `{"usageMetadata":{"promptTokensDetails":[${fill(n, '{},')}{}]},"candidates":[{"content":{"parts":[{"text":"a"}]}}]}`,
  ),
  'chat stream: words': stream('chat', (n) => fill(n, delta({ content: 'a ' })) + DONE),
  'chat stream: tool calls': stream('chat', (n) => fill(n, delta({ tool_calls: [{}] })) + DONE),
  'chat stream: tool calls in one event': stream(
    'chat',
    (n) => event({ choices: [{ delta: { tool_calls: Array(Math.ceil(n / 3)).fill({}) } }] }) + DONE,
  ),
  'chat stream: members': stream('chat', (n) => numbered(n, (i) => event({ [`k${i}`]: 1 })) + DONE),
  'chat stream: one long event': stream('chat', (n) => delta({ content: fill(n, 'a') }) + DONE),
  'chat stream: one long event in pieces of a byte': stream('chat', (n) => delta({ content: fill(n, 'a') }) + DONE, 1),
  'chat stream: one event of many lines': stream(
    'chat',
    (n) => `data: {"a":\n${fill(n, 'data:\n')}data: 1}\n\n${DONE}`,
  ),
  'chat stream: comments': stream('chat', (n) => fill(n, ': a\n\n') + DONE),
  'chat stream: empty lines': stream('chat', (n) => fill(n, '\n') + DONE),
  'chat stream: CR LF': stream('chat', (n) => fill(n, delta({ content: 'a ' })).replaceAll('\n', '\r\n') + DONE),
  'chat stream: a CR, then LF': stream('chat', (n) => `: a\r\n${fill(n, delta({ content: 'a ' }))}${DONE}`, 2 ** 20),
  'chat stream: no line end': stream('chat', (n) => fill(n, 'data: ')),
  'messages stream: words': stream(
    'messages',
    (n) =>
      event({ type: 'message_start', message: {} }) +
      fill(n, event({ type: 'content_block_delta', delta: { text: 'a ' } })) +
      event({ type: 'message_stop' }),
  ),
  'messages stream: usage': stream(
    'messages',
    (n) =>
      numbered(n, (i) => event({ type: 'message_delta', usage: { [`k${i}`]: 1 } })) + event({ type: 'message_stop' }),
  ),
  'generate stream: words': stream(
    'generate',
    (n) =>
      fill(n, event({ candidates: [{ content: { parts: [{ text: 'a ' }] } }] })) +
      event({ candidates: [{ finishReason: 'STOP' }] }),
  ),
  'generate stream: members': stream(
    'generate',
    (n) =>
      numbered(n, (i) => event({ [`k${i}`]: 1 })) +
      event({ candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'a' }] } }] }),
  ),
  'error page: titles': failure((n) => `<html>${fill(n, '<title')}`),
  'error page: headings': failure((n) => `<html>${fill(n, '<h1')}`),
  'error page: titles without an end': failure((n) => `<html>${fill(n, '<title>')}`),
  'error page: text': failure((n) => `<html>${fill(n, 'a ')}`),
  'error: one long message': failure((n) => `{"error":{"message":"${fill(n, 'a')}"}}`),
  'error: blanks': failure((n) => `${fill(n, ' ')}x`),
  'error: errors': failure((n) => `{"error":[${fill(n, '{"message":"a","code":"b"},')}{}]}`),
  'error: codes': failure((n) => `{"error":[${numbered(n, (i) => `{"code":"c${i}"}`, ',')}]}`),
  'error: JSON in JSON': failure((n) => {
    let body = fill(n / 16, 'a');
    for (let depth = 0; depth < 4; depth += 1) body = JSON.stringify({ message: body });
    return body;
  }),
  'error: opening brackets': failure((n) => fill(n, '[')),
  'error: nested lists': failure((n) => fill(n / 2, '[') + fill(n / 2, ']')),
  'error: digits of a delay': failure((n) => `{"error":{"retryDelay":"${fill(n, '1')}"}}`),
  'error: Bearer and blanks': failure((n) => fill(n, 'Bearer  ')),
  'error: Bearer and many blanks': failure((n) => `Bearer ${fill(n, ' ')}`),
  'error: location': failure((n) => `{"error":{"loc":[${fill(n, '"a",')}1],"msg":"b"}}`),
  'header: digits of a reset': header('x-ratelimit-reset-requests', (n) => fill(n, '1.1')),
  'header: digits of a reset, no unit': header('x-ratelimit-reset-tokens', (n) => `${fill(n, '1')}x`),
  'header: retry-after': header('retry-after', (n) => fill(n, '1')),
  'header: retry-after, words': header('retry-after', (n) => fill(n, 'Jan 1 ')),
  'header: blanks in a count': header('x-ratelimit-limit-requests', (n) => `${fill(n, ' ')}x`),
  'header: location': header('location', (n) => fill(n, '#'), 302),
  'reply in chunks of a byte': pieces(1),
  'reply in chunks of 1 KiB': pieces(1024),
  'secrets: an echo': hidden((n) => fill(n, SECRET)),
  'secrets: almost an echo': hidden((n) => fill(n, SECRET.slice(0, -1))),
  'secrets: its first character': hidden((n) => fill(n, SECRET[0])),
  'secrets: percent signs': hidden((n) => fill(n, '%')),
  'secrets: escaped percent signs': hidden((n) => fill(n, '%25')),
  'secrets: characters that were escaped six times': hidden((n) => fill(n, '%25252525252561')),
  'secrets: backslashes': hidden((n) => fill(n, '\\')),
  'secrets: escapes of JSON': hidden((n) => fill(n, '\\u0061')),
  'secrets: ampersands': hidden((n) => fill(n, '&')),
  'secrets: entities': hidden((n) => fill(n, '&amp;')),
  'secrets: entities of entities': hidden((n) => fill(n, '&amp;#97;')),
  'secrets: digits of an entity': hidden((n) => `&#${fill(n, '1')}`),
  'secrets: base64': hidden((n) => fill(n, Buffer.from(SECRET).toString('base64'))),
  'secrets: hex': hidden((n) => fill(n, Buffer.from(SECRET).toString('hex'))),
};
