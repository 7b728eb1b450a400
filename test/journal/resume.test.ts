import { describe, expect, test } from 'vitest';
import { encodeLine, type JournalEntry, readHead } from '../../src/journal/journal-line.ts';
import { parseLine } from '../../src/journal/journal-schema.ts';
import { addLine, countDone, emptyProgress, type Progress, type RowSelection } from '../../src/journal/resume.ts';
import type { RunDefinition } from '../../src/plan/request-hash.ts';
import type { Result } from '../../src/result.ts';
import { answered, failed, skipped } from '../helpers/results.ts';

const MODEL = { id: 'm', wire: {}, params: {}, system: null, template: null, media: null };
const DEFINITION: RunDefinition = { dataset: 'd', samples: 4, repeat: 1, scorers: [], models: [MODEL] };

/** The progress after reading these lines in order. */
function read(entries: readonly JournalEntry[], selection: RowSelection = {}): Progress {
  const progress = emptyProgress();
  let offset = 0;
  for (const [seq, entry] of entries.entries()) {
    const text = encodeLine(seq, entry);
    const head = readHead(text.trimEnd());
    const parsed = head === null ? null : parseLine(text, head);
    if (head !== null && parsed !== null)
      addLine(progress, { head, entry: parsed, text, offset, byteLength: text.length, afterDamage: false }, selection);
    offset += text.length;
  }
  return progress;
}

const result = (cell: number, data: Result): JournalEntry => ({ type: 'result', cell, data });

/** A turn of the same cell as `answered(1)`. */
function turn(text: string): JournalEntry {
  const { requestHash, sampleId, modelId, repeat } = answered(1);
  const facts = { finishReason: 'stop', refused: false, usage: null, servedModel: null, requestId: null } as const;
  const kept = { completion: { text, ...facts }, latencyMs: 1, firstTokenMs: null };
  return { type: 'turn', data: { requestHash, sampleId, modelId, repeat, turn: 0, answered: kept } };
}

test('a cell counts as failed when it was sent and can be retried, until it is answered', () => {
  const { failed: rowIndexes } = read([
    result(1, failed('timeout', { index: 1 })),
    result(2, { ...failed('media', { index: 2 }), attempts: 0 }),
    result(3, failed('bad_request', { index: 3 })),
    result(4, { ...skipped({ index: 4 }, 'budget'), attempts: 0 }),
    result(5, failed('server', { index: 5 })),
    result(5, answered(1, { index: 5 })),
  ]);

  expect([...rowIndexes]).toEqual([1]);
});

test('a rejection is final, unless its model was stopped', () => {
  const rejection = failed('bad_request', { index: 1 });
  const ofStopped = { ...rejection, failure: { kind: 'bad_request', message: '', modelStopped: true } } as const;
  const sizes = [rejection, ofStopped, { ...ofStopped, attempts: 0 }].map((data) => {
    const { done, failed: rowIndexes } = read([result(1, data)]);
    return [done.size, rowIndexes.size];
  });

  expect(sizes).toEqual([
    [1, 0],
    [0, 1],
    [0, 0],
  ]);
});

test('collects how long the answers of each model were', () => {
  expect([...read([result(1, answered(1)), result(2, failed('timeout'))]).lengths]).toEqual([
    ['m', { answers: 1, total: 2, min: 2, max: 2, reasons: false, spoken: 0 }],
  ]);
});

test('after an accepted change only repeated results count, and all costs still count', () => {
  const changed = { ...DEFINITION, dataset: 'changed' };
  const progress = read([
    { type: 'header', data: { format: 'earsight-journal', version: 1, runId: 'r', runIdentity: DEFINITION } },
    result(0, answered(1, { index: 0, costUsd: 0.25 })),
    result(1, failed('timeout', { index: 1 })),
    result(2, answered(1, { index: 2, costUsd: 0.25 })),
    { type: 'rebase', data: { runIdentity: changed } },
    result(3, answered(1, { index: 2, costUsd: 0.25 })),
  ]);

  expect([0, 1, 2, 3].map((rowIndex) => progress.index.has(rowIndex))).toEqual([false, false, false, true]);
  expect([...progress.failed]).toEqual([]);
  expect(progress).toMatchObject({ rowsMayHaveMoved: true, runDefinition: changed, spentUsd: 0.5 });
});

test('answers to turns are kept until their cell is finished, and marked as counted once a result contains them', () => {
  const turnsOf = (...entries: readonly JournalEntry[]) => [...read(entries).turns.values()];

  expect(turnsOf(turn('one'))).toMatchObject([[{ completion: { text: 'one' } }]]);
  expect(turnsOf(turn('one'))[0]?.[0]).not.toHaveProperty('isCounted');
  expect(turnsOf(turn('one'), result(0, failed('timeout')))).toMatchObject([[{ isCounted: true }]]);
  expect(turnsOf(turn('one'), result(0, answered(1)))).toEqual([]);
});

test('the spent budget uses assumed costs where they are known, and ignores replayed results', () => {
  const { spentUsd } = read([
    result(0, { ...answered(1, { index: 0, costUsd: 0.25 }), assumedCostUsd: 1 }),
    result(1, answered(1, { index: 1, costUsd: 0.5 })),
    result(2, { ...answered(1, { index: 2, costUsd: 4 }), replayed: true }),
    result(3, failed('timeout', { index: 3, costUsd: 0.125 })),
    result(3, failed('timeout', { index: 3, costUsd: 0.125 })),
  ]);

  expect(spentUsd).toBe(1.75);
});

const header = (definition: RunDefinition): JournalEntry => ({
  type: 'header',
  data: { format: 'earsight-journal', version: 1, runId: 'r', runIdentity: definition },
});

describe('a result in a row that the run does not have is not taken', () => {
  test.each([
    ['of the whole manifest', {}, [0, 3], [4, 5, 2 ** 32, 2 ** 52]],
    ['of a shard, whose samples are a part of the manifest', { shard: '3/10' }, [2, 39], [40, 2 ** 32]],
    [
      'of a shard that is cut by ids, which may be anywhere in the manifest',
      { shard: '3/10', shardBy: 'id' as const },
      [2, 2 ** 32],
      [],
    ],
    ['of chosen samples, which may be anywhere in the manifest', { sample: ['a'] }, [0, 2 ** 32], []],
  ])('%s', (_, selection, rows, others) => {
    for (const row of rows)
      expect(read([header(DEFINITION), result(row, answered(1))], selection).index.size()).toBe(1);
    for (const row of others)
      expect(read([header(DEFINITION), result(row, answered(1))], selection)).toMatchObject({ spentUsd: 0 });
    for (const row of others)
      expect(read([header(DEFINITION), result(row, answered(1))], selection).index.has(row)).toBe(false);
  });

  test('nor one more than it has rows, wherever they are', () => {
    const rows = [0, 100_000, 200_000, 300_000, 400_000];
    const { index } = read([header(DEFINITION), ...rows.map((row) => result(row, answered(1)))], { sample: ['a'] });

    expect([...index.entries()].map(({ rowIndex }) => rowIndex)).toEqual(rows.slice(0, 4));
  });
});

test('a cell that is asked again is open until its next answer, and both answers were paid for', () => {
  const { requestHash, sampleId, modelId, repeat } = answered(1);
  const again: JournalEntry = { type: 'again', data: { requestHash, sampleId, modelId, repeat } };
  const paid = result(0, answered(1, { costUsd: 0.25 }));
  const counts = (progress: Progress) => [countDone(progress, modelId), progress.again.size, progress.spentUsd];

  expect(counts(read([paid, again]))).toEqual([0, 1, 0.25]);
  expect(counts(read([paid, again, paid]))).toEqual([1, 0, 0.5]);
  expect(counts(read([paid, again, result(0, failed('timeout')), paid, paid]))).toEqual([1, 0, 0.5]);
  expect([...read([turn('hi'), again]).turns]).toEqual([]);
});
