/**
 * Asks the embedded endpoint in a row, over the demo set and garbage in between, and watches its memory.
 *
 *   npm run build && node bench/soak.mjs [--requests 1000] [--concurrency 4]
 *
 * Ends with code 1 when a request fails that should not, or when memory still grows in the second half.
 */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { startLocalServer } from '../dist/local/server.js';

/** Growth of the mean over the last quarter against the second quarter that counts as flat. */
const ALLOWED_GROWTH_MB = 60;

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '1000' }, concurrency: { type: 'string', default: '4' } },
});
const requests = Number(values.requests);
const demo = new URL('../datasets/demo/', import.meta.url);
const rows = parse(readFileSync(new URL('manifest.csv', demo)), { columns: true });
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

function partOf({ image, audio }) {
  const bytes = readFileSync(new URL(image || audio, demo)).toString('base64');
  if (audio !== '') return { type: 'input_audio', input_audio: { data: bytes, format: 'wav' } };
  const type = image.endsWith('.png') ? 'png' : 'jpeg';
  return { type: 'image_url', image_url: { url: `data:image/${type};base64,${bytes}` } };
}

/** Every tenth request is garbage; the others go through the set with each model that has the sense for it. */
function* work() {
  const cells = rows.flatMap((row) => {
    const models = row.image === '' ? ['asr-command', 'asr-open'] : ['ocr-tesseract', 'ocr-ppv4'];
    return models.map((model) => ({ model, row }));
  });
  for (let index = 0; index < requests; index += 1) {
    const { model, row } = cells[index % cells.length];
    const image = row.image !== '';
    const garbage = image ? 'data:image/png;base64,Z2FyYmFnZQ==' : 'Z2FyYmFnZQ==';
    const broken = image
      ? { type: 'image_url', image_url: { url: garbage } }
      : { type: 'input_audio', input_audio: { data: garbage, format: 'mp3' } };
    const isBroken = index % 10 === 9;
    const content = [{ type: 'text', text: row.prompt }, isBroken ? broken : partOf(row)];
    yield { body: { model, messages: [{ role: 'user', content }] }, expected: isBroken ? 400 : 200 };
  }
}

const server = await startLocalServer();
console.log(`ready with ${megabytes()} MB`);
const samples = [];
const statuses = new Map();
let wrong = 0;
const started = performance.now();

async function client(queue) {
  for (const { body, expected } of queue) {
    const response = await fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await response.arrayBuffer();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    if (response.status !== expected) wrong += 1;
    samples.push(megabytes());
    if (samples.length % 100 === 0) console.log(`${samples.length} requests: ${megabytes()} MB`);
  }
}
const queue = work();
await Promise.all(Array.from({ length: Number(values.concurrency) }, () => client(queue)));
await server.close();

const mean = (from, to) => {
  const part = samples.slice(Math.floor(from * samples.length), Math.floor(to * samples.length));
  return Math.round(part.reduce((sum, value) => sum + value, 0) / part.length);
};
const growth = mean(0.75, 1) - mean(0.25, 0.5);
console.log(
  `${samples.length} requests in ${((performance.now() - started) / 1000).toFixed(1)} s; statuses ${JSON.stringify([...statuses])}`,
);
console.log(
  `memory: peak ${Math.max(...samples)} MB, mean of the second quarter ${mean(0.25, 0.5)} MB, of the last ${mean(0.75, 1)} MB`,
);
if (wrong > 0) console.log(`${wrong} requests were answered with another status than expected`);
if (wrong > 0 || growth > ALLOWED_GROWTH_MB) process.exitCode = 1;
