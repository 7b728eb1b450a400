/** Parts by lines, bytes and deployment, with small limits instead of those of the vendors. */

import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { openClients } from '../../src/batch/open-clients.ts';
import { planSubmission, submitRun } from '../../src/batch/submit-run.ts';
import type { BatchLimits } from '../../src/providers/batch/batch-client.ts';
import { readyRun } from '../../src/run/ready-run.ts';
import { requestsIn, startVendor } from '../helpers/batch-vendor.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { LOADING_MS, loadBatch } from '../helpers/load-batch.ts';
import { readRows } from '../helpers/tables.ts';

beforeAll(loadBatch, LOADING_MS);

const silent = (files: Workspace) => ({
  stdout: { write: () => true },
  stderr: { write: () => true },
  env: {},
  cwd: files.directory,
  stop: new AbortController().signal,
});

/** As `batch submit night`, with these limits for each batch. */
async function submitWithin(files: Workspace, limits: BatchLimits): Promise<void> {
  const io = silent(files);
  const ready = await readyRun({ out: `${files.directory}/night`, batch: true }, {}, io);
  const submission = await planSubmission(ready, false);
  const real = openClients(ready.prepared, io);
  const clients = {
    ...real,
    of: async (model: Parameters<typeof real.of>[0]) => ({ ...(await real.of(model)), limits }),
  };
  await submitRun(submission, () => {}, io, clients);
}

function folder(url: string, prompts: readonly string[]): Workspace {
  const at = `provider: openai, endpoint: "${url}/v1", auth: {type: none}`;
  return workspace({
    'manifest.csv': `id,prompt,target\n${prompts.map((prompt, index) => `s${index},${prompt},x\n`).join('')}`,
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: one, ${at}, model: deployment-1}
  - {id: two, ${at}, model: deployment-2}
scorers: [exact]
reporters: [csv]
`,
  });
}

test('a part has no more lines than its batch takes', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url, ['a', 'b', 'c', 'd', 'e']);

  await submitWithin(files, { requests: 2, bytes: 1e6 });

  const sizes = [...vendor.files.values()].map((file) => requestsIn(file).map(({ body }) => body['model']));
  expect(sizes.map((models) => [models.length, models[0]])).toEqual([
    [2, 'deployment-1'],
    [2, 'deployment-2'],
    [2, 'deployment-1'],
    [2, 'deployment-2'],
    [1, 'deployment-1'],
    [1, 'deployment-2'],
  ]);
});

test('a request that is longer than a batch takes is unsupported, and the others go', async () => {
  await using vendor = await startVendor();
  using files = folder(vendor.endpoint.url, ['a', 'long'.repeat(200), 'c']);

  await submitWithin(files, { requests: 10, bytes: 700 });
  vendor.end();
  await files.run(['batch', 'collect', 'night']);

  expect(readRows(files, 'night').map((row) => [row['model'], row['answer'], row['failure_kind']])).toEqual([
    ['one', 'a', ''],
    ['two', 'a', ''],
    ['one', '', 'unsupported'],
    ['two', '', 'unsupported'],
    ['one', 'c', ''],
    ['two', 'c', ''],
  ]);
});

test('whatever the limits, every cell is in one part, and no part is above them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 9 }),
      fc.record({ requests: fc.integer({ min: 1, max: 4 }), bytes: fc.integer({ min: 600, max: 1500 }) }),
      async (lengths, limits) => {
        await using vendor = await startVendor();
        using files = folder(
          vendor.endpoint.url,
          lengths.map((length, index) => `${index}${'x'.repeat(length)}`),
        );

        await submitWithin(files, limits);

        const uploaded = [...vendor.files.values()];
        const requests = uploaded.map(requestsIn);
        expect(new Set(requests.flat().map(({ customId }) => customId)).size).toBe(2 * lengths.length);
        expect(requests.flat()).toHaveLength(2 * lengths.length);
        for (const part of requests) {
          expect(part.length).toBeLessThanOrEqual(limits.requests);
          expect(new Set(part.map(({ body }) => body['model'])).size).toBe(1);
        }
        for (const { text } of uploaded) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limits.bytes);
        expect(vendor.batches.size).toBe(uploaded.length);
      },
    ),
    { numRuns: 8 },
  );
});
