// A chat endpoint with a true token bucket for requests and one for tokens, in a process of its own; prints its port.
// argv[2]: {requestsPerSecond?, tokensPerSecond?, phases?: [{seconds, share}], hint: header|text|none, rateHeaders, charges: usage|estimate}
import { createServer } from 'node:http';

const { requestsPerSecond, tokensPerSecond, phases = [], hint, rateHeaders, charges } = JSON.parse(process.argv[2]);
/** A bucket holds what a second brings. */
const BANK_SECONDS = 1;
const LATENCY_MS = 100;

let startedAt = null;
let lastAnsweredAt = null;
const counts = { answered: 0, refused: 0 };

/** The share of the quota that is granted at a time after the first request. */
function shareAt(seconds) {
  let left = seconds;
  for (const phase of phases) {
    if (left < phase.seconds) return phase.share;
    left -= phase.seconds;
  }
  return 1;
}

function bucket(perSecond) {
  let level = perSecond * BANK_SECONDS;
  let at = 0;
  let accrued = 0;
  let spent = 0;
  const gather = (now) => {
    const rate = perSecond * shareAt(now);
    const more = (now - at) * rate;
    at = now;
    accrued += more;
    level = Math.min(rate * BANK_SECONDS, level + more);
    return rate;
  };
  return {
    /** Seconds until the cost is there; 0 = now. */
    wait(cost, now) {
      const rate = gather(now);
      return Math.max(0, (Math.min(cost, rate * BANK_SECONDS) - level) / rate);
    },
    take(cost) {
      level -= cost;
      spent += cost;
    },
    headers(now, name) {
      const rate = gather(now);
      return {
        [`x-ratelimit-limit-${name}`]: Math.floor(rate * BANK_SECONDS),
        [`x-ratelimit-remaining-${name}`]: Math.max(0, Math.floor(level)),
        [`x-ratelimit-reset-${name}`]: `${Math.ceil(((rate * BANK_SECONDS - level) / rate) * 1000)}ms`,
      };
    },
    /** Of what came in until the last answer. */
    used(now) {
      gather(now);
      return spent / accrued;
    },
  };
}

const requests = requestsPerSecond === undefined ? null : bucket(requestsPerSecond);
const tokens = tokensPerSecond === undefined ? null : bucket(tokensPerSecond);

function receive(body, response) {
  const now = performance.now() / 1000;
  startedAt ??= now;
  const time = now - startedAt;
  const { messages, max_tokens: maxTokens = 256 } = JSON.parse(body);
  const promptTokens = Math.ceil(JSON.stringify(messages).length / 4);
  // Between 1 and 100, by the prompt: every run asks for the same.
  const completionTokens = 1 + ((messages.at(-1).content.length * 7919 + counts.answered * 104_729) % 100);
  const billed = promptTokens + completionTokens;
  const cost = charges === 'estimate' ? promptTokens + maxTokens : billed;
  const wait = Math.max(requests?.wait(1, time) ?? 0, tokens?.wait(cost, time) ?? 0);
  if (wait > 0) {
    counts.refused += 1;
    refuse(response, wait, time);
    return;
  }
  requests?.take(1);
  tokens?.take(cost);
  counts.answered += 1;
  lastAnsweredAt = time;
  const usage = { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: billed };
  const message = { role: 'assistant', content: 'Paris' };
  const head = headersAt(time);
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json', ...head });
    response.end(
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'bench',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage,
      }),
    );
  }, LATENCY_MS);
}

function refuse(response, wait, time) {
  const seconds = Math.ceil(wait);
  const message =
    hint === 'text' ? `Rate limit is exceeded. Please wait ${seconds} seconds before retrying.` : 'Too many requests.';
  response.writeHead(429, {
    'content-type': 'application/json',
    ...headersAt(time),
    ...(hint === 'header' ? { 'retry-after': String(seconds) } : {}),
  });
  response.end(JSON.stringify({ error: { code: 'RateLimitReached', message } }));
}

function headersAt(time) {
  if (!rateHeaders) return {};
  return { ...requests?.headers(time, 'requests'), ...tokens?.headers(time, 'tokens') };
}

const server = createServer((request, response) => {
  if (request.url === '/figures') {
    const used = [requests, tokens].map((bucket) => bucket?.used(lastAnsweredAt) ?? 0);
    response.end(JSON.stringify({ ...counts, seconds: lastAnsweredAt, used: Math.max(...used) }));
    return;
  }
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => receive(Buffer.concat(pieces).toString(), response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('disconnect', () => process.exit(0));
