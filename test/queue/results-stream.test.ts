import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { runNames } from '../../src/queue/names.ts';
import { sendEntry } from '../../src/queue/results-stream.ts';
import { NO_REDIS, startRedis } from '../helpers/redis.ts';

/** A way to a port; after `cut`, it closes when the first reply has begun to come. */
async function wayTo(port: number) {
  let cutAfter: number | null = null;
  const server = createServer((socket) => {
    const other = connect(port, '127.0.0.1');
    socket.on('error', () => {}).on('close', () => other.destroy());
    other.on('error', () => {}).on('close', () => socket.destroy());
    socket.pipe(other);
    other.on('data', (data) => {
      if (cutAfter === null) return socket.write(data);
      socket.end(data.subarray(0, cutAfter));
      cutAfter = null;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    cut(bytes: number) {
      cutAfter = bytes;
    },
    close: () => server.close(),
  };
}

// `+OK`, a line, confirms that a transaction has begun.
test.skipIf(NO_REDIS !== null).each([0, 5])(
  'an entry whose confirmation is cut off after %d bytes arrives',
  async (bytes) => {
    await using redis = await startRedis();
    const way = await wayTo(Number(new URL(redis.url).port));
    const client = new Redis(way.port, '127.0.0.1', { maxRetriesPerRequest: null });
    client.on('error', () => {});
    const names = runNames('{x}', 'run');
    await client.ping();

    way.cut(bytes);
    const data = { format: 'earsight-journal', version: 1, runId: 'run', runIdentity: {} };
    const entry = { type: 'result', cell: 7, data } as unknown as Parameters<typeof sendEntry>[2]['entry'];
    await sendEntry(client, names, { entry, sounds: [] }, '0-1');

    expect(await client.xlen(names.results)).toBeGreaterThanOrEqual(1);
    expect(await client.smembers(names.finished('0-1'))).toEqual(['7']);
    client.disconnect();
    way.close();
  },
);
