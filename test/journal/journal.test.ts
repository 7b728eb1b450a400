import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Journal, type JournalOptions, openJournal } from '../../src/journal/journal.ts';
import { damageWarnings } from '../../src/journal/journal-damage.ts';
import { systemDisk } from '../../src/journal/journal-file.ts';
import { type ByteRange, decodeLine, encodeLine, readHead } from '../../src/journal/journal-line.ts';
import { JOURNAL_FILE, journalParts } from '../../src/journal/journal-parts.ts';
import { openJournalReader } from '../../src/journal/journal-reader.ts';
import { type JournalLine, journalRunId, scanJournal } from '../../src/journal/journal-scan.ts';
import { readProgress } from '../../src/journal/resume.ts';
import { DAMAGED_FILE } from '../../src/journal/run-files.ts';
import { systemClock } from '../../src/limits/clock.ts';
import type { Result } from '../../src/result.ts';
import { answered } from '../helpers/results.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const runIdentity = { dataset: 'd', samples: 1, repeat: 1, scorers: [], models: [] };
const header = { format: 'earsight-journal', version: 1, runId: 'r', runIdentity } as const;

function open(options: Partial<JournalOptions> = {}) {
  return openJournal({ directory, header, clock: systemClock, ...options });
}

async function reopened(): Promise<readonly JournalLine[]> {
  const lines: JournalLine[] = [];
  const scan = await scanJournal(directory, (line) => lines.push(line));
  const journal = await open({ scan });
  await journal.close();
  return lines;
}

function note(journal: Journal, text: string): void {
  journal.append({ type: 'limit', data: text });
}

function dataOf(lines: readonly JournalLine[]): readonly unknown[] {
  return lines.map((line) => decodeLine(line.text)).flatMap((entry) => (entry.type === 'limit' ? [entry.data] : []));
}

test('a line is readable only when its checksum holds', () => {
  const line = encodeLine(7, { type: 'limit', data: { reason: 'slow' } }).trimEnd();

  expect(readHead(line)).toEqual({ seq: 7, type: 'limit', cell: null });
  expect(readHead(line.replace('slow', 'flow'))).toBeNull();
  expect(readHead(line.slice(0, -1))).toBeNull();
  expect(readHead('')).toBeNull();
});

test('appended entries can be read after reopening, after a header', async () => {
  const journal = await open();
  note(journal, 'a');
  note(journal, 'b\n"é"');
  await journal.close();

  const lines = await reopened();

  expect(lines[0]?.head.type).toBe('header');
  expect(dataOf(lines)).toEqual(['a', 'b\n"é"']);
});

test('a line is in the file as soon as append returns', async () => {
  const journal = await open();

  note(journal, 'paid');

  expect(readFileSync(join(directory, JOURNAL_FILE), 'utf8')).toContain('paid');
  await journal.close();
});

test('cut off at any byte, a journal keeps its complete lines, and writing continues after them', async () => {
  const journal = await open();
  for (const text of ['one', 'two', 'thrée']) note(journal, text);
  await journal.close();
  const path = join(directory, JOURNAL_FILE);
  const whole = readFileSync(path);
  const ends = [...whole.entries()].flatMap(([index, byte]) => (byte === 10 ? [index + 1] : []));

  for (let cut = 0; cut <= whole.length; cut += 1) {
    writeFileSync(path, whole);
    truncateSync(path, cut);
    const second = await open();
    note(second, 'after');
    await second.close();

    const expected = ['one', 'two', 'thrée'].slice(0, Math.max(0, ends.filter((end) => end <= cut).length - 1));
    expect(dataOf(await reopened())).toEqual([...expected, 'after']);
  }
});

test('an incomplete end is kept in another file, and so is the next one', async () => {
  const journal = await open();
  await journal.close();
  for (const tail of ['half a li', '{"crc":"12']) {
    appendFileSync(join(directory, JOURNAL_FILE), tail);
    await reopened();
  }

  expect(readFileSync(join(directory, DAMAGED_FILE), 'utf8')).toBe('half a li{"crc":"12');
});

test('reading changes nothing in the folder, and detects later writes of another process', async () => {
  const journal = await open();
  await journal.close();
  appendFileSync(join(directory, JOURNAL_FILE), 'half a li');
  const before = readFileSync(join(directory, JOURNAL_FILE), 'utf8');

  const { scan, isCurrent } = await readProgress(directory);

  expect(scan.tornBytes).toBe('half a li'.length);
  expect(isCurrent()).toBe(true);
  expect(readFileSync(join(directory, JOURNAL_FILE), 'utf8')).toBe(before);
  expect(readdirSync(directory)).toEqual([JOURNAL_FILE]);
  appendFileSync(join(directory, JOURNAL_FILE), 'ne');
  expect(isCurrent()).toBe(false);
});

test('a journal whose first line never reached the disk is started again', async () => {
  for (const left of ['', '{"cr', '{"crc":"1234', '\0'.repeat(100)]) {
    writeFileSync(join(directory, JOURNAL_FILE), left);
    const journal = await open();
    note(journal, 'after');
    await journal.close();

    expect(dataOf(await reopened())).toEqual(['after']);
  }
});

test('a file without any good line is rejected and kept', async () => {
  const path = join(directory, JOURNAL_FILE);
  for (const left of ['{"crc":"00000000","seq":0,"type":"limit","data":1}\n', '{"a":1}\n{"a":2}\n', 'id,prompt']) {
    writeFileSync(path, left);

    await expect(open()).rejects.toThrow('is not a journal that this version of earsight can read');
    expect(readFileSync(path, 'utf8')).toBe(left);
  }
});

test('a flipped bit in the middle is reported, and the other lines count', async () => {
  const journal = await open();
  for (const text of ['one', 'two', 'three']) note(journal, text);
  await journal.close();
  const path = join(directory, JOURNAL_FILE);
  writeFileSync(path, readFileSync(path, 'utf8').replace('two', 'twp'));

  const lines: JournalLine[] = [];
  const scan = await scanJournal(directory, (line) => lines.push(line));

  expect(scan.damaged.map(({ line }) => line)).toEqual([3]);
  expect(dataOf(lines)).toEqual(['one', 'three']);
  expect(scan.lost).toBe(0);
});

test('a line that is written twice counts once', async () => {
  const journal = await open();
  for (const text of ['a', 'b', 'c']) note(journal, text);
  await journal.close();
  const path = join(directory, JOURNAL_FILE);
  const written = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [...written.slice(0, 2), ...written.slice(1)].join('\n'));
  const lines: JournalLine[] = [];

  const scan = await scanJournal(directory, (line) => lines.push(line));

  expect(dataOf(lines)).toEqual(['a', 'b', 'c']);
  expect(scan.damaged.map(({ line }) => line)).toEqual([3]);
  expect(scan.lost).toBe(0);
});

test('a removed line is detected by its missing sequence number', async () => {
  const journal = await open();
  for (const text of ['one', 'two', 'three']) note(journal, text);
  await journal.close();
  const path = join(directory, JOURNAL_FILE);
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.filter((line) => !line.includes('two')).join('\n'));

  const scan = await scanJournal(directory, () => {});

  expect(scan.lost).toBe(1);
});

test('parts are rotated by size and read back as one journal, at the byte ranges that were returned by writing', async () => {
  const journal = await open({ partBytes: 300 });
  const texts = Array.from({ length: 12 }, (_, index) => `note ${index} ${'x'.repeat(40)}`);
  const byteRanges: ByteRange[] = [];
  for (const text of texts) journal.append({ type: 'limit', data: text }, (byteRange) => byteRanges.push(byteRange));
  await journal.close();

  const lines: JournalLine[] = [];
  await scanJournal(directory, (line) => lines.push(line));
  const reader = await openJournalReader(directory);
  const written = byteRanges.map(({ offset, byteLength }) => decodeLine(reader.line(offset, byteLength)).data);
  const firstLines = journalParts(directory).map((path) => readHead(readFileSync(path, 'utf8').split('\n')[0] ?? ''));
  expect(written).toEqual(texts);
  expect(new Set(firstLines.map((head) => head?.type))).toEqual(new Set(['header']));
  const readBack = lines.map((line) => reader.line(line.offset, line.byteLength));
  reader.close();

  expect(journalParts(directory).length).toBeGreaterThan(2);
  expect(dataOf(lines)).toEqual(texts);
  expect(readBack).toEqual(lines.map((line) => line.text));
});

test('parts are read in numeric order, not in alphabetical order', () => {
  for (const number of ['10000', '9999', '0002']) writeFileSync(join(directory, `journal.${number}.jsonl`), '');
  expect(journalParts(directory).map((path) => basename(path))).toEqual([
    'journal.0002.jsonl',
    'journal.9999.jsonl',
    'journal.10000.jsonl',
  ]);
});

test('a removed part counts as lost lines, and no other part is overwritten', async () => {
  const journal = await open({ partBytes: 300 });
  for (let index = 0; index < 16; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
  await journal.close();
  const [first = '', second = '', ...others] = journalParts(directory);
  rmSync(second);
  const kept = [first, ...others.slice(0, -1)];
  const before = kept.map((path) => readFileSync(path, 'utf8'));

  const again = await open({ partBytes: 300 });
  for (let index = 16; index < 26; index += 1) note(again, `note ${index} ${'x'.repeat(40)}`);
  await again.close();
  const lines: JournalLine[] = [];
  const scan = await scanJournal(directory, (line) => lines.push(line));

  expect(kept.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
  expect(kept.length).toBeGreaterThan(1);
  expect(scan.lost).toBeGreaterThan(0);
  // One of the lost lines is the part's header.
  expect(dataOf(lines)).toHaveLength(26 - (scan.lost - 1));
});

test('damage at the end of a finished part is reported there, not as an incomplete end of the journal', async () => {
  const journal = await open({ partBytes: 300 });
  for (let index = 0; index < 12; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
  await journal.close();
  const [first = ''] = journalParts(directory);
  writeFileSync(first, readFileSync(first).subarray(0, -10));

  const lines: JournalLine[] = [];
  const scan = await scanJournal(directory, (line) => lines.push(line));
  const reader = await openJournalReader(directory);
  const readBack = lines.map((line) => reader.line(line.offset, line.byteLength));
  reader.close();

  const lineCount = readFileSync(first, 'utf8').split('\n').length;
  expect(scan).toMatchObject({ tornBytes: 0, lost: 0, damaged: [{ part: first, line: lineCount }] });
  expect(readBack).toEqual(lines.map((line) => line.text));
});

test('a line that is lost after a damaged part is counted in addition to the damage', async () => {
  const journal = await open({ partBytes: 300 });
  for (let index = 0; index < 12; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
  await journal.close();
  const [first = '', second = ''] = journalParts(directory);
  writeFileSync(first, readFileSync(first).subarray(0, -10));
  const lines = readFileSync(second, 'utf8').split('\n');
  writeFileSync(second, [...lines.slice(0, 1), ...lines.slice(2)].join('\n'));

  const scan = await scanJournal(directory, () => {});

  expect([scan.damaged.length, scan.lost]).toEqual([1, 1]);
});

test('the run id is read from the first line of the journal, unless that line is damaged', async () => {
  expect(await journalRunId(directory)).toBeNull();
  const journal = await open();
  await journal.close();
  expect(await journalRunId(directory)).toBe('r');
  const path = join(directory, JOURNAL_FILE);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"runId":"r"', '"runId":"s"'));

  expect(await journalRunId(directory)).toBeNull();
});

/** The files of this folder that the process has open, with their permissions. */
function openFiles(folder: string): readonly (readonly [name: string, mode: string])[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    const path = `/proc/self/fd/${descriptor}`;
    // The descriptor of this listing itself is closed by now.
    const name = existsSync(path) ? readlinkSync(path) : '';
    return name.startsWith(folder) ? [[name, (statSync(path).mode & 0o777).toString(8)] as const] : [];
  });
}

test.runIf(process.platform === 'linux')('reading and writing leave no file open', async () => {
  const journal = await open({ partBytes: 300 });
  for (let index = 0; index < 12; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
  expect(openFiles(directory).map(([name]) => name)).toEqual([join(directory, JOURNAL_FILE)]);
  await journal.close();
  (await openJournalReader(directory)).close();

  expect(journalParts(directory).length).toBeGreaterThan(2);
  expect(openFiles(directory)).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'what is unpacked to be read is for nobody else, and gone afterwards',
  async () => {
    const journal = await open({ partBytes: 300 });
    for (let index = 0; index < 12; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
    await journal.close();
    const [first = ''] = journalParts(directory);
    writeFileSync(`${first}.gz`, gzipSync(readFileSync(first)));
    rmSync(first);
    const temporary = join(directory, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);

    const reader = await openJournalReader(directory);

    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
    expect(openFiles(temporary)).toEqual([[expect.stringContaining('(deleted)'), '600']]);
    reader.close();
  },
);

test('lines are read back in any order, however long they are', async () => {
  const journal = await open({ partBytes: 400_000 });
  const sizes = [10, 300_000, 40, 70_000, 65_536, 262_144, 5, 500_000, 20, 90_000, 1000, 262_000];
  for (const size of sizes) note(journal, 'é'.repeat(size / 2));
  await journal.close();
  const lines: JournalLine[] = [];
  await scanJournal(directory, (line) => lines.push(line));

  const reader = await openJournalReader(directory);
  fc.assert(
    fc.property(fc.array(fc.nat(lines.length - 1), { maxLength: 30 }), (order) => {
      for (const index of order) {
        const { offset, byteLength, text } = lines[index] ?? expect.fail('no line');
        // Texts of this length would take minutes to compare in full when they differ.
        expect(reader.line(offset, byteLength) === text).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
  reader.close();
  expect(journalParts(directory).length).toBeGreaterThan(2);
});

test('finished parts that were gzipped are read, and writing continues after them', async () => {
  const journal = await open({ partBytes: 300 });
  const texts = Array.from({ length: 12 }, (_, index) => `note ${index} ${'x'.repeat(40)}`);
  for (const text of texts) note(journal, text);
  await journal.close();
  const finished = journalParts(directory).filter((path) => !path.endsWith(JOURNAL_FILE));
  for (const [index, path] of finished.entries()) {
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    // For the first one gzip is still running: the plain file counts.
    if (index > 0) rmSync(path);
    else truncateSync(`${path}.gz`, 20);
  }
  // A packed file may have several members: `gzip -c a >x; gzip -c b >>x`.
  const [, second = ''] = finished;
  const whole = gunzipSync(readFileSync(`${second}.gz`));
  writeFileSync(
    `${second}.gz`,
    Buffer.concat([whole.subarray(0, 90), whole.subarray(90)].map((half) => gzipSync(half))),
  );

  const again = await open({ partBytes: 300 });
  note(again, 'more');
  await again.close();
  const lines: JournalLine[] = [];
  await scanJournal(directory, (line) => lines.push(line));
  const reader = await openJournalReader(directory);
  const readBack = lines.map((line) => reader.line(line.offset, line.byteLength));
  reader.close();

  expect(finished.length).toBeGreaterThan(1);
  expect(dataOf(lines)).toEqual([...texts, 'more']);
  expect(readBack).toEqual(lines.map((line) => line.text));
});

test('a truncated gzipped part is an error that names the file, not a shorter journal', async () => {
  const journal = await open({ partBytes: 300 });
  for (let index = 0; index < 12; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
  await journal.close();
  const [first = ''] = journalParts(directory);
  const packed = gzipSync(readFileSync(first));
  writeFileSync(`${first}.gz`, packed.subarray(0, packed.length - 12));
  rmSync(first);

  await expect(scanJournal(directory, () => {})).rejects.toThrow(/journal\.0001\.jsonl\.gz cannot be unpacked/);
});

test('a gzipped part that cannot be read is an error that names the file', async () => {
  mkdirSync(join(directory, 'journal.0001.jsonl.gz'));

  await expect(scanJournal(directory, () => {})).rejects.toThrow(
    'journal.0001.jsonl.gz cannot be used: it is a folder',
  );
});

test.runIf(process.platform !== 'win32').each(['a link', 'another name of a file'])(
  '%s is not where the incomplete end of the journal is kept, and the journal stays as it was',
  async (what) => {
    const journal = await open();
    note(journal, 'one');
    await journal.close();
    appendFileSync(join(directory, JOURNAL_FILE), 'torn');
    const theirs = join(directory, 'theirs');
    writeFileSync(theirs, 'their notes\n');
    const make = what === 'a link' ? symlinkSync : linkSync;
    make(theirs, join(directory, DAMAGED_FILE));

    await expect(open()).rejects.toThrow(`${DAMAGED_FILE} cannot be used`);
    expect(readFileSync(theirs, 'utf8')).toBe('their notes\n');
    expect(readFileSync(join(directory, JOURNAL_FILE), 'utf8')).toMatch(/torn$/);
  },
);

test.runIf(process.platform !== 'win32').each(['a link', 'another name of a file'])(
  'a journal that is %s is not written',
  async (what) => {
    const journal = await open();
    await journal.close();
    const theirs = join(directory, 'theirs');
    renameSync(join(directory, JOURNAL_FILE), theirs);
    const text = readFileSync(theirs, 'utf8');
    const make = what === 'a link' ? symlinkSync : linkSync;
    make(theirs, join(directory, JOURNAL_FILE));

    await expect(open()).rejects.toThrow('cannot be used');
    expect(readFileSync(theirs, 'utf8')).toBe(text);
  },
);

test.skipIf(process.platform === 'win32')('all parts have the permissions of the first', async () => {
  const journal = await open({ partBytes: 300, mode: 0o600 });
  for (let index = 0; index < 12; index += 1) note(journal, `note ${index} ${'x'.repeat(40)}`);
  await journal.close();

  const modes = journalParts(directory).map((path) => (statSync(path).mode & 0o777).toString(8));
  expect(modes.length).toBeGreaterThan(2);
  expect(new Set(modes)).toEqual(new Set(['600']));
});

/** Longer than a line may be. */
const LONG = 64 * 2 ** 20 + 1;

test.each(['journal.jsonl', 'journal.0001.jsonl', 'journal.0001.jsonl.gz'])(
  'a line of more than 64 MiB in %s is damaged, and is not kept in memory',
  async (name) => {
    const journal = await open();
    for (const text of ['one', 'two']) note(journal, text);
    await journal.close();
    const path = join(directory, JOURNAL_FILE);
    const [first = '', second = '', third = ''] = readFileSync(path, 'utf8').split('\n');
    const bytes = Buffer.concat([
      Buffer.from(`${first}\n${second}\n`),
      Buffer.alloc(LONG, 'x'),
      Buffer.from(`\n${third}\n`),
    ]);
    rmSync(path);
    writeFileSync(join(directory, name), name.endsWith('.gz') ? gzipSync(bytes, { level: 1 }) : bytes);

    const lines: JournalLine[] = [];
    const scan = await scanJournal(directory, (line) => lines.push(line));

    expect(dataOf(lines)).toEqual(['one', 'two']);
    expect(scan).toMatchObject({ damaged: [{ line: 3 }], damagedCount: 1, lost: 0, tornBytes: 0 });
  },
);

test('of very many damaged lines the first are named and the others counted', async () => {
  const journal = await open();
  for (const text of ['one', 'two']) note(journal, text);
  await journal.close();
  const path = join(directory, JOURNAL_FILE);
  const [first = '', second = '', third = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${first}\n${second}\n${'\n'.repeat(100_000)}${third}\n`);

  const scan = await scanJournal(directory, () => {});

  expect([scan.damaged.length, scan.damagedCount]).toEqual([20, 100_000]);
  expect(damageWarnings(scan)).toHaveLength(21);
  expect(damageWarnings(scan).at(-1)).toBe('warning: 99980 more lines are damaged and are ignored');
});

test('an answer that no line can hold becomes a failure with its cost, and the journal stays readable', async () => {
  const journal = await open();
  const result = answered(1, { costUsd: 0.25 });
  journal.append({
    type: 'result',
    cell: 0,
    data: { ...result, status: 'completed', answer: 'x'.repeat(LONG) } as Result,
  });
  note(journal, 'after');
  await journal.close();

  const lines: JournalLine[] = [];
  const scan = await scanJournal(directory, (line) => lines.push(line));

  expect(scan).toMatchObject({ damagedCount: 0, lost: 0, tornBytes: 0 });
  expect(lines.flatMap(({ entry }) => (entry.type === 'result' ? [entry.data] : []))).toMatchObject([
    { status: 'failed', failure: { kind: 'invalid_response' }, costUsd: 0.25, score: null },
  ]);
  expect(dataOf(lines)).toEqual(['after']);
});

test('on a full disk lines stay in memory, the incomplete one is removed, and all are written when there is room', async () => {
  let room = 300;
  const stalls: (string | null)[] = [];
  const wakeUps: (() => void)[] = [];
  const waits: number[] = [];
  const sleep = (ms: number) => {
    waits.push(ms);
    return new Promise<void>((resolve) => wakeUps.push(resolve));
  };
  const clock = { ...systemClock, sleep };
  const journal = await open({
    clock,
    onStall: (error) => stalls.push(error?.message ?? null),
    disk: {
      write(descriptor, bytes, offset, length, position) {
        const taken = Math.min(length, room);
        if (taken === 0) throw new Error('ENOSPC: no space left on device');
        room -= taken;
        return systemDisk.write(descriptor, bytes, offset, taken, position);
      },
    },
  });
  const texts = Array.from({ length: 6 }, (_, index) => `paid answer ${index}`);
  const written: string[] = [];
  for (const text of texts) journal.append({ type: 'limit', data: text }, () => written.push(text));

  expect(journal.unwritten().length).toBeGreaterThan(0);
  expect(readFileSync(join(directory, JOURNAL_FILE), 'utf8').endsWith('\n')).toBe(true);
  room = 10_000;
  wakeUps.shift()?.();
  await journal.ready(new AbortController().signal);
  await journal.close();

  expect(stalls).toEqual(['ENOSPC: no space left on device', null]);
  expect(waits).toEqual([1000]);
  expect(written).toEqual(texts);
  expect(dataOf(await reopened())).toEqual(texts);
});

test('closing fails when lines never reached the disk', async () => {
  let broken = false;
  const stalls: (string | null)[] = [];
  const journal = await open({
    onStall: (error) => stalls.push(error?.message ?? null),
    disk: {
      write(...args) {
        if (broken) throw new Error('EIO: i/o error');
        return systemDisk.write(...args);
      },
    },
  });
  broken = true;
  note(journal, 'paid');

  await expect(journal.close()).rejects.toThrow('1 journal lines could not be written');
  expect(journal.unwritten()).toHaveLength(1);
  expect(stalls).toEqual(['EIO: i/o error']);
});

test('closing a second time does nothing', async () => {
  const journal = await open();
  await journal.close();

  await journal.close();

  expect(journal.unwritten()).toEqual([]);
});

test('any mix of appends, crashes at any byte and reopenings keeps every complete line in order', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('append' as const), text: fc.string({ unit: 'grapheme' }) }),
    fc.record({ do: fc.constant('crash' as const), lostBytes: fc.nat({ max: 60 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      rmSync(directory, { recursive: true, force: true });
      directory = mkdtempSync(join(tmpdir(), 'journal-'));
      let journal = await open();
      let kept: { text: string; end: number }[] = [];
      const path = join(directory, JOURNAL_FILE);
      for (const action of steps) {
        if (action.do === 'append') {
          const { text } = action;
          journal.append({ type: 'limit', data: text }, (byteRange) =>
            kept.push({ text, end: byteRange.offset + byteRange.byteLength }),
          );
          continue;
        }
        await journal.close();
        const length = Math.max(0, readFileSync(path).length - action.lostBytes);
        truncateSync(path, length);
        kept = kept.filter(({ end }) => end <= length);
        journal = await open();
      }
      await journal.close();
      expect(dataOf(await reopened())).toEqual(kept.map(({ text }) => text));
    }),
    { numRuns: 60 },
  );
});
