// What the parts of the queue bench share: a redis-server, coordinators and workers in processes of their own, and what they left.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { CLI, startEndpoint } from './harness.mjs';

const ENDPOINT = fileURLToPath(new URL('queue-endpoint.mjs', import.meta.url));
/** Columns that are times, or the name of the run. */
const TIMES = ['run_id', 'latency_ms', 'first_token_ms', 'rtfx', 'queue_ms', 'retry_wait_ms', 'started_at'];

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** A redis-server on a free port, with its files in the folder; every write is on the disk before it is answered. */
export async function startRedis(space) {
  const port = await freePort();
  mkdirSync(space.path('redis'));
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: space.path('redis'),
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
  };
  const argv = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const start = async () => {
    const server = spawn('redis-server', argv, { stdio: ['ignore', 'pipe', 'ignore'] });
    server.once('error', () => {
      console.error('redis-server is not installed (apt-get install redis-server)');
      process.exit(1);
    });
    for await (const text of server.stdout) if (String(text).includes('Ready to accept connections')) break;
    server.stdout.resume();
    return server;
  };
  let server = await start();
  const kill = async () => {
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async restart() {
      server = await start();
    },
  };
}

/** The endpoint of `queue-endpoint.mjs` with the milliseconds of its answers. */
export async function startCells(shortestMs, longestMs = shortestMs) {
  const endpoint = await startEndpoint(JSON.stringify([shortestMs, longestMs]), ENDPOINT);
  const figures = async () => (await fetch(`${endpoint.url}/figures`)).json();
  return { ...endpoint, figures, forget: () => fetch(`${endpoint.url}/forget`) };
}

/** Writes the manifest and the configuration of a run. */
export function writeSet(space, { url, samples, models, limits, params = {} }) {
  const rows = Array.from({ length: samples }, (_, index) => `s${index},What is the capital? (${index}),Paris\n`);
  writeFileSync(space.path('manifest.csv'), `id,prompt,target\n${rows.join('')}`);
  const entries = models.map((id) => ({
    id,
    provider: 'openai',
    endpoint: `${url}/v1`,
    model: id,
    auth: { type: 'none' },
    modalities: ['text'],
    params,
    limits,
    price: { promptPerMillion: 1, completionPerMillion: 4 },
  }));
  const config = { name: 'bench', dataset: 'manifest.csv', models: entries, scorers: ['exact'], reporters: ['csv'] };
  writeFileSync(space.path('earsight.config.json'), JSON.stringify(config));
}

/** Starts the command; `ended` gives its exit code or signal, `said` what it wrote to stderr. */
export function start(space, argv) {
  const child = spawn(process.execPath, [CLI, ...argv], {
    cwd: space.directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  let tell = () => {};
  child.stderr.on('data', (data) => {
    text += data;
    tell();
  });
  const ended = new Promise((resolve) =>
    child.once('exit', (code, signal) => {
      resolve(code ?? signal);
      tell();
    }),
  );
  return {
    ended,
    said: () => text,
    /** Resolves when it has said something, or has ended. */
    async says(words) {
      while (!text.includes(words) && child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => {
          tell = resolve;
        });
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export const startWorker = (space, redis, out) => start(space, ['worker', '--queue', redis.url, '--out', out]);
export const startRun = (space, redis, out) =>
  start(space, ['run', 'earsight.config.json', '--queue', redis.url, '--out', out, '--quiet', '--yes']);

/** The rows of a run without times. */
export function steadyRows(space, out) {
  return parse(readFileSync(space.path(out, 'results.csv')), { columns: true }).map((row) =>
    JSON.stringify(Object.entries(row).filter(([name]) => !TIMES.includes(name))),
  );
}

/** Ends what was started and is still there, whatever happened. */
export async function endAll(...processes) {
  for (const one of processes.flat()) if (one.isAlive()) await one.kill();
}
