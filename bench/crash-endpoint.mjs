// A chat endpoint in a process of its own that never answers twice alike and knows how often each cell was asked; prints its port.
import { createServer } from 'node:http';

const LONGEST_MS = 8;
/** By model and prompt. */
const asked = new Map();
let served = 0;

const server = createServer(async (request, response) => {
  if (request.url === '/asked') {
    response.end(JSON.stringify([...asked]));
    return;
  }
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const { model, messages } = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  const prompt = messages.at(-1).content;
  const cell = `${model} ${prompt}`;
  asked.set(cell, (asked.get(cell) ?? 0) + 1);
  served += 1;
  const body = JSON.stringify({
    choices: [{ index: 0, message: { role: 'assistant', content: `${prompt} #${served}` }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 },
  });
  setTimeout(
    () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(body);
    },
    (served * 7) % LONGEST_MS,
  );
});
// Clients that are killed reset their connections.
server.on('clientError', (_error, socket) => socket.destroy());
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('disconnect', () => process.exit(0));
