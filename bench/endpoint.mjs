// A zero-latency chat endpoint in a process of its own; prints its port, counts requests, ends with its parent.
import { createServer } from 'node:http';

const reply = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'bench',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Paris' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 },
  }),
);
const delayMs = Number(process.argv[2] ?? 0);
let served = 0;
/** Milliseconds from the whole request to the whole reply, as this side sees it. */
const durations = [];

const server = createServer((request, response) => {
  if (request.url === '/count') {
    response.end(String(served));
    return;
  }
  if (request.url === '/durations') {
    response.end(JSON.stringify(durations));
    return;
  }
  request.resume();
  request.on('end', () => {
    served += 1;
    const arrived = performance.now();
    response.on('finish', () => durations.push(performance.now() - arrived));
    const answer = () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': reply.length });
      response.end(reply);
    };
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('disconnect', () => process.exit(0));
