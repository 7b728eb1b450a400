import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULTS } from '../../src/config/defaults.ts';
import { connectQueue } from '../../src/queue/connect.ts';
import { activeRunKey } from '../../src/queue/names.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { readRows, steadyRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 120_000 });

const SAMPLES = 60;

let redis: TestRedis;
let endpoint: Endpoint;
let folder: Workspace;

/** Each question that was asked, by model, with how often. */
function asked(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { json } of endpoint.requests) {
    const { model, messages } = json as { model: string; messages: { content: unknown }[] };
    const key = `${model} ${JSON.stringify(messages.at(-1)?.content)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function config(models: readonly string[], more = ''): string {
  const entries = models.map(
    (id) =>
      `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: any-${id}, auth: {type: key, env: KEY_${id}}, params: {maxTokens: 20}, limits: {concurrency: 4}, price: {promptPerMillion: 100, completionPerMillion: 100}}`,
  );
  return `name: queued\ndataset: manifest.csv\nmodels:\n${entries.join('\n')}\nscorers: [exact]\nreporters: [csv]\n${more}`;
}

const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},yes`);
const KEYS = { KEY_a: 'k-0f1e2d3c4b5a6978', KEY_b: 'k-1f1e2d3c4b5a6978', KEY_c: 'k-2f1e2d3c4b5a6978' };

describe.skipIf(NO_REDIS !== null)(
  `a run whose cells are in a queue${NO_REDIS === null ? '' : ` (skipped: ${NO_REDIS})`}`,
  () => {
    beforeEach(async () => {
      redis = await startRedis();
      endpoint = await startEndpoint(() => ({
        json: chatCompletion('yes', { usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 } }),
      }));
      folder = workspace({
        'manifest.csv': `id,prompt,target\n${rows.join('\n')}\n`,
        'earsight.config.yaml': config(['a', 'b', 'c']),
      });
    });
    afterEach(async () => {
      folder[Symbol.dispose]();
      await endpoint.close();
      await redis[Symbol.asyncDispose]();
    });

    const connect = () =>
      connectQueue({ url: redis.url, prefix: DEFAULTS.queue.prefix, auth: 'password' }, { say() {} });
    const coordinate = (...more: readonly string[]) =>
      folder.run(['run', '--queue', redis.url, '--out', 'queued', ...more], { env: {} });
    const worker = (name: string, env: Readonly<Record<string, string>> = KEYS) =>
      folder.run(['worker', '--queue', redis.url, '--out', name], { env });

    test('two workers give the rows of a single machine, and every cell is asked once', async () => {
      await folder.run(['run', '--out', 'alone'], { env: KEYS });
      const { length } = endpoint.requests;

      const [run, one, two] = await Promise.all([coordinate(), worker('w1'), worker('w2')]);

      expect([run.code, one.code, two.code]).toEqual([0, 0, 0]);
      expect(steadyRows(folder, 'queued')).toEqual(steadyRows(folder, 'alone'));
      expect(endpoint.requests.length - length).toBe(3 * SAMPLES);
      const done = [one, two].map(({ stderr }) => Number(/: (\d+) cells/.exec(stderr)?.[1]));
      expect(done.reduce((sum, cells) => sum + cells, 0)).toBe(3 * SAMPLES);
    });

    test('a worker without the key of a model leaves its cells to the others', async () => {
      const { KEY_a: _, ...others } = KEYS;
      const [run, one] = await Promise.all([coordinate(), worker('w1', others), worker('w2', { KEY_a: KEYS.KEY_a })]);

      expect(run.code).toBe(0);
      expect(one.stderr).toContain('leaves a to other workers: the variable KEY_a is not set');
      expect([...asked().values()]).toEqual(Array.from({ length: 3 * SAMPLES }, () => 1));
    });

    test('a worker waits while a coordinator has claimed the queue and not described its run yet', async () => {
      const { redis: client, close } = await connect();
      await client.set(activeRunKey(DEFAULTS.queue.prefix), 'claimed');
      await close();
      const stop = new AbortController();
      const said: string[] = [];
      const stderr = {
        write(text: string) {
          said.push(text);
          if (text.includes('waiting for a run')) stop.abort();
        },
      };

      const { code } = await folder.run(['worker', '--queue', redis.url], { env: KEYS, stderr, stop: stop.signal });

      expect(said.join('')).toContain('waiting for a run in the queue');
      expect(code).not.toBe(2);
    });

    test('a model that is gone is stopped for all workers, and the run says why', async () => {
      endpoint.script(({ json }) =>
        (json as { model: string }).model === 'any-b'
          ? { status: 404, json: { error: { message: 'The model does not exist', code: 'model_not_found' } } }
          : { json: chatCompletion('yes') },
      );
      const [run] = await Promise.all([coordinate(), worker('w1'), worker('w2')]);

      expect(run.code).toBe(3);
      expect(run.stderr).toContain('b: the model was stopped');
      expect(
        readRows(folder, 'queued').filter((row) => row['model'] === 'b' && row['status'] === 'failed'),
      ).toHaveLength(SAMPLES);
      expect([...asked()].filter(([key]) => key.startsWith('any-b')).length).toBeLessThan(20);
    });

    test('all workers together keep the budget', async () => {
      // A cell costs $0.003, so $0.1 cover 33 of 180.
      const [run] = await Promise.all([coordinate('--max-cost', '0.1'), worker('w1'), worker('w2')]);

      expect(run.code).toBe(3);
      expect(run.stderr).toContain('the budget was reached');
      const spent = readRows(folder, 'queued').reduce((sum, row) => sum + Number(row['cost_usd']), 0);
      expect(spent).toBeLessThanOrEqual(0.1);
      expect(spent).toBeGreaterThan(0.05);
    });

    test('a medium or a prompt that differs on a worker is named, and nothing of it is sent', async () => {
      const other = `id,prompt,target\n${rows.join('\n').replaceAll('question', 'other')}\n`;
      folder.write({ 'other.csv': other });
      const running = coordinate();
      const wrong = await folder.run(['worker', '--queue', redis.url, '--out', 'w1', '--dataset', 'other.csv'], {
        env: KEYS,
      });
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toContain('is another request here than at the coordinator');
      expect(endpoint.requests).toHaveLength(0);

      await worker('w2');
      expect((await running).code).toBe(0);
    });

    test('a worker without the manifest says so', async () => {
      const running = coordinate();
      const { code, stderr } = await folder.run(['worker', '--queue', redis.url, '--dataset', 'gone.csv'], {
        env: KEYS,
      });
      expect(code).toBe(2);
      expect(stderr).toContain('gone.csv is not on this machine · share the folder');
      await worker('w2');
      await running;
    });

    test('no secret is in Redis or in the folders of workers', async () => {
      await Promise.all([coordinate(), worker('w1')]);
      for (const name of folder.list('.')) expect(folder.read(name)).not.toContain('1e2d3c4b5a6978');
    });

    test.skipIf(!IS_BUILT)(
      'a coordinator that takes over a half answered chunk waits for its other half only',
      async () => {
        folder.write({ 'earsight.config.yaml': config(['a']) });
        let release = () => {};
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        endpoint.script((_, index) => ({ json: chatCompletion('yes'), ...(index < 10 ? {} : { after: held }) }));
        const argv = ['run', '--queue', redis.url, '--out', 'queued', '--quiet'];
        const first = startCommand(folder, argv);
        const working = worker('w1');
        // The first ten answers, and not the others, are in the journal of the coordinator that is killed.
        await vi.waitFor(() => expect(folder.read('queued/journal.jsonl').match(/"type":"result"/g)).toHaveLength(10), {
          timeout: 60_000,
        });
        first.child.kill('SIGKILL');
        await first.ended;
        const second = startCommand(folder, argv);
        const { redis: client, close } = await connect();
        // It waits for results once it has looked at the jobs.
        await vi.waitFor(async () => expect(String(await client.call('CLIENT', 'LIST'))).toContain('cmd=xread'), {
          timeout: 60_000,
        });
        await close();
        release();

        expect((await second.ended).code).toBe(0);
        expect((await working).code).toBe(0);
        expect(endpoint.requests).toHaveLength(SAMPLES);
      },
    );

    test.skipIf(!IS_BUILT)(
      'workers, coordinator and Redis that are killed lose no answer, and each cell ends once',
      async () => {
        endpoint.script(async ({ json }) => {
          const { messages } = json as { messages: { content: unknown }[] };
          await new Promise((resolve) => setImmediate(resolve));
          return { json: chatCompletion(`yes ${JSON.stringify(messages.at(-1)?.content)}`) };
        });
        const argv = ['run', '--queue', redis.url, '--out', 'queued', '--quiet'];
        const start = (name: string) =>
          startCommand(folder, ['worker', '--queue', redis.url, '--out', name], { env: KEYS });
        const workers = [start('w1'), start('w2')];
        let coordinator = startCommand(folder, argv);

        await endpoint.arrived(20);
        workers[0]?.child.kill('SIGKILL');
        await endpoint.arrived(40);
        coordinator.child.kill('SIGKILL');
        await coordinator.ended;
        await redis.killAndRestart();
        coordinator = startCommand(folder, argv);
        workers.push(start('w3'));
        const { code, stderr } = await coordinator.ended;
        for (const { ended } of workers.slice(1)) await ended;

        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        const all = readRows(folder, 'queued');
        expect(new Set(all.map((row) => `${row['model']} ${row['sample_id']}`)).size).toBe(3 * SAMPLES);
        expect(all.every((row) => row['status'] === 'completed')).toBe(true);
        // At most the two chunks of 20 that each model of the killed worker had in hand.
        expect(endpoint.requests.length - 3 * SAMPLES).toBeLessThanOrEqual(3 * 2 * 20);
      },
    );
  },
);

describe.skipIf(NO_REDIS !== null)('a queue that cannot be used', () => {
  const run = async (url: string) => {
    using here = workspace();
    return here.run(['status', '--queue', url]);
  };

  test.each([
    [
      'an address of something else',
      'http://127.0.0.1:1',
      'the address of the queue is not a redis:// or rediss:// URL',
    ],
    [
      'a server that is not there',
      'redis://127.0.0.1:1',
      'the queue at 127.0.0.1:1 cannot be reached (ECONNREFUSED) · start redis-server',
    ],
  ])('%s', async (_, url, message) => {
    const { code, stderr } = await run(url);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a password that is wrong is not shown', async () => {
    await using locked = await startRedis({ requirepass: 'right-4c2f' });
    const { code, stderr } = await run(locked.url.replace('//', '//:wrong-9d1e@'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/rejects the password · check/);
    expect(stderr).not.toContain('9d1e');
    expect((await run(locked.url.replace('//', '//:right-4c2f@'))).stderr).toContain('holds no run');
  });

  test('a server that drops keys when it is full', async () => {
    await using full = await startRedis({ 'maxmemory-policy': 'allkeys-lru' });
    const { code, stderr } = await run(full.url);
    expect(code).toBe(2);
    expect(stderr).toContain('(maxmemory-policy "allkeys-lru") · set maxmemory-policy noeviction there');
  });
});
