import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, test, vi } from 'vitest';
import { type Workspace, workspace } from './helpers/cli.ts';
import { type Endpoint, startEndpoint } from './helpers/endpoint.ts';

// Each command takes a second to start, and ten on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const SAMPLES = 120;

function workspaceFor(endpoint: Endpoint): Workspace {
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},echo: question ${index}\n`);
  return workspace({
    'earsight.config.yaml': `
dataset: manifest.csv
models:
  - {id: a, provider: openai, endpoint: "${endpoint.url}/v1", model: a, auth: {type: none}, limits: {concurrency: 4}}
  - {id: b, provider: openai, endpoint: "${endpoint.url}/v1", model: b, auth: {type: none}, limits: {concurrency: 4}}
scorers: [exact]
`,
    'manifest.csv': `id,prompt,target\n${rows.join('')}`,
  });
}

function start(folder: Workspace, argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...argv], { cwd: folder.directory, stdio: 'ignore' });
}

/** Waits for requests, but not for those of a command that ended before it sent them. */
async function sent(endpoint: Endpoint, count: number, child: ChildProcess): Promise<void> {
  const died = end(child).then((code) => Promise.reject(new Error(`the command ended early with ${code}`)));
  died.catch(() => {});
  await Promise.race([endpoint.arrived(count), died]);
}

async function end(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
}

interface Row {
  readonly sample_id: string;
  readonly model: string;
  readonly status: string;
  readonly answer: string;
}

test.skipIf(!existsSync(CLI)).each([[[30, 110]], [[1, 64]], [[7, 8, 200]]])(
  'a run killed after %j requests and resumed has every cell once and repeats no answered one',
  async (kills) => {
    await using endpoint = await startEndpoint();
    using folder = workspaceFor(endpoint);

    for (const killAfter of kills) {
      const child = start(folder, ['run', '--out', 'out']);
      await sent(endpoint, killAfter, child);
      child.kill('SIGKILL');
      expect(await end(child)).toBe('SIGKILL');
    }
    const resumed = await end(start(folder, ['run', '--resume', 'out']));

    const rows: Row[] = parse(folder.read('out/results.csv'), { columns: true });
    expect(resumed).toBe(0);
    expect(rows).toHaveLength(2 * SAMPLES);
    expect(new Set(rows.map(({ sample_id, model }) => `${sample_id} ${model}`)).size).toBe(2 * SAMPLES);
    expect(rows.every(({ status, answer }) => status === 'completed' && answer.startsWith('echo: question'))).toBe(
      true,
    );
    // Each kill may lose what was in flight: at most the concurrency of both models.
    expect(endpoint.requests.length).toBeLessThanOrEqual(2 * SAMPLES + kills.length * 8);
  },
);

test.skipIf(!existsSync(CLI))(
  'the first interrupt finishes what is in flight, reports, and says how to go on',
  async () => {
    await using endpoint = await startEndpoint();
    using folder = workspaceFor(endpoint);

    const child = start(folder, ['run', '--out', join(folder.directory, 'out')]);
    await sent(endpoint, 20, child);
    child.kill('SIGINT');
    const code = await end(child);
    const requests = endpoint.requests.length;
    const rows: Row[] = parse(folder.read('out/results.csv'), { columns: true });

    expect(code).toBe(130);
    expect(rows).toHaveLength(requests);
    expect(await end(start(folder, ['run', '--resume', 'out']))).toBe(0);
    expect(endpoint.requests).toHaveLength(2 * SAMPLES);
  },
);
