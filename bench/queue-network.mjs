// The part of the queue bench that cuts one worker off from Redis for longer than its jobs wait for it.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { resultsOf } from './queue-kills.mjs';
import { startCells, startWorker, writeSet } from './queue-machines.mjs';
import { withMachines } from './queue-speed.mjs';

const MODELS = ['a', 'b'];
const CONCURRENCY = 4;
/** Others take over after 15 to 22.5 s. */
const CUT_MS = 30_000;
const CHUNK = 20;
/** A worker has two jobs of each model in hand. */
const JOBS_IN_HAND = 2;

/** A way to Redis that can be cut. */
async function startWay(port) {
  const sockets = new Set();
  let isOpen = true;
  const server = createServer((socket) => {
    if (!isOpen) return socket.destroy();
    const other = connect(port, '127.0.0.1');
    for (const [one, next] of [
      [socket, other],
      [other, socket],
    ]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        next.destroy();
      });
      one.pipe(next);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${server.address().port}`,
    cut() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      isOpen = true;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export async function network({ cells = 4000 }) {
  const endpoint = await startCells(100, 300);
  try {
    return await withMachines(async ({ space, redis, run, worker }) => {
      const way = await startWay(redis.port);
      const samples = Math.ceil(cells / MODELS.length);
      writeSet(space, { url: endpoint.url, samples, models: MODELS, limits: { concurrency: CONCURRENCY } });
      const far = startWorker(space, way, 'far');
      const near = worker('near');
      try {
        const coordinator = run('queued');
        while ((await endpoint.count()) < cells / 8) await new Promise((resolve) => setTimeout(resolve, 100));
        way.cut();
        await new Promise((resolve) => setTimeout(resolve, CUT_MS));
        const meanwhile = await endpoint.count();
        way.open();
        const codes = [await coordinator.ended, await far.ended, await near.ended];
        const { asked } = await endpoint.figures();
        const results = resultsOf(space.path('queued', 'journal.jsonl'));
        const twice = asked.reduce((sum, [, count]) => sum + count - 1, 0);
        const bound = JOBS_IN_HAND * MODELS.length * CHUNK;
        const repeated = [...results.values()].filter((count) => count > 1).length;
        console.log(
          `network: one of 2 workers was cut off from Redis for ${CUT_MS / 1000} s in a run of ${samples * MODELS.length} ` +
            `cells: ${results.size} cells have a result, ${repeated} have two, ${twice} were paid twice (bound: ${bound}); ` +
            `${meanwhile} requests by the end of the cut, exit codes ${codes.join(', ')}`,
        );
        return results.size === samples * MODELS.length && repeated === 0 && twice <= bound && codes.join('') === '000';
      } finally {
        if (far.isAlive()) await far.kill();
        way.close();
      }
    });
  } finally {
    endpoint.close();
  }
}
