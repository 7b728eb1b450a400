import { beforeAll, expect, test } from 'vitest';
import { fetchRun } from '../../src/batch/collect-run.ts';
import { openBatchRun } from '../../src/batch/open-batch-run.ts';
import { startVendor } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

beforeAll(loadBatch, LOADING_MS);

function folder(url: string): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target\na,red,red\n',
    'earsight.config.yaml': `dataset: manifest.csv
models: [{id: m, provider: openai, endpoint: "${url}/v1", model: gpt-4o-mini, auth: {type: none}}]
scorers: [exact]
`,
  });
}

/** As `batch collect night --wait`, on a clock whose sleeps end at once. */
async function waiting(files: Workspace, onSleep: (sleeps: number) => void, stop = new AbortController()) {
  const said: string[] = [];
  const slept: number[] = [];
  const clock = {
    ...createVirtualClock(),
    sleep: async (ms: number) => {
      slept.push(ms);
      onSleep(slept.length);
    },
  };
  const sink = { write: () => true };
  const io = { stdout: sink, stderr: sink, env: {}, cwd: files.directory, stop: stop.signal };
  const options = { clock, random: () => 0, wait: true, say: (line: string) => said.push(line) };
  const { states } = await fetchRun(await openBatchRun('night', {}, io), options, io);
  return { said, slept, status: states[0]?.part.ended?.status };
}

test('looks again after a minute, then less and less often, until all batches have ended', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night']);

  const { said, slept, status } = await waiting(files, (sleeps) => {
    if (sleeps === 8) vendor.end();
  });

  expect(slept).toEqual([60_000, 90_000, 135_000, 202_500, 303_750, 455_625, 600_000, 600_000]);
  expect(said[0]).toBe('1 of 1 batches have not ended · next look in 60 s');
  expect(status).toBe('completed');
});

test('a stop ends the wait, and what was sent stays', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url);
  await files.run(['batch', 'submit', 'night']);
  const stop = new AbortController();

  const { slept, status } = await waiting(files, () => stop.abort(130), stop);

  expect(slept).toEqual([60_000]);
  expect(status).toBeUndefined();
  vendor.end();
  expect(await files.run(['batch', 'collect', 'night', '--wait'])).toMatchObject({ code: 0 });
});
