import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/journal/journal.ts';
import { type Disk, openJournalFile, systemDisk } from '../../src/journal/journal-file.ts';
import { JOURNAL_FILE, journalParts } from '../../src/journal/journal-parts.ts';
import { type Clock, systemClock } from '../../src/limits/clock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-file-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const EIO = new Error('EIO: i/o error');
const never = new AbortController().signal;

function openFile(disk: Partial<Disk>, partBytes = 2 ** 20) {
  const failures: Error[] = [];
  const file = openJournalFile({
    directory,
    start: 0,
    base: 0,
    partBytes,
    disk: { ...systemDisk, ...disk },
    onSyncFailed: (error) => failures.push(error),
  });
  return { file, failures };
}

/** A disk whose syncs end when the test ends them. */
function slowDisk() {
  const running: ((error: Error | null) => void)[] = [];
  let calls = 0;
  let onCall = () => {};
  const sync: Disk['sync'] = (_, done) => {
    running.push(done);
    calls += 1;
    onCall();
  };
  return {
    sync,
    calls: () => calls,
    end: () => running.shift()?.(null),
    called: () =>
      new Promise<void>((resolve) => {
        onCall = resolve;
      }),
  };
}

function openRun(
  disk: Partial<Disk>,
  stalls: (string | null)[] = [],
  { partBytes = 2 ** 20, clock = systemClock }: { readonly partBytes?: number; readonly clock?: Clock } = {},
) {
  const runIdentity = { dataset: 'd', samples: 1, repeat: 1, scorers: [], models: [] };
  const header = { format: 'earsight-journal', version: 1, runId: 'r', runIdentity } as const;
  const onStall = (error: Error | null) => stalls.push(error?.message ?? null);
  return openJournal({ directory, header, clock, disk, onStall, partBytes });
}

test('64 lines are synced immediately, fewer within a tenth of a second', async () => {
  const disk = slowDisk();
  const { file } = openFile({ sync: disk.sync });
  const put = (lines: number) => {
    for (let line = 0; line < lines; line += 1) {
      file.put('line\n');
      file.syncWhenDue();
    }
  };
  put(63);
  expect(disk.calls()).toBe(0);
  put(1);
  expect(disk.calls()).toBe(1);
  disk.end();
  const later = disk.called();
  put(1);
  expect(disk.calls()).toBe(1);
  await later;
  expect(disk.calls()).toBe(2);
  disk.end();
});

test('lines that are written during a sync are synced by another one', () => {
  const disk = slowDisk();
  const { file } = openFile({ sync: disk.sync });
  for (let line = 0; line < 200; line += 1) {
    file.put('line\n');
    file.syncWhenDue();
  }
  expect(disk.calls()).toBe(1);
  disk.end();
  expect(disk.calls()).toBe(2);
  disk.end();
  expect(disk.calls()).toBe(2);
});

test('closing syncs what a running sync may have missed', async () => {
  const disk = slowDisk();
  const { file } = openFile({ sync: disk.sync });
  for (let line = 0; line < 65; line += 1) {
    file.put('line\n');
    file.syncWhenDue();
  }
  const second = disk.called();
  const closed = file.close();
  disk.end();
  await second;
  disk.end();
  await closed;
  expect(disk.calls()).toBe(2);
});

test('a closed part is not synced again', async () => {
  const disk = slowDisk();
  const later = slowDisk();
  const { file } = openFile({ sync: disk.sync });
  file.put('line\n');
  file.syncWhenDue();
  const closed = file.close();
  disk.end();
  await closed;

  // A sync of the first file would have started before this one.
  const { file: other } = openFile({ sync: later.sync });
  other.put('line\n');
  const due = later.called();
  other.syncWhenDue();
  await due;

  expect(disk.calls()).toBe(1);
  later.end();
});

test('a part is not finished while it is being synced', () => {
  const disk = slowDisk();
  const { file } = openFile({ sync: disk.sync }, 10);
  for (let line = 0; line < 64; line += 1) file.put('line\n');
  file.syncWhenDue();

  expect(file.rotateWhenFull()).toBe(false);
  disk.end();
  expect(file.rotateWhenFull()).toBe(true);
});

test('a part keeps growing when no new file can be opened, and the next line tries again', () => {
  let opened = 0;
  const { file } = openFile(
    {
      open(path, flags) {
        opened += 1;
        if (opened === 2 || opened === 3) throw new Error('EMFILE: too many open files');
        return systemDisk.open(path, flags);
      },
    },
    10,
  );
  const rotations = ['first line\n', 'second\n', 'third\n', 'fourth\n'].map((line) => {
    file.put(line);
    return file.rotateWhenFull();
  });
  expect(rotations).toEqual([false, false, true, false]);
  expect(journalParts(directory).map((path) => readFileSync(path, 'utf8'))).toEqual([
    'first line\nsecond\nthird\n',
    'fourth\n',
  ]);
});

test('a part that cannot be renamed keeps growing', () => {
  const { file } = openFile({}, 10);
  file.put('first line\n');
  rmSync(directory, { recursive: true });
  expect(file.rotateWhenFull()).toBe(false);
  expect(file.put('second\n')).toEqual({ offset: 11, byteLength: 7 });
});

test('a disk that fails to sync is reported once, not with every line', async () => {
  const stalls: (string | null)[] = [];
  const syncNow = () => {
    throw EIO;
  };
  const sync: Disk['sync'] = (_, done) => done(EIO);
  const journal = await openRun({ sync, syncNow }, stalls, { partBytes: 10 });
  for (let line = 0; line < 5; line += 1) journal.append({ type: 'limit', data: line });
  await expect(journal.close()).rejects.toThrow('EIO');
  expect(stalls).toEqual(['EIO: i/o error']);
});

test('a part whose sync fails is not finished', () => {
  const { file, failures } = openFile(
    {
      syncNow() {
        throw EIO;
      },
    },
    10,
  );
  file.put('a long line\n');
  expect(file.rotateWhenFull()).toBe(false);
  expect(failures).toEqual([EIO]);
  expect(journalParts(directory)).toEqual([join(directory, JOURNAL_FILE)]);
});

test('after a failed sync no more requests are sent, but answers that have arrived are still written', async () => {
  const stalls: (string | null)[] = [];
  let failed = () => {};
  const failure = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const journal = await openRun(
    {
      sync(_, done) {
        done(EIO);
        failed();
      },
    },
    stalls,
  );
  await failure;
  await expect(journal.ready(never)).rejects.toThrow('EIO');
  journal.append({ type: 'limit', data: 'a paid answer' });
  expect(readFileSync(join(directory, JOURNAL_FILE), 'utf8')).toContain('a paid answer');
  await expect(journal.close()).rejects.toThrow('EIO');
  expect(stalls).toContain('EIO: i/o error');
  expect(journal.unwritten()).toEqual([]);
});

test('lines that waited for a full disk are synced as soon as other lines', async () => {
  const disk = slowDisk();
  const first = disk.called();
  let isFull = false;
  let retry = () => {};
  const sleep = () =>
    new Promise<void>((resolve) => {
      retry = resolve;
    });
  const write: Disk['write'] = (...args) => {
    if (isFull) throw new Error('ENOSPC');
    return systemDisk.write(...args);
  };
  const journal = await openRun({ sync: disk.sync, write }, [], { clock: { ...systemClock, sleep } });
  await first;
  disk.end();
  isFull = true;
  journal.append({ type: 'limit', data: 'a paid answer' });
  isFull = false;

  const second = disk.called();
  retry();
  await second;

  expect(disk.calls()).toBe(2);
  disk.end();
  const last = disk.called();
  const closed = journal.close();
  await last;
  disk.end();
  await closed;
});

test('closing waits for the last attempt to write waiting lines', async () => {
  let isFull = false;
  const wakeUps: (() => void)[] = [];
  const clock = { ...systemClock, sleep: () => new Promise<void>((resolve) => wakeUps.push(resolve)) };
  const disk: Partial<Disk> = {
    sync: (_, done) => done(null),
    write(...args) {
      if (isFull) throw new Error('ENOSPC: no space left on device');
      return systemDisk.write(...args);
    },
  };
  const journal = await openRun(disk, [], { clock });
  isFull = true;
  journal.append({ type: 'limit', data: 'a paid answer' });
  const closed = journal.close();
  await new Promise((resolve) => setImmediate(resolve));
  isFull = false;
  wakeUps.shift()?.();
  await closed;
  expect(readFileSync(join(directory, JOURNAL_FILE), 'utf8')).toContain('a paid answer');
});
