import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/journal/journal.ts';
import { encodeLine, type JournalEntry, readHead } from '../../src/journal/journal-line.ts';
import { JOURNAL_FILE } from '../../src/journal/journal-parts.ts';
import { scanJournal } from '../../src/journal/journal-scan.ts';
import { systemClock } from '../../src/limits/clock.ts';
import { answered, failed } from '../helpers/results.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const runIdentity = { dataset: 'd', samples: 1, repeat: 1, scorers: [], models: [] };
const header = { format: 'earsight-journal', version: 1, runId: 'r', runIdentity } as const;

const text = fc.string({ unit: 'binary', maxLength: 30 });
const entry: fc.Arbitrary<JournalEntry> = fc.oneof(
  fc.record({ type: fc.constant('limit' as const), data: text }),
  text.map((requestHash) => ({ type: 'attempt' as const, data: { requestHash, modelId: 'm', attempt: 1, turn: 0 } })),
  fc
    .nat({ max: 5 })
    .map((cell) => ({ type: 'result' as const, cell, data: cell === 0 ? failed('server') : answered(1) })),
);

/** Writes a journal with these entries and returns its bytes. */
async function written(entries: readonly JournalEntry[]): Promise<Buffer> {
  rmSync(join(directory, JOURNAL_FILE), { force: true });
  const journal = await openJournal({ directory, header, clock: systemClock });
  for (const one of entries) journal.append(one);
  await journal.close();
  return readFileSync(join(directory, JOURNAL_FILE));
}

async function scanned(bytes: Buffer) {
  writeFileSync(join(directory, JOURNAL_FILE), bytes);
  const texts: string[] = [];
  const scan = await scanJournal(directory, (line) => texts.push(line.text));
  return { texts, scan };
}

const textsOf = (bytes: Buffer) => bytes.toString('utf8').split('\n').slice(0, -1);

test('every entry with any text is read back unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
      const bytes = await written(entries);
      const { texts, scan } = await scanned(bytes);

      expect(texts).toEqual(textsOf(bytes));
      expect(texts).toHaveLength(entries.length + 1);
      expect(scan).toMatchObject({ goodBytes: bytes.length, tornBytes: 0, damaged: [], lost: 0 });
    }),
  );
});

/** Thousands of files are read: a busy machine needs more than the default. */
const EVERY_BYTE_TIMEOUT_MS = 60_000;

test(
  'cut off at any byte, a journal yields its complete lines and reports the rest',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 3 }), async (entries) => {
        const bytes = await written(entries);
        for (let cut = 0; cut <= bytes.length; cut += 1) {
          const { texts, scan } = await scanned(bytes.subarray(0, cut));
          const wholeBytes = bytes.subarray(0, cut).lastIndexOf(0x0a) + 1;

          expect(texts).toEqual(textsOf(bytes.subarray(0, wholeBytes)));
          expect(scan).toMatchObject({ goodBytes: wholeBytes, tornBytes: cut - wholeBytes, damaged: [], lost: 0 });
        }
      }),
      { numRuns: 4 },
    );
  },
  EVERY_BYTE_TIMEOUT_MS,
);

test('a flipped bit damages its line and at most the next one, and is always reported', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 6 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.nat({ max: 7 }),
      async (entries, share, bit) => {
        const bytes = await written(entries);
        const at = Math.floor(share * bytes.length);
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        const lost = bytes[at] === 0x0a && at < bytes.length - 1 ? 2 : 1;

        const { texts, scan } = await scanned(flipped);

        const original = textsOf(bytes);
        expect(texts.filter((line) => !original.includes(line))).toEqual([]);
        expect(texts).toHaveLength(original.length - lost);
        expect(scan.damaged.length + scan.lost + scan.tornBytes).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
});

test('a line with any flipped bit is not readable', () => {
  const line = Buffer.from(encodeLine(7, { type: 'limit', data: { reason: 'slow, é' } }).trimEnd());
  for (let at = 0; at < line.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const flipped = Buffer.from(line);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      expect(readHead(flipped.toString('utf8'))).toBeNull();
    }
  }
});
