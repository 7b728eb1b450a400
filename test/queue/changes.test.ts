import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
import { chatCompletion, type Endpoint, gate, startEndpoint } from '../helpers/endpoint.ts';
import { NO_REDIS, startRedis, type TestRedis } from '../helpers/redis.ts';
import { readRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 120_000 });

const SAMPLES = 30;
const AT_ONCE = 8;
const IN_FLIGHT = 4;
const KEY = { KEY: 'k-0f1e2d3c4b5a6978' };

let redis: TestRedis;
let endpoint: Endpoint;
let folder: Workspace;
let held: ReturnType<typeof gate>;

const manifest = (names: readonly string[]) =>
  `id,prompt,target\n${names.map((name) => `${name},question ${name},answer to question ${name}\n`).join('')}`;
const NAMES = Array.from({ length: SAMPLES }, (_, index) => `s${index}`);

/** The prompts that were asked, sorted. */
function asked(): readonly string[] {
  const prompts = endpoint.requests.map(({ json }) => {
    const { messages } = json as { messages: { content: string }[] };
    return messages.at(-1)?.content ?? '';
  });
  return prompts.sort();
}

describe.skipIf(NO_REDIS !== null || !IS_BUILT)('a run in a queue that is resumed with another manifest', () => {
  beforeEach(async () => {
    redis = await startRedis();
    held = gate();
    endpoint = await startEndpoint(({ json }, index) => {
      const { messages } = json as { messages: { content: string }[] };
      const answer = { json: chatCompletion(`answer to ${messages.at(-1)?.content}`) };
      return index < AT_ONCE ? answer : { ...answer, after: held.opened };
    });
    folder = workspace({
      'manifest.csv': manifest(NAMES),
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

  test('is rejected with the differences, and with --resume-changed keeps what workers have answered', async () => {
    const working = folder.run(['worker', '--queue', redis.url, '--out', 'w1'], { env: KEY });
    const first = startCommand(folder, ['run', '--queue', redis.url, '--out', 'out']);
    await endpoint.arrived(AT_ONCE + IN_FLIGHT);
    first.child.kill('SIGKILL');
    await first.ended;
    // The worker answers what is queued while nobody takes it in.
    held.open();
    await endpoint.arrived(SAMPLES);
    // One sample is new and one is gone: all rows move.
    folder.write({ 'manifest.csv': manifest(['new', ...NAMES.filter((name) => name !== 's20')]) });
    const rejected = await folder.run(['run', '--queue', redis.url, '--resume', 'out']);
    const resumed = await folder.run(['run', '--queue', redis.url, '--resume', 'out', '--resume-changed']);

    expect(rejected.code).toBe(2);
    expect(rejected.stderr).toContain('contains a run with other samples, models or parameters');
    expect({ code: resumed.code, worker: (await working).code }).toEqual({ code: 0, worker: 0 });
    const rows = readRows(folder, 'out');
    expect(rows.map((row) => row['sample_id'])).toEqual(['new', ...NAMES.filter((name) => name !== 's20')]);
    expect(rows.map((row) => row['score'])).toEqual(rows.map(() => '1'));
    expect(asked()).toEqual(['new', ...NAMES].map((name) => `question ${name}`).sort());
  });
});
