// Parts of the queue bench that kill nothing: equality with one machine, throughput, one quota, memory of Redis.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { scratch } from './harness.mjs';
import {
  endAll,
  start,
  startCells,
  startRedis,
  startRun,
  startWorker,
  steadyRows,
  writeSet,
} from './queue-machines.mjs';

const QUOTA_ENDPOINT = fileURLToPath(new URL('quota-endpoint.mjs', import.meta.url));

/** Everything of one part in a folder of its own, removed at the end. */
export async function withMachines(work) {
  const space = scratch();
  const redis = await startRedis(space);
  const started = [];
  const run = (...argv) => {
    const one = startRun(space, redis, ...argv);
    started.push(one);
    return one;
  };
  const worker = (...argv) => {
    const one = startWorker(space, redis, ...argv);
    started.push(one);
    return one;
  };
  try {
    return await work({ space, redis, run, worker });
  } finally {
    await endAll(started);
    await redis.kill();
    space.remove();
  }
}

/** 2 workers against a single machine, cell by cell. */
export async function equal({ cells = 20_000 }) {
  const models = ['a', 'b', 'c'];
  const samples = Math.ceil(cells / models.length);
  const endpoint = await startCells(0, 8);
  try {
    return await withMachines(async ({ space, run, worker }) => {
      writeSet(space, { url: endpoint.url, samples, models, limits: { concurrency: 16 } });
      const alone = start(space, ['run', 'earsight.config.json', '--out', 'alone', '--quiet', '--yes']);
      const codeAlone = await alone.ended;
      const askedAlone = await endpoint.count();
      const workers = [worker('w1'), worker('w2')];
      const codeQueued = await run('queued').ended;
      const codes = await Promise.all(workers.map(({ ended }) => ended));
      const asked = (await endpoint.count()) - askedAlone;
      const [one, other] = [steadyRows(space, 'alone'), steadyRows(space, 'queued')];
      const different = one.filter((row, index) => row !== other[index]);
      const shares = workers.map(({ said }) => Number(/: (\d+) cells/.exec(said())?.[1]));
      console.log(
        `equal: ${one.length} cells of ${models.length} models by 2 workers (${shares.join(' and ')}): ` +
          `${different.length} rows differ from the run of one machine, ${asked} requests against ${askedAlone}`,
      );
      if (different.length > 0) console.log(`  alone:  ${different[0]}\n  queued: ${other[one.indexOf(different[0])]}`);
      return (
        one.length === samples * models.length &&
        other.length === one.length &&
        different.length === 0 &&
        asked === askedAlone &&
        codeQueued === codeAlone &&
        codes.every((code) => code === 0)
      );
    });
  } finally {
    endpoint.close();
  }
}

/** Cells a second of 1 worker and of 2; printed only. */
export async function throughput({ cells = 4000 }) {
  const endpoint = await startCells(50);
  const rates = [];
  try {
    for (const count of [1, 2]) {
      await endpoint.forget();
      await withMachines(async ({ space, run, worker }) => {
        writeSet(space, { url: endpoint.url, samples: cells, models: ['a'], limits: { concurrency: 16 } });
        const workers = Array.from({ length: count }, (_, index) => worker(`w${index}`));
        await Promise.all(workers.map(({ says }) => says('waiting for a run')));
        await run('queued').ended;
      });
      const { asked, seconds } = await endpoint.figures();
      rates.push(asked.length / seconds);
    }
  } finally {
    endpoint.close();
  }
  const [one, two] = rates;
  console.log(
    `throughput: ${cells} cells, 50 ms an answer, 16 in flight a worker: 1 worker ${one.toFixed(0)} cells/s, ` +
      `2 workers ${two.toFixed(0)} (${(two / one).toFixed(2)} times)`,
  );
  return true;
}

const QUOTAS = [
  { name: 'requests', endpoint: { requestsPerSecond: 50 }, limits: { requestsPerMinute: 3000 } },
  { name: 'tokens', endpoint: { tokensPerSecond: 4000 }, limits: { tokensPerMinute: 240_000 } },
  {
    name: 'requests and tokens',
    endpoint: { requestsPerSecond: 45, tokensPerSecond: 4000 },
    limits: { requestsPerMinute: 2700, tokensPerMinute: 240_000 },
  },
];

async function startQuota(options) {
  const argv = [QUOTA_ENDPOINT, JSON.stringify({ hint: 'header', rateHeaders: false, charges: 'usage', ...options })];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [port] = await once(child.stdout, 'data');
  const url = `http://127.0.0.1:${Number(port)}`;
  return { url, figures: async () => (await fetch(`${url}/figures`)).json(), close: () => child.kill() };
}

/** Reservations of tokens are larger than what is billed: a longer run shows the quota, and not how it starts. */
const CELLS = { requests: 3000, tokens: 6000, 'requests and tokens': 3000 };

/** 4 workers under one quota: used to 2 %, and at most 1 % of the requests answered 429. */
export async function quota({ cells: wanted }) {
  let isHeld = true;
  for (const { name, endpoint: options, limits } of QUOTAS) {
    const cells = wanted ?? CELLS[name];
    const endpoint = await startQuota(options);
    try {
      await withMachines(async ({ space, run, worker }) => {
        const all = { concurrency: 64, ...limits };
        writeSet(space, { url: endpoint.url, samples: cells, models: ['a'], limits: all, params: { maxTokens: 200 } });
        const workers = ['w1', 'w2', 'w3', 'w4'].map((out) => worker(out));
        await Promise.all(workers.map(({ says }) => says('waiting for a run')));
        const code = await run('queued').ended;
        const { answered, refused, used, seconds } = await endpoint.figures();
        const share = refused / (answered + refused);
        const shares = workers.map(({ said }) => /: (\d+) cells/.exec(said())?.[1] ?? '?');
        const isGood = code === 0 && answered === cells && Math.abs(1 - used) <= 0.02 && share <= 0.01;
        isHeld &&= isGood;
        console.log(
          `quota of ${name}: 4 workers used ${(100 * used).toFixed(1)} % of it in ${seconds.toFixed(1)} s, ` +
            `${refused} of ${answered + refused} requests answered 429 (${(100 * share).toFixed(2)} %), ` +
            `cells a worker ${shares.join(', ')}${isGood ? '' : ' · missed'}`,
        );
      });
    } finally {
      endpoint.close();
    }
  }
  return isHeld;
}

/** One command of Redis, its reply as text. */
async function redisCommand(port, line) {
  const socket = createConnection(port, '127.0.0.1');
  socket.end(`${line}\r\nQUIT\r\n`);
  let text = '';
  for await (const data of socket) text += data;
  return text;
}

const usedBytes = async ({ port }) => Number(/used_memory:(\d+)/.exec(await redisCommand(port, 'INFO memory'))?.[1]);

/** Bytes of Redis for each cell that waits, and for each result that no coordinator has taken in. */
export async function memory() {
  const models = ['a', 'b', 'c'];
  const endpoint = await startCells(0, 8);
  try {
    return await withMachines(async ({ space, redis, run, worker }) => {
      // More than the coordinator queues: it stops at 2,000 of each model.
      writeSet(space, { url: endpoint.url, samples: 3000, models, limits: { concurrency: 16 } });
      const settled = async (isOver) => {
        for (let before = -1, now = 0; before !== now || !(await isOver()); before = now) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          now = await endpoint.count();
        }
      };
      const jobs = async () => {
        const keys = (await redisCommand(redis.port, 'KEYS *:wait')).match(/\S*:wait/g) ?? [];
        const lengths = await Promise.all(keys.map((key) => redisCommand(redis.port, `LLEN ${key}`)));
        return lengths.reduce((sum, text) => sum + Number(/:(\d+)/.exec(text)?.[1]), 0);
      };
      const empty = await usedBytes(redis);
      const coordinator = run('queued');
      await settled(async () => (await jobs()) === (models.length * 2000) / 20);
      const waiting = await usedBytes(redis);
      await coordinator.kill();
      const one = worker('w1');
      await settled(async () => (await jobs()) === 0);
      await one.kill();
      const answered = await endpoint.count();
      const held = await usedBytes(redis);
      console.log(
        `memory of Redis: ${empty} bytes empty; ${((waiting - empty) / (models.length * 2000)).toFixed(0)} bytes for ` +
          `each of ${models.length * 2000} cells that wait; ${((held - empty) / answered).toFixed(0)} for each of ` +
          `${answered} results of some 20 characters that no coordinator has taken in`,
      );
      return answered === models.length * 2000;
    });
  } finally {
    endpoint.close();
  }
}
