import { parse } from 'csv-parse/sync';
import { describe, expect, test, vi } from 'vitest';
import { readHead } from '../src/journal/journal-line.ts';
import { type Workspace, workspace } from './helpers/cli.ts';
import { IS_BUILT, startCommand } from './helpers/command.ts';
import { type Endpoint, gate, startEndpoint } from './helpers/endpoint.ts';

// Each command takes a second to start, and ten on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const [SAMPLES, IN_FLIGHT] = [24, 4];

function folderFor(endpoint: Endpoint): Workspace {
  const rows = Array.from({ length: SAMPLES }, (_, index) => `s${index},question ${index},x\n`);
  return workspace({
    'manifest.csv': `id,prompt,target\n${rows.join('')}`,
    'earsight.config.yaml': `
dataset: manifest.csv
models:
  - {id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, limits: {concurrency: ${IN_FLIGHT}}}
scorers: [exact]
`,
  });
}

const rowsIn = (folder: Workspace): readonly object[] => parse(folder.read('out/results.csv'), { columns: true });

/** Answers at once to the first requests; those that follow wait for the gate. */
async function slowEndpoint(atOnce: number) {
  const held = gate();
  const endpoint = await startEndpoint(async (_request, index) => {
    if (index >= atOnce) await held.opened;
    return undefined;
  });
  return { endpoint, open: held.open, [Symbol.asyncDispose]: endpoint.close };
}

const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

describe.skipIf(!IS_BUILT || process.platform === 'win32').each(SIGNALS)('%s', (signal, exitCode) => {
  test('once: what is in flight is finished and reported, nothing more is sent, and a resumed run does the rest', async () => {
    await using slow = await slowEndpoint(10);
    using folder = folderFor(slow.endpoint);

    const { child, says, ended } = startCommand(folder, ['run', '--out', 'out']);
    await slow.endpoint.arrived(10 + IN_FLIGHT);
    child.kill(signal);
    await says('stopping');
    slow.open();
    const { code, stderr, stdout } = await ended;
    const [rows, requests] = [rowsIn(folder), slow.endpoint.requests.length];
    const resumed = await startCommand(folder, ['run', '--resume', 'out']).ended;

    expect(code).toBe(exitCode);
    expect([rows.length, requests]).toEqual([10 + IN_FLIGHT, 10 + IN_FLIGHT]);
    expect(stdout).toContain('samples');
    expect(stderr).toContain('--resume out');
    expect(resumed.code).toBe(0);
    expect(rowsIn(folder)).toHaveLength(SAMPLES);
    expect(slow.endpoint.requests).toHaveLength(SAMPLES);
  });

  test('twice: leaves at once with a whole journal, and a resumed run repeats only what was in flight', async () => {
    await using slow = await slowEndpoint(10);
    using folder = folderFor(slow.endpoint);

    const { child, says, ended } = startCommand(folder, ['run', '--out', 'out']);
    await slow.endpoint.arrived(10 + IN_FLIGHT);
    child.kill(signal);
    await says('stopping');
    child.kill(signal);
    const { code } = await ended;
    const lines = folder.read('out/journal.jsonl').trimEnd().split('\n');
    slow.open();
    const resumed = await startCommand(folder, ['run', '--resume', 'out']).ended;

    expect(code).toBe(exitCode);
    expect(lines.filter((line) => readHead(line) === null)).toEqual([]);
    expect(lines.filter((line) => line.includes('"type":"result"'))).toHaveLength(10);
    expect(resumed.code).toBe(0);
    expect(rowsIn(folder)).toHaveLength(SAMPLES);
    expect(slow.endpoint.requests).toHaveLength(SAMPLES + IN_FLIGHT);
  });
});
