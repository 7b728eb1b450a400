import { expect, test } from 'vitest';
import { encodeLine, type JournalEntry, readHead } from '../../src/journal/journal-line.ts';
import { addLine, emptyProgress, type Progress } from '../../src/journal/resume.ts';
import type { RunDefinition } from '../../src/plan/request-hash.ts';
import type { Result } from '../../src/result.ts';
import { answered, failed, skipped } from '../helpers/results.ts';

const DEFINITION: RunDefinition = { dataset: 'd', samples: 1, repeat: 1, scorers: [], models: [] };

/** What is known once these lines were read, one behind the other. */
function read(entries: readonly JournalEntry[]): Progress {
  const progress = emptyProgress();
  let offset = 0;
  for (const [seq, entry] of entries.entries()) {
    const text = encodeLine(seq, entry);
    const head = readHead(text.trimEnd());
    if (head !== null) addLine(progress, { head, text, offset, byteLength: text.length });
    offset += text.length;
  }
  return progress;
}

const result = (cell: number, data: Result): JournalEntry => ({ type: 'result', cell, data });

/** A turn of the cell that `answered(1)` is of. */
function turn(text: string): JournalEntry {
  const { requestHash, sampleId, modelId, repeat } = answered(1);
  const facts = { finishReason: 'stop', refused: false, usage: null, servedModel: null, requestId: null } as const;
  const kept = { completion: { text, ...facts }, latencyMs: 1, firstTokenMs: null };
  return { type: 'turn', data: { requestHash, sampleId, modelId, repeat, turn: 0, answered: kept } };
}

test('only what was sent, failed and may be mended was asked in vain, until an answer comes', () => {
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

test('after an accepted change only what is repeated counts, and what was paid stays paid', () => {
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

test('answers to turns are kept until their cell is finished, and are counted once a result holds them', () => {
  const turnsOf = (...entries: readonly JournalEntry[]) => [...read(entries).turns.values()];

  expect(turnsOf(turn('one'))).toMatchObject([[{ completion: { text: 'one' } }]]);
  expect(turnsOf(turn('one'))[0]?.[0]).not.toHaveProperty('isCounted');
  expect(turnsOf(turn('one'), result(0, failed('timeout')))).toMatchObject([[{ isCounted: true }]]);
  expect(turnsOf(turn('one'), result(0, answered(1)))).toEqual([]);
});

test('what a budget spent is what was assumed where that is known, and nothing for what was replayed', () => {
  const { spentUsd } = read([
    result(0, { ...answered(1, { index: 0, costUsd: 0.25 }), assumedCostUsd: 1 }),
    result(1, answered(1, { index: 1, costUsd: 0.5 })),
    result(2, { ...answered(1, { index: 2, costUsd: 4 }), replayed: true }),
    result(3, failed('timeout', { index: 3, costUsd: 0.125 })),
    result(3, failed('timeout', { index: 3, costUsd: 0.125 })),
  ]);

  expect(spentUsd).toBe(1.75);
});
