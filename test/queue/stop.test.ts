import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readHead } from '../../src/journal/journal-line.ts';
import { listener, type Workspace, workspace } from '../helpers/cli.ts';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
import { chatCompletion, type Endpoint, gate, startEndpoint } from '../helpers/endpoint.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { readRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 120_000 });

const SAMPLES = 40;
const AT_ONCE = 10;
const IN_FLIGHT = 4;
const KEY = { KEY: 'k-0f1e2d3c4b5a6978' };

let redis: TestRedis;
let endpoint: Endpoint;
let folder: Workspace;
let held: ReturnType<typeof gate>;

describe.skipIf(NO_REDIS !== null || !IS_BUILT || process.platform === 'win32')('signals and a queue', () => {
  beforeEach(async () => {
    redis = await startRedis();
    held = gate();
    // The first requests are answered at once; the others wait for the gate.
    endpoint = await startEndpoint((_, index) => ({
      json: chatCompletion('yes'),
      ...(index < AT_ONCE ? {} : { after: held.opened }),
    }));
    const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},yes\n`);
    folder = workspace({
      'manifest.csv': `id,prompt,target\n${rows.join('')}`,
      'earsight.config.yaml': `
dataset: manifest.csv
models:
  - {id: a, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: key, env: KEY}, limits: {concurrency: ${IN_FLIGHT}}}
scorers: [exact]
reporters: [csv]
`,
    });
  });
  afterEach(async () => {
    held.open();
    folder[Symbol.dispose]();
    await endpoint.close();
    await redis[Symbol.asyncDispose]();
  });

  const run = () => startCommand(folder, ['run', '--queue', redis.url, '--out', 'out']);
  const worker = (name: string) => startCommand(folder, ['worker', '--queue', redis.url, '--out', name], { env: KEY });

  test('the coordinator: workers finish what is in flight and send nothing more, and a resumed run does the rest', async () => {
    const { stderr, says } = listener();
    const working = folder.run(['worker', '--queue', redis.url, '--out', 'w1'], { env: KEY, stderr });
    const coordinator = run();
    await endpoint.arrived(AT_ONCE + IN_FLIGHT);
    coordinator.child.kill('SIGINT');
    await says('the coordinator has stopped: waiting until the run is resumed');
    held.open();
    const stopped = await coordinator.ended;
    const late = listener();
    const joined = folder.run(['worker', '--queue', redis.url, '--out', 'w2'], { env: KEY, stderr: late.stderr });
    await late.says('the coordinator has stopped: waiting until the run is resumed');
    const [rows, requests] = [readRows(folder, 'out').length, endpoint.requests.length];
    const resumed = await folder.run(['run', '--resume', 'out', '--queue', redis.url]);

    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain(`continue with: earsight run --resume out --queue ${redis.url}`);
    expect([rows, requests]).toEqual([AT_ONCE + IN_FLIGHT, AT_ONCE + IN_FLIGHT]);
    expect(resumed.code).toBe(0);
    expect([(await working).code, (await joined).code]).toEqual([0, 0]);
    expect(readRows(folder, 'out').map((row) => row['status'])).toEqual(Array(SAMPLES).fill('completed'));
    expect(endpoint.requests).toHaveLength(SAMPLES);
  });

  test('a worker: it finishes what is in flight, and another one asks the rest of its chunk', async () => {
    const coordinator = run();
    const one = worker('w1');
    await endpoint.arrived(AT_ONCE + IN_FLIGHT);
    one.child.kill('SIGTERM');
    await one.says('stopping');
    held.open();
    const { code, stderr } = await one.ended;
    const requests = endpoint.requests.length;
    const other = await folder.run(['worker', '--queue', redis.url, '--out', 'w2'], { env: KEY });

    expect([code, requests]).toEqual([143, AT_ONCE + IN_FLIGHT]);
    expect(stderr).toMatch(/: 14 cells\n$/);
    expect(other.code).toBe(0);
    expect((await coordinator.ended).code).toBe(0);
    expect(readRows(folder, 'out').map((row) => row['status'])).toEqual(Array(SAMPLES).fill('completed'));
    expect(endpoint.requests).toHaveLength(SAMPLES);
  });

  test('a second signal ends a worker and a coordinator at once, with whole journals', async () => {
    const coordinator = run();
    const one = worker('w1');
    await endpoint.arrived(AT_ONCE + IN_FLIGHT);
    const codes: unknown[] = [];
    for (const { child, says, ended } of [one, coordinator]) {
      child.kill('SIGINT');
      await says('stopping');
      child.kill('SIGINT');
      codes.push((await ended).code);
    }

    expect(codes).toEqual([130, 130]);
    const journals = folder.list('.').filter((name) => name.endsWith('journal.jsonl'));
    const lines = journals.flatMap((name) => folder.read(name).trimEnd().split('\n'));
    expect(journals).toHaveLength(2);
    expect(lines.filter((line) => readHead(line) === null)).toEqual([]);
  });
});
