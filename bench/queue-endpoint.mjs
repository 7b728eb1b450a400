// A chat endpoint in a process of its own whose answer depends on the cell only, and that knows how often each was paid; prints its port.
// argv[2]: the milliseconds of its answers, from the shortest to the longest, as JSON: [20, 60].
import { createServer } from 'node:http';

const [shortestMs, longestMs] = JSON.parse(process.argv[2]);
/** One cell in so many is filtered, and one in so many is cut. */
const FILTERED = 97;
const CUT = 41;

/** By model and prompt: how often its answer left this process, or would have. */
const asked = new Map();
let first = null;
let last = null;
let inFlight = 0;

function hashOf(text) {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  return hash >>> 0;
}

function replyTo(cell, hash, model) {
  if (hash % FILTERED === 0)
    return [400, { error: { code: 'content_filter', message: 'The prompt was filtered.', param: 'prompt' } }];
  const promptTokens = Math.ceil(cell.length / 4);
  const completionTokens = 1 + (hash % 9);
  return [
    200,
    {
      id: `c-${hash}`,
      object: 'chat.completion',
      created: 1,
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: hash % 3 === 0 ? 'Paris' : `answer ${hash}` },
          finish_reason: hash % CUT === 0 ? 'length' : 'stop',
        },
      ],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
      },
    },
  ];
}

const server = createServer(async (request, response) => {
  if (request.url === '/figures') {
    response.end(JSON.stringify({ asked: [...asked], seconds: (last - first) / 1000, inFlight }));
    return;
  }
  if (request.url === '/count') {
    response.end(String([...asked.values()].reduce((sum, count) => sum + count, 0)));
    return;
  }
  if (request.url === '/forget') {
    asked.clear();
    first = null;
    response.end();
    return;
  }
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const { model, messages } = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  const cell = `${model} ${messages.at(-1).content}`;
  const hash = hashOf(cell);
  asked.set(cell, (asked.get(cell) ?? 0) + 1);
  first ??= performance.now();
  last = performance.now();
  inFlight += 1;
  const [status, body] = replyTo(cell, hash, model);
  setTimeout(
    () => {
      inFlight -= 1;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    },
    shortestMs + (hash % (longestMs - shortestMs + 1)),
  );
});
// Clients that are killed reset their connections.
server.on('clientError', (_error, socket) => socket.destroy());
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('disconnect', () => process.exit(0));
