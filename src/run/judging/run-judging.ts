/** Judges the answers of a run: each one after it is in the journal, so that an interruption loses no answer. */

import type { ResultIndex } from '../../collections/result-index.ts';
import { createLineReader } from '../../journal/lines/line-reader.ts';
import { isUnjudged } from '../../journal/scores/unjudged.ts';
import type { Result } from '../../result.ts';
import type { ScorerConfig } from '../../types.ts';
import type { Cell, CellContext, ModelRuntime } from '../cell-context.ts';
import { rejudgedResult } from '../cell-result.ts';
import { createScoring } from '../scoring.ts';
import type { Asker, JudgeTotals } from './asker.ts';

export interface RunJudging {
  readonly judges: readonly ModelRuntime[];
  readonly totals: JudgeTotals;
  /** Notes whether the newest result of a row still lacks a judgement. */
  note(rowIndex: number, result: Result): void;
  isOpen(rowIndex: number): boolean;
  /** Rows without a judgement. */
  openRows(): Iterable<number>;
  /** How many answers may wait for their judgements, so that memory stays small. */
  most(): number;
  /** The newest result of a row. */
  read(rowIndex: number): Promise<Result | null>;
  /** Asks what the journal has no reply to, and scores the result again. Never throws for what a judge did. */
  judge(cell: Cell, result: Result): Promise<Result>;
  close(): Promise<void>;
}

export interface RunJudgingOptions {
  readonly judges: readonly ModelRuntime[];
  readonly asker: Asker;
  /** For samples without scorers of their own. */
  readonly scorers: readonly ScorerConfig[];
  readonly price: CellContext['price'];
  readonly directory: string;
  readonly index: ResultIndex;
  /** Row indexes of answers without a judgement, from earlier executions. */
  readonly unjudged: Set<number>;
}

/** Answers that may wait for each question that may be in flight. */
const WAITING_PER_QUESTION = 4;

export function createRunJudging(options: RunJudgingOptions): RunJudging {
  const { judges, asker, scorers, price, directory, index, unjudged } = options;
  const scoring = createScoring(scorers, asker.ask);
  const lines = createLineReader(directory);
  return {
    judges,
    totals: asker.totals,
    note(rowIndex, result) {
      if (isUnjudged(result)) unjudged.add(rowIndex);
      else unjudged.delete(rowIndex);
    },
    isOpen: (rowIndex) => unjudged.has(rowIndex),
    openRows: () => unjudged,
    most: () => WAITING_PER_QUESTION * asker.concurrency(),
    async read(rowIndex) {
      const at = index.get(rowIndex);
      const entry = at === null ? null : await lines.read(at);
      return entry?.type === 'result' ? entry.data : null;
    },
    judge: (cell, result) => rejudgedResult(cell, result, { price, scoring }),
    async close() {
      await lines.close();
      await asker.close();
    },
  };
}
