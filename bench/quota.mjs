// How well a quota is used and kept: node bench/quota.mjs [VARIANT...]; without any, all of them, about five minutes.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLI, scratch, writeTextManifest } from './harness.mjs';

const ENDPOINT = fileURLToPath(new URL('quota-endpoint.mjs', import.meta.url));
/** Runs at a time: each keeps a hundredth of a core busy, so they do not disturb one another. */
const AT_ONCE = 3;
/** No run takes longer; a limiter that is stuck ends the bench. */
const LONGEST_MS = 300_000;

const PER_SECOND = { requestsPerSecond: 50 };
const PER_MINUTE = { requestsPerMinute: 3000 };
const HALVES = {
  phases: [
    { seconds: 40, share: 1 },
    { seconds: 40, share: 0.5 },
  ],
};

/** The steady ones are held to 97 % used and 1 % refused; of a thousand cells at 50 a second, to 21 s. */
const VARIANTS = [
  { name: 'requests', endpoint: PER_SECOND, limits: PER_MINUTE, cells: 1000, seconds: 21 },
  { name: 'requests, text hints', endpoint: { ...PER_SECOND, hint: 'text' }, limits: PER_MINUTE, cells: 1000 },
  { name: 'requests, no hints', endpoint: { ...PER_SECOND, hint: 'none' }, limits: PER_MINUTE, cells: 1000 },
  { name: 'requests, rate headers', endpoint: { ...PER_SECOND, rateHeaders: true }, limits: PER_MINUTE, cells: 1000 },
  { name: 'tokens', endpoint: { tokensPerSecond: 4000 }, limits: { tokensPerMinute: 240_000 }, cells: 1500 },
  {
    name: 'requests and tokens',
    endpoint: { requestsPerSecond: 45, tokensPerSecond: 4000 },
    limits: { requestsPerMinute: 2700, tokensPerMinute: 240_000 },
    cells: 1500,
  },
  {
    name: 'tokens, charged by the estimate',
    endpoint: { tokensPerSecond: 10_000, charges: 'estimate' },
    limits: { tokensPerMinute: 600_000 },
    cells: 2000,
    steady: false,
  },
  ...['header', 'text', 'none'].map((hint) => ({
    name: `halves and doubles, ${{ header: 'Retry-After', text: 'text hints', none: 'no hints' }[hint]}`,
    endpoint: { ...PER_SECOND, ...HALVES, hint },
    limits: PER_MINUTE,
    cells: 5000,
  })),
  {
    name: 'halves and doubles, rate headers',
    endpoint: { ...PER_SECOND, ...HALVES, rateHeaders: true },
    limits: PER_MINUTE,
    cells: 5000,
  },
  { name: 'nothing configured', endpoint: PER_SECOND, limits: { concurrency: 16 }, cells: 2000, steady: false },
  {
    name: 'nothing configured, rate headers',
    endpoint: { ...PER_SECOND, rateHeaders: true },
    limits: { concurrency: 16 },
    cells: 2000,
    steady: false,
  },
  { name: 'auto', endpoint: PER_SECOND, limits: { concurrency: 'auto' }, cells: 2000, steady: false },
];

async function startEndpoint(options) {
  const argv = [ENDPOINT, JSON.stringify({ hint: 'header', rateHeaders: false, charges: 'usage', ...options })];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(Number(data)));
    child.once('exit', (code) => reject(new Error(`the endpoint ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  return { url, figures: async () => (await fetch(`${url}/figures`)).json(), close: () => child.kill() };
}

async function run({ endpoint: options, limits, cells }) {
  const endpoint = await startEndpoint(options);
  const work = scratch();
  try {
    await writeTextManifest(work.path('manifest.csv'), cells);
    const model = {
      id: 'm',
      provider: 'openai',
      endpoint: `${endpoint.url}/v1`,
      model: 'bench',
      auth: { type: 'none' },
      modalities: ['text'],
      params: { maxTokens: 200 },
      limits: { concurrency: 64, ...limits },
    };
    const config = { dataset: 'manifest.csv', models: [model], scorers: ['exact'], reporters: ['csv'] };
    writeFileSync(work.path('earsight.config.json'), JSON.stringify(config));
    const argv = [CLI, 'run', 'earsight.config.json', '--quiet', '--yes', '--out', 'run'];
    const child = spawn(process.execPath, argv, {
      cwd: work.directory,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: LONGEST_MS,
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    const summary = readFileSync(work.path('run', 'summary.csv'), 'utf8');
    const completed = Number(/^m,all,completed,\d+,(\d+)/m.exec(summary)?.[1]);
    return { ...(await endpoint.figures()), code, failed: cells - completed };
  } finally {
    endpoint.close();
    work.remove();
  }
}

const wanted = process.argv.slice(2);
const waiting = VARIANTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
let missed = 0;
console.log('variant | % of the quota used | % of requests answered 429 | failed in the end | seconds');

async function work() {
  for (let variant = waiting.shift(); variant !== undefined; variant = waiting.shift()) {
    const { answered, refused, used, failed, seconds, code } = await run(variant);
    const refusedShare = refused / (answered + refused);
    const held = variant.steady ?? true;
    const good =
      code === 0 &&
      failed === 0 &&
      (!held || (used >= 0.97 && refusedShare <= 0.01)) &&
      seconds <= (variant.seconds ?? Number.POSITIVE_INFINITY);
    if (!good) missed += 1;
    const figures = [(100 * used).toFixed(1), (100 * refusedShare).toFixed(2), failed, seconds.toFixed(1)];
    console.log([variant.name, ...figures].join(' | ') + (good ? '' : ' | missed'));
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(missed === 0 ? 'all targets met' : `${missed} targets missed`);
process.exitCode = missed === 0 ? 0 : 1;
