/** Reads from the journal what earlier executions of the same run have finished. */

import { lstatSync } from 'node:fs';
import { HashSet64 } from '../collections/hash-set-64.ts';
import { createResultIndex, type ResultIndex } from '../collections/result-index.ts';
import { isRetriedOnResume } from '../limits/retry.ts';
import { cellKey, type RunDefinition } from '../plan/request-hash.ts';
import type { Selection } from '../report.ts';
import type { Answer, Result } from '../result.ts';
import { type AnswerLengths, addLength } from './answer-lengths.ts';
import type { AgainNote, ByteRange } from './journal-line.ts';
import { journalParts } from './journal-parts.ts';
import { type JournalLine, type JournalScan, scanJournal } from './journal-scan.ts';
import { isScoredWithThinking } from './result-thinking.ts';
import { createOtherVersions, type OtherVersions } from './scores/other-versions.ts';
import { createPreferences, type StoredPreferences } from './scores/preferences.ts';
import { createStoredSets, type StoredSets } from './scores/stored-sets.ts';
import { isUnjudged } from './scores/unjudged.ts';

/** Filled line by line while the journal is read. */
export interface Progress {
  /** Newest result of each cell, by row index. */
  readonly index: ResultIndex;
  /** `cellKey`s of cells that do not need to run again. */
  readonly done: HashSet64;
  /** Size of `done` by model id. */
  readonly doneByModel: Map<string, number>;
  /** Row indexes of cells that were sent, failed and will run again. */
  readonly failed: Set<number>;
  /** Answers of unfinished `turns` samples, by `cellKey`. */
  readonly turns: Map<string, Answer[]>;
  /** Cells that the user had asked again and that have no finished result since, by `cellKey`. */
  readonly again: Map<string, AgainNote>;
  /** Row indexes of results of earlier versions whose scores are of answers with the thinking in them, and their models. */
  readonly scoredWithThinking: Map<number, string>;
  /** Row indexes of answers whose judges have not replied. */
  readonly unjudged: Set<number>;
  /** Results whose scores another version of a scorer made. */
  readonly otherVersions: OtherVersions;
  /** Scores that were made after the run. */
  readonly scoreSets: StoredSets;
  /** Where the newest reply to each question of a judge is, by `JudgementLine.key`. */
  readonly judgements: Map<string, ByteRange>;
  /** A/B verdicts of judges. */
  readonly preferences: StoredPreferences;
  /** From the newest header or rebase line; null in an empty journal, or when those lines are damaged. */
  runDefinition: RunDefinition | null;
  /** The dataset or the models changed between executions: finished cells may be stored under old row indexes. */
  rowsMayHaveMoved: boolean;
  /** Over all results, also replaced ones: everything that was paid or may have been paid. */
  spentUsd: number;
  /** What all questions to judges cost, which `spentUsd` does not contain. */
  judgeSpentUsd: number;
  /** Of the model's answers, by model id. */
  readonly lengths: Map<string, AnswerLengths>;
}

/** The journal as it was before this execution writes to it. */
export interface JournalReading {
  readonly progress: Progress;
  readonly scan: JournalScan;
  /** False when the journal has changed since: another process continued the run. */
  isCurrent(): boolean;
}

/** Sees each result that counts while the journal is read, so that a reader of many results needs no second pass. */
export interface ResultFollower {
  /** A later result of the same cell replaces it. */
  add(result: Result, line: ByteRange): void;
  /** All results so far are void: those that still count are repeated below. */
  clear(): void;
}

/**
 * Reads a run's journal once: finished cells, and damaged lines. Empty without a journal. `selection` is that of the run: it
 * decides how far the rows of its samples may be apart.
 */
export async function readProgress(
  directory: string,
  selection: RowSelection = {},
  follower?: ResultFollower,
): Promise<JournalReading> {
  const progress = emptyProgress();
  const state = stateOf(directory);
  const scan = await scanJournal(directory, (line) => {
    const isAdded = addLine(progress, line, selection);
    const { entry, offset, byteLength } = line;
    if (entry.type === 'rebase') follower?.clear();
    if (isAdded && entry.type === 'result') follower?.add(entry.data, { offset, byteLength });
    return isAdded;
  });
  return { progress, scan, isCurrent: () => stateOf(directory) === state };
}

/** The parts with their sizes and modification times. */
function stateOf(directory: string): string {
  const parts = journalParts(directory).map((path) => {
    const { size, mtimeNs } = lstatSync(path, { bigint: true });
    return `${path} ${size} ${mtimeNs}`;
  });
  return parts.join('\n');
}

export function emptyProgress(): Progress {
  return {
    index: createResultIndex(),
    done: new HashSet64(),
    doneByModel: new Map(),
    failed: new Set(),
    turns: new Map(),
    again: new Map(),
    scoredWithThinking: new Map(),
    unjudged: new Set(),
    otherVersions: createOtherVersions(),
    scoreSets: createStoredSets(),
    judgements: new Map(),
    preferences: createPreferences(),
    runDefinition: null,
    rowsMayHaveMoved: false,
    spentUsd: 0,
    judgeSpentUsd: 0,
    lengths: new Map(),
  };
}

/** The part of a selection that decides which rows of the manifest a run may hold. */
export type RowSelection = Pick<Selection, 'sample' | 'shard' | 'shardBy' | 'limit' | 'seed'>;

/**
 * Adds one journal line; call it in the order of the journal. Returns false for a result in a row that the run does not have;
 * the line is then not added.
 */
export function addLine(progress: Progress, line: JournalLine, selection: RowSelection = {}): boolean {
  const { entry } = line;
  switch (entry.type) {
    case 'attempt':
    case 'limit':
      return true;
    case 'header':
      progress.runDefinition = entry.data.runIdentity;
      return true;
    case 'rebase':
      progress.index.clear();
      progress.failed.clear();
      progress.scoredWithThinking.clear();
      progress.unjudged.clear();
      progress.otherVersions.clear();
      progress.scoreSets.clear();
      progress.again.clear();
      progress.runDefinition = entry.data.runIdentity;
      progress.rowsMayHaveMoved = true;
      return true;
    case 'score':
      // Without a result there is nothing that the scores could be of.
      return !progress.index.has(entry.cell) || progress.scoreSets.addScores(entry.cell, entry.data, line);
    case 'judgement':
      if (entry.data.reply !== null)
        progress.judgements.set(entry.data.key, { offset: line.offset, byteLength: line.byteLength });
      if (entry.data.replayed !== true) progress.judgeSpentUsd += entry.data.costUsd ?? 0;
      return true;
    case 'preference':
      progress.preferences.add(entry.data);
      return true;
    case 'scoreset':
      return progress.scoreSets.complete(entry.data);
    case 'turn': {
      const key = keyOf(entry.data);
      const answers = progress.turns.get(key) ?? [];
      answers[entry.data.turn] = entry.data.answered;
      progress.turns.set(key, answers);
      return true;
    }
    case 'again':
      addAgain(progress, entry.data);
      return true;
    case 'result': {
      if (!progress.index.canHold(entry.cell)) return false;
      if (!hasRow(progress, entry.cell, selection)) {
        if (!line.afterDamage) return false;
        // The dataset may have changed in one of the damaged lines: a resumed run gives the cell its row.
        progress.rowsMayHaveMoved = true;
      }
      const key = keyOf(entry.data);
      progress.index.set(entry.cell, line.offset, line.byteLength);
      progress.preferences.forget(entry.data);
      if (isScoredWithThinking(entry.data)) progress.scoredWithThinking.set(entry.cell, entry.data.modelId);
      else progress.scoredWithThinking.delete(entry.cell);
      progress.otherVersions.add(entry.cell, entry.data.scores);
      if (isUnjudged(entry.data)) progress.unjudged.add(entry.cell);
      else progress.unjudged.delete(entry.cell);
      if (entry.data.attempts > 0 && !isDone(entry.data)) progress.failed.add(entry.cell);
      else progress.failed.delete(entry.cell);
      const isFinished = isDone(entry.data);
      const wasDone = isFinished ? progress.done.add(key) !== undefined : progress.done.has(key);
      // A finished cell runs again only on demand: any other second result of it only stores a new row index or new scores.
      if (!wasDone || progress.again.has(key)) {
        progress.spentUsd += paidUsd(entry.data);
        addLength(progress.lengths, entry.data);
      }
      if (isFinished) {
        const { modelId } = entry.data;
        if (!wasDone) progress.doneByModel.set(modelId, (progress.doneByModel.get(modelId) ?? 0) + 1);
        progress.again.delete(key);
        progress.turns.delete(key);
      } else {
        const answers = progress.turns.get(key);
        if (answers !== undefined)
          progress.turns.set(
            key,
            answers.map((answer) => ({ ...answer, isCounted: true })),
          );
      }
      return true;
    }
  }
}

/** Notes that a cell is asked again, from its first turn. */
export function addAgain({ again, turns }: Pick<Progress, 'again' | 'turns'>, note: AgainNote): void {
  const key = keyOf(note);
  again.set(key, note);
  turns.delete(key);
}

/** Number of cells of a model that do not need to run. */
export function countDone(
  { done, doneByModel, again }: Pick<Progress, 'done' | 'doneByModel' | 'again'>,
  modelId: string,
): number {
  let count = doneByModel.get(modelId) ?? 0;
  for (const [key, note] of again) if (note.modelId === modelId && done.has(key)) count -= 1;
  return count;
}

/** Whether the run may have this row. Without a readable header nothing is known of its rows. */
function hasRow({ index, runDefinition }: Progress, rowIndex: number, selection: RowSelection): boolean {
  if (index.has(rowIndex)) return true;
  if (runDefinition === null) return true;
  return index.size() < rowsOf(runDefinition) && isInSelection(runDefinition, rowIndex, selection);
}

/** Whether the row is one of those that the samples of the run may have. */
function isInSelection(
  runDefinition: RunDefinition | null,
  rowIndex: number,
  { sample, shard, shardBy, limit, seed }: RowSelection,
): boolean {
  if (runDefinition === null) return true;
  // Rows count the samples of the whole manifest, also those that are not selected.
  const isDrawn = limit !== undefined && seed !== undefined;
  const isAnywhere = sample !== undefined || isDrawn || shardBy === 'id';
  const spread = isAnywhere ? Number.POSITIVE_INFINITY : shardsOf(shard);
  return rowIndex < rowsOf(runDefinition) * spread;
}

function rowsOf({ samples, models, repeat }: RunDefinition): number {
  return samples * models.length * repeat;
}

/** n of a shard `i/n`; 1 without one. */
function shardsOf(shard: string | undefined): number {
  return shard === undefined ? 1 : Number(shard.split('/')[1]);
}

/** The newest line of each finished cell, by `cellKey`. */
export type FinishedCells = ReadonlyMap<string, ByteRange>;

/** For a run whose dataset or models changed; uses memory for each cell. */
export async function readFinishedCells(directory: string): Promise<FinishedCells> {
  const byteRanges = new Map<string, ByteRange>();
  await scanJournal(directory, ({ entry, offset, byteLength }) => {
    if (entry.type === 'result' && isDone(entry.data)) byteRanges.set(keyOf(entry.data), { offset, byteLength });
  });
  return byteRanges;
}

/** True when another request would only cost money again; skipped cells cost nothing and are checked again. */
export function isDone(result: Result): boolean {
  if (result.status !== 'failed') return result.status === 'completed';
  return result.failure.modelStopped !== true && !isRetriedOnResume(result.failure.kind);
}

/** Replayed answers were paid for by another run. */
function paidUsd({ replayed, assumedCostUsd, costUsd }: Result): number {
  return replayed === true ? 0 : (assumedCostUsd ?? costUsd ?? 0);
}

/** The `cellKey` of a result, or of a line about its cell. */
export function keyOf(of: Pick<Result, 'requestHash' | 'sampleId' | 'modelId' | 'repeat'>): string {
  return cellKey(of.requestHash, of.sampleId, of.modelId, of.repeat);
}
