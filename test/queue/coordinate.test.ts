import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeLine, type JournalEntry } from '../../src/journal/journal-line.ts';
import { connectQueue } from '../../src/queue/connect.ts';
import { activeRunKey, runNames } from '../../src/queue/names.ts';
import { sendEntry } from '../../src/queue/results-stream.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { readRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 60_000 });

const PREFIX = '{earsight}';
const SAMPLES = 5;

const resultsOf = (folder: Workspace, run: string): readonly (JournalEntry & { readonly type: 'result' })[] =>
  folder
    .read(`${run}/journal.jsonl`)
    .split('\n')
    .filter((line) => line.includes('"type":"result"'))
    .map((line) => decodeLine(line))
    .filter((entry) => entry.type === 'result');

describe.skipIf(NO_REDIS !== null)(
  `a coordinator that is resumed${NO_REDIS === null ? '' : ` (skipped: ${NO_REDIS})`}`,
  () => {
    let redis: TestRedis;
    let endpoint: Endpoint;
    let folder: Workspace;
    beforeEach(async () => {
      redis = await startRedis();
      endpoint = await startEndpoint(() => ({ json: chatCompletion('yes') }));
      const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},yes\n`);
      folder = workspace({
        'manifest.csv': `id,prompt,target\n${rows.join('')}`,
        'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: a, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}}\nscorers: [exact]\nreporters: [csv]\n`,
      });
    });
    afterEach(async () => {
      folder[Symbol.dispose]();
      await endpoint.close();
      await redis[Symbol.asyncDispose]();
    });

    test('keeps one result of a cell that comes once more, from the job that a worker took over', async () => {
      await folder.run(['run', '--out', 'alone']);
      const [first] = resultsOf(folder, 'alone');
      if (first === undefined) throw new Error('no result');
      const coordinate = (stop: AbortSignal) =>
        folder.run(['run', '--queue', redis.url, '--out', 'queued', '--quiet'], { stop });

      const stop = new AbortController();
      const running = coordinate(stop.signal);
      const queue = await connectQueue({ url: redis.url, prefix: PREFIX, auth: 'password' }, { say() {} });
      const runId = await vi.waitFor(
        async () => {
          const active = await queue.redis.get(activeRunKey(PREFIX));
          expect(active).not.toBeNull();
          expect(await queue.redis.llen(`${PREFIX}:${active}-0:wait`)).toBe(1);
          return active ?? '';
        },
        { timeout: 30_000 },
      );
      // As a worker sends it that was started again after its job had gone to another one.
      await sendEntry(queue.redis, runNames(PREFIX, runId), { entry: first, sounds: [] }, undefined);
      await vi.waitFor(() => expect(resultsOf(folder, 'queued')).toHaveLength(1), { timeout: 30_000 });
      stop.abort(130);
      await running;

      const [run, worker] = await Promise.all([
        coordinate(new AbortController().signal),
        folder.run(['worker', '--queue', redis.url, '--out', 'w1']),
      ]);

      expect([run.code, worker.code]).toEqual([0, 0]);
      expect(
        resultsOf(folder, 'queued')
          .filter(({ data }) => data.status === 'completed')
          .map(({ cell }) => cell)
          .sort(),
      ).toEqual([0, 1, 2, 3, 4]);
      // Alone, and once more each: nothing that was queued is queued again.
      expect(endpoint.requests).toHaveLength(2 * SAMPLES);
      expect(readRows(folder, 'queued').every((row) => row['status'] === 'completed')).toBe(true);
      await queue.close();
    });
  },
);
