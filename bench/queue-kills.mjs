// The part of the queue bench that kills workers, coordinators and Redis in one run, and lets the endpoint count what was paid.
import { readFileSync } from 'node:fs';
import { seededRandom } from '../datasets/generator/random.mjs';
import { decodeLine, readHead } from '../dist/journal/journal-line.js';
import { startCells, writeSet } from './queue-machines.mjs';
import { withMachines } from './queue-speed.mjs';

const WORKERS = 3;
const MODELS = ['a', 'b'];
const CONCURRENCY = 4;
const CHUNK = 20;
/** A run that sends nothing for so long is stuck: the cells of a dead worker are taken over within 30 s. */
const STUCK_MS = 60_000;

/** The kills in random order, each with the share of the cells at which it happens. */
function planOf(kills, random) {
  const targets = Object.entries(kills).flatMap(([target, count]) => Array.from({ length: count }, () => target));
  const shuffled = targets
    .map((target) => ({ target, order: random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ target }) => target);
  return shuffled.map((target, index) => ({ target, share: (0.95 * (index + random())) / shuffled.length }));
}

/** How often each cell has a result in the journal. */
export function resultsOf(path) {
  const counts = new Map();
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    // A kill may have cut a line; the next coordinator goes on below it.
    if (readHead(line) === null) continue;
    const { type, cell } = decodeLine(line);
    if (type === 'result') counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  return counts;
}

export async function kills({ cells = 6000, seed = 1, worker: ofWorkers = 20, coordinator = 5, redis: ofRedis = 3 }) {
  const random = seededRandom(seed);
  const plan = planOf({ worker: ofWorkers, coordinator, redis: ofRedis }, random);
  const endpoint = await startCells(100, 300);
  try {
    return await withMachines(async (machines) => {
      const { space, redis } = machines;
      const samples = Math.ceil(cells / MODELS.length);
      writeSet(space, { url: endpoint.url, samples, models: MODELS, limits: { concurrency: CONCURRENCY } });
      const started = performance.now();
      const trouble = [];
      let number = WORKERS;
      const workers = Array.from({ length: WORKERS }, (_, index) => ({
        out: `w${index + 1}`,
        process: machines.worker(`w${index + 1}`),
      }));
      let run = machines.run('queued');
      /** Waits until the endpoint was asked so often, or the run has ended or is stuck. */
      const reached = async (wanted) => {
        let before = 0;
        let since = performance.now();
        while (run.isAlive()) {
          const now = await endpoint.count();
          if (now !== before) since = performance.now();
          if (now >= wanted) return;
          if (performance.now() - since > STUCK_MS) throw new Error(`stuck at ${now} requests`);
          before = now;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      const killWorker = async () => {
        const one = workers[Math.floor(random() * workers.length)];
        await one.process.says('works on');
        if (!one.process.isAlive()) trouble.push(`${one.out} had ended: ${one.process.said().slice(-300)}`);
        await one.process.kill();
        // A machine starts again with its own journal, or another one takes its place.
        if (random() < 0.5) {
          number += 1;
          one.out = `w${number}`;
        }
        one.process = machines.worker(one.out);
      };
      const killRun = async () => {
        if (!run.isAlive()) trouble.push(`the coordinator had ended: ${run.said().slice(-300)}`);
        await run.kill();
        run = machines.run('queued');
      };
      const killRedis = async () => {
        // A worker that starts without Redis ends, as it should.
        for (const { process } of workers) await process.says('works on');
        await redis.kill();
        await redis.restart();
      };
      const done = { worker: 0, coordinator: 0, redis: 0 };
      for (const { target, share } of plan) {
        await reached(share * samples * MODELS.length);
        await { worker: killWorker, coordinator: killRun, redis: killRedis }[target]();
        done[target] += 1;
      }
      await reached(Number.POSITIVE_INFINITY).catch(async (error) => {
        trouble.push(error.message);
        await run.kill();
      });
      const code = await run.ended;
      if (code !== 0) trouble.push(`the coordinator ended with ${code}: ${run.said().slice(-500)}`);
      const codes = code === 0 ? await Promise.all(workers.map(({ process }) => process.ended)) : [];
      for (const [index, one] of codes.entries())
        if (one !== 0) trouble.push(`a worker ended with ${one}: ${workers[index].process.said().slice(-300)}`);
      const { asked } = await endpoint.figures();
      const results = resultsOf(space.path('queued', 'journal.jsonl'));
      const twice = asked.reduce((sum, [, count]) => sum + count - 1, 0);
      const repeated = [...results.values()].filter((count) => count > 1).length;
      // The results in Redis are kept, so a dead worker costs at most the chunk that it had in hand.
      const bound = done.worker * CHUNK;
      if (results.size !== samples * MODELS.length) trouble.push(`${results.size} cells have a result`);
      if (asked.length !== samples * MODELS.length) trouble.push(`${asked.length} cells were asked`);
      if (repeated > 0) trouble.push(`${repeated} cells have two results in the journal`);
      if (twice > bound) trouble.push(`${twice} cells were paid twice, more than ${bound}`);
      console.log(
        `kills (seed ${seed}): ${done.worker} of a worker, ${done.coordinator} of the coordinator, ${done.redis} of ` +
          `redis-server in one run of ${samples * MODELS.length} cells: ${results.size} cells have one result each, ` +
          `${twice} were paid twice (bound: ${bound}; ${done.worker * MODELS.length * CONCURRENCY} in flight at most) · ` +
          `${Math.round((performance.now() - started) / 1000)} s`,
      );
      for (const one of trouble) console.log(`  ${one}`);
      return trouble.length === 0;
    });
  } finally {
    endpoint.close();
  }
}
