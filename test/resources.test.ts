import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test, vi } from 'vitest';
import { readHead } from '../src/journal/journal-line.ts';
import { type Workspace, workspace } from './helpers/cli.ts';
import { IS_BUILT, startCommand } from './helpers/command.ts';
import { chatCompletion, type Endpoint, gate, startEndpoint } from './helpers/endpoint.ts';

// Each command takes a second to start, and ten on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

interface Row {
  readonly sample_id: string;
  readonly status: string;
  readonly attempts: string;
}

const rowsIn = (folder: Workspace, out = 'out'): readonly Row[] =>
  parse(folder.read(`${out}/results.csv`), { columns: true });

function folderFor(endpoints: readonly Endpoint[], samples: number, concurrency: number): Workspace {
  const rows = Array.from({ length: samples }, (_, index) => `s${index},question ${index},x\n`);
  const models = endpoints.map(
    ({ url }, index) =>
      `  - {id: m${index}, provider: openai, endpoint: "${url}/v1", model: m, auth: {type: none}, limits: {concurrency: ${concurrency}}}\n`,
  );
  return workspace({
    'manifest.csv': `id,prompt,target\n${rows.join('')}`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${models.join('')}\nscorers: [exact]\n`,
  });
}

describe.skipIf(!IS_BUILT || process.platform === 'win32')('a process that may open 64 files', () => {
  test('starts, says that it sends less at a time, and fails no cell for it', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor([endpoint], 600, 256);

    const { code, stderr } = await startCommand(folder, ['run', '--out', 'out'], { shell: 'ulimit -n 64' }).ended;

    expect(stderr).toContain('may open');
    expect(code).toBe(0);
    expect(rowsIn(folder).filter(({ status, attempts }) => status === 'completed' && attempts === '1')).toHaveLength(
      600,
    );
    expect(endpoint.requests).toHaveLength(600);
  });

  test('waits for a file where idle connections to many endpoints hold them all', async () => {
    // Idle for a second at most, so that the wait is short.
    const reply = { json: chatCompletion('x'), headers: { 'keep-alive': 'timeout=3' } };
    const endpoints = await Promise.all(Array.from({ length: 60 }, () => startEndpoint(reply)));
    using folder = folderFor(endpoints, 4, 8);

    const { code } = await startCommand(folder, ['run', '--out', 'out'], { shell: 'ulimit -n 64' }).ended;
    await Promise.all(endpoints.map((endpoint) => endpoint.close()));

    expect(code).toBe(0);
    expect(rowsIn(folder).filter(({ status, attempts }) => status === 'completed' && attempts === '1')).toHaveLength(
      240,
    );
  });
});

/** A disk of 1 MiB below the workspace, `filled` bytes of it in use; its folder goes with the workspace. */
function smallDisk(folder: Workspace, filled: number) {
  const path = join(folder.directory, 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
  writeFileSync(join(path, 'filler'), Buffer.alloc(filled));
  return {
    free: () => rmSync(join(path, 'filler')),
    [Symbol.dispose]: () => {
      execFileSync('umount', [path]);
    },
  };
}

/** Mounting needs root, which test machines seldom are. */
function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  using folder = workspace();
  try {
    smallDisk(folder, 0)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

const CAN_FILL = IS_BUILT && mayMount();
const OUT = 'disk/out';
const STALLED = 'the journal cannot be written';
const journalOf = (folder: Workspace) => folder.read(`${OUT}/journal.jsonl`).trimEnd().split('\n');

describe.skipIf(!CAN_FILL)('a disk that is full (needs root to mount a small one)', () => {
  const [samples, inFlight] = [400, 8];

  test('holds requests back, says so, and all that was paid is written once there is room', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor([endpoint], samples, inFlight);
    using disk = smallDisk(folder, 900_000);

    const { says, ended } = startCommand(folder, ['run', '--out', OUT]);
    await says(STALLED);
    const written = journalOf(folder).filter((line) => line.includes('"type":"result"')).length;
    const sent = endpoint.requests.length;
    disk.free();
    const { code, stderr } = await ended;

    expect(sent).toBeLessThanOrEqual(written + inFlight);
    expect(stderr).toContain('the journal is written again');
    expect(code).toBe(0);
    expect(rowsIn(folder, OUT).filter(({ status }) => status === 'completed')).toHaveLength(samples);
    expect(journalOf(folder).filter((line) => readHead(line) === null)).toEqual([]);
    expect(endpoint.requests).toHaveLength(samples);
  });

  test.each([
    ['into the folder for temporary files', '.'],
    ['beside the run when temporary files are on the full disk, too', OUT],
  ])('and a stop: what was paid is rescued %s, and can be put back', async (_, temporary) => {
    await using endpoint = await startEndpoint();
    using folder = folderFor([endpoint], samples, inFlight);
    using disk = smallDisk(folder, 900_000);

    const { child, says, ended } = startCommand(folder, ['run', '--out', OUT], {
      env: { TMPDIR: join(folder.directory, temporary) },
    });
    await says(STALLED);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    const [rescued = ''] = readdirSync(folder.directory).filter((name) => /^earsight-.*\.jsonl$/.test(name));
    disk.free();
    appendFileSync(join(folder.directory, OUT, 'journal.jsonl'), folder.read(rescued));
    const resumed = await startCommand(folder, ['run', '--resume', OUT]).ended;

    expect(code).toBe(3);
    expect(rescued).not.toBe('');
    expect(stderr).toContain(rescued);
    expect(readdirSync(join(folder.directory, OUT)).filter((name) => name.startsWith('earsight-'))).toEqual([]);
    expect(stderr.split(STALLED)).toHaveLength(2);
    expect(resumed.code).toBe(0);
    expect(rowsIn(folder, OUT)).toHaveLength(samples);
    expect(endpoint.requests).toHaveLength(samples);
  });

  test('when the reports are due: says which one, and `report` writes them later', async () => {
    await using endpoint = await startEndpoint();
    using folder = folderFor([endpoint], samples, inFlight);
    using scout = workspace();
    await startCommand(folder, ['run', '--out', join(scout.directory, 'out')]).ended;
    // Room for the journal, and for a page beside it.
    const room = statSync(join(scout.directory, 'out', 'journal.jsonl')).size + 3 * 8192;
    using disk = smallDisk(folder, 2 ** 20 - room);

    const { code, stderr } = await startCommand(folder, ['run', '--out', OUT]).ended;
    disk.free();
    const later = await startCommand(folder, ['report', OUT]).ended;

    expect(code).toBe(3);
    expect(stderr).toContain('results.csv could not be written (ENOSPC');
    expect(stderr).not.toContain('bug');
    expect(later.code).toBe(0);
    expect(rowsIn(folder, OUT)).toHaveLength(samples);
  });
});

test.skipIf(!IS_BUILT)(
  'of two processes on one folder the second is refused, sends nothing and harms nothing',
  async () => {
    const held = gate();
    await using endpoint = await startEndpoint(async () => {
      await held.opened;
      return undefined;
    });
    using folder = folderFor([endpoint], 20, 4);

    const first = startCommand(folder, ['run', '--out', 'out']);
    await endpoint.arrived(4);
    const journal = readFileSync(join(folder.directory, 'out', 'journal.jsonl'));
    const second = await startCommand(folder, ['run', '--out', 'out']).ended;
    const after = readFileSync(join(folder.directory, 'out', 'journal.jsonl'));
    held.open();
    const { code } = await first.ended;

    expect(second.code).toBe(2);
    expect(second.stderr).toContain(`another run (process ${first.child.pid})`);
    expect(after).toEqual(journal);
    expect(code).toBe(0);
    expect(endpoint.requests).toHaveLength(20);
  },
);

test.skipIf(!IS_BUILT).each(['stdout', 'stderr'] as const)('a reader that leaves %s ends nothing', async (stream) => {
  await using endpoint = await startEndpoint();
  using folder = folderFor([endpoint], 200, 4);

  const { child, ended } = startCommand(folder, ['run', '--out', 'out']);
  child[stream]?.destroy();
  const { code } = await ended;

  expect(code).toBe(0);
  expect(rowsIn(folder)).toHaveLength(200);
});
