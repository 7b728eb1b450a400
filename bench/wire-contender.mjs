// One contender of bench/wire.mjs in a process of its own: plays a round for each message, then tells its peak memory.
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import OpenAI from 'openai';
import pLimit from 'p-limit';
import { Pool } from 'undici';

const [contender, work, url, inFlight, requests, folder] = process.argv.slice(2);
const MODELS = ['a', 'b', 'c'];
const limit = pLimit(Number(inFlight));
const QUESTION = 'What does the picture show? Answer in one word.';

/** What is asked, in the order of a run: sample by sample, each of all models. */
const jobs =
  work === 'text'
    ? Array.from({ length: Number(requests) }, (_, index) => ({ text: `${QUESTION} (${index})`, model: 'a' }))
    : readdirSync(folder).flatMap((name) =>
        MODELS.map((model) => ({ text: QUESTION, model, path: join(folder, name) })),
      );

const contenders = { bare, earsight, openai };
const play = await contenders[contender]();
process.on('message', async (message) => {
  if (message === 'end') {
    process.send({ peakMb: process.resourceUsage().maxRSS / 1024 });
    process.disconnect();
    return;
  }
  const ask = await play();
  const start = performance.now();
  await Promise.all(jobs.map((job) => limit(ask, job)));
  process.send({ seconds: (performance.now() - start) / 1000 });
  // Leftovers of this round must not count into the peak of the next.
  globalThis.gc();
});
process.send('ready');

/** undici and p-limit, nothing else: prebuilt bodies, and files read and encoded for every request. */
async function bare() {
  const pool = new Pool(url);
  const prebuilt = new Map(jobs.filter(({ path }) => path === undefined).map((job) => [job, textBody(job)]));
  const post = async (body) => {
    const reply = await pool.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return (await reply.body.json()).choices[0].message.content;
  };
  return async () => async (job) => post(prebuilt.get(job) ?? imageBody(job, await dataUrl(job.path)));
}

/** The provider as a run uses it; a fresh loader a round, so that no round profits from the files that the one before read. */
async function earsight() {
  const { PROVIDERS } = await import('../dist/providers/registry.js');
  const { createMediaLoader } = await import('../dist/dataset/media-loader.js');
  const media = new Map(jobs.flatMap(({ path }) => (path === undefined ? [] : [[path, describeFile(path)]])));
  let loader;
  const context = { env: process.env, media: { load: (...medium) => loader.load(...medium) } };
  const clients = new Map(
    await Promise.all(MODELS.map(async (name) => [name, await PROVIDERS.openai.create(model(name), context)])),
  );
  // What the caller brings is ready before the clock starts, as the bodies of the bare loop are.
  const requests = new Map(
    jobs.map((job) => [job, { messages: [question(job)], params: {}, clientRequestId: randomUUID() }]),
  );
  // Lent from request to request, as the run loop does it.
  const signals = Array.from({ length: Number(inFlight) }, () => new AbortController().signal);
  return async () => {
    loader = createMediaLoader();
    return async (job) => {
      const signal = signals.pop();
      const { text } = await clients.get(job.model).complete(requests.get(job), { signal });
      signals.push(signal);
      return text;
    };
  };
  function model(name) {
    return {
      id: name,
      provider: 'openai',
      endpoint: `${url}/v1`,
      model: name,
      auth: { type: 'none' },
      modalities: ['text', 'image'],
      params: {},
      limits: { concurrency: Number(inFlight), timeoutMs: 60_000, retries: 0 },
    };
  }
  function question({ text, path }) {
    const image = path === undefined ? [] : [{ type: 'image', media: media.get(path) }];
    return { role: 'user', content: [{ type: 'text', text }, ...image] };
  }
}

/** The vendor's own client under p-limit; it too reads and encodes for every request. */
async function openai() {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
  return async () => async (job) => {
    const content =
      job.path === undefined
        ? job.text
        : [
            { type: 'text', text: job.text },
            { type: 'image_url', image_url: { url: await dataUrl(job.path) } },
          ];
    const answer = await client.chat.completions.create({ model: job.model, messages: [{ role: 'user', content }] });
    return answer.choices[0].message.content;
  };
}

function textBody({ text, model }) {
  return JSON.stringify({ model, messages: [{ role: 'user', content: text }] });
}

function imageBody({ text, model }, address) {
  const content = [
    { type: 'text', text },
    { type: 'image_url', image_url: { url: address } },
  ];
  return JSON.stringify({ model, messages: [{ role: 'user', content }] });
}

async function dataUrl(path) {
  return `data:image/png;base64,${(await readFile(path)).toString('base64')}`;
}

/** What reading a manifest finds out about a file, here before the clock starts. */
function describeFile(path) {
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type: 'file', uri: path, path, mediaType: 'image/png', sha256, byteLength: bytes.length };
}
