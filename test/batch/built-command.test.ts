import { expect, test } from 'vitest';
import { startVendor } from '../helpers/batch-vendor.ts';
import { workspace } from '../helpers/cli.ts';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
import { readRows } from '../helpers/tables.ts';

test.skipIf(!IS_BUILT)(
  'the built program submits, looks, collects and compares with a live run',
  async () => {
    await using vendor = await startVendor();
    using files = workspace({
      'manifest.csv': 'id,prompt,target\na,red,red\nb,blue,blue\n',
      'earsight.config.yaml': `dataset: manifest.csv
models: [{id: m, provider: openai, endpoint: "${vendor.endpoint.url}/v1", model: gpt-4o-mini, auth: {type: none}}]
scorers: [exact]
reporters: [csv]
`,
    });
    const run = (...argv: readonly string[]) => startCommand(files, argv).ended;

    const live = await run('run', '--out', 'live');
    const submitted = await run('batch', 'submit', 'night', '--yes');
    const early = await run('batch', 'collect', 'night');
    vendor.end();
    const looked = await run('batch', 'status', 'night', '--json');
    const collected = await run('batch', 'collect', 'night');
    const compared = await run('compare', 'live', 'night');

    expect([live, submitted, early, looked, collected, compared].map(({ code }) => code)).toEqual([0, 0, 3, 0, 0, 0]);
    expect(early.stderr).toContain('2 requests in batches without results yet');
    expect(JSON.parse(looked.stdout).batches).toMatchObject([{ status: 'completed', requests: 2 }]);
    expect(readRows(files, 'night').map((row) => [row['answer'], row['latency_ms']])).toEqual([
      ['red', ''],
      ['blue', ''],
    ]);
    expect(compared.stdout).toContain('2 samples');
  },
  300_000,
);
