/** The journal lines of a set of scores that was made after the run: what they hold, and which answers they are of. */

import { hash } from 'node:crypto';
import { RUN_SET, type ScoreSetInfo } from '../../report.ts';
import type { CellKey, CellScores, Result } from '../../result.ts';
import { isRecord } from '../../text/is-record.ts';
import {
  isDateOrNull,
  isListOf,
  isListOrAbsent,
  isMapOf,
  isName,
  isNumber,
  isNumberOrNull,
  isShareOrNull,
  isText,
  isTextOrAbsent,
} from '../../text/member-checks.ts';
import { isJudgeCall } from './judgement-line.ts';

/** The scores of one cell, with the hash of the answers that were judged. */
export interface CellScoreLine extends CellScores, CellKey {
  readonly judged: string;
}

/** A set of scores. */
export interface ScoreSet extends Omit<ScoreSetInfo, 'names'> {
  /** The manifest with the targets, relative to the working directory of then. */
  readonly dataset: string;
}

/** The same rule as for names in a configuration: a set's name is a part of names of columns. */
const SET_NAME = /^[\p{L}\p{N}][\p{L}\p{N}._+-]{0,59}$/u;

/** Whether a set may have this name; `run` is that of the run's own scores. */
export function isSetName(name: unknown): name is string {
  return typeof name === 'string' && SET_NAME.test(name) && name !== RUN_SET;
}

/** Hash of what the scores of a result depend on, besides scorers and targets: another answer makes them void. */
export function judgedHash(result: Result): string {
  const answers = result.status === 'completed' ? [...(result.earlierAnswers ?? []), result.answer] : [];
  return hash('sha256', JSON.stringify([result.status, ...answers])).slice(0, 16);
}

export function isScore(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { scorer, value: score, raw, unit, counts, explanation, version, alignment, judgeCalls } = value;
  return (
    isName(scorer) &&
    isShareOrNull(score) &&
    isNumberOrNull(raw) &&
    isName(unit) &&
    (counts === undefined || isMapOf(counts, isNumber)) &&
    isTextOrAbsent(explanation) &&
    isTextOrAbsent(version) &&
    isListOrAbsent(judgeCalls, isJudgeCall) &&
    isListOrAbsent(alignment, (step) => isListOf(step, isText))
  );
}

const OUTCOMES: ReadonlySet<unknown> = new Set(['answered', 'refused', 'filtered', 'truncated', 'unparsed', null]);

export function isScoreLine(value: unknown): value is CellScoreLine {
  if (!isRecord(value)) return false;
  const { set, sampleId, modelId, repeat, judged, sampleKey, target, scorers, outcome, score, scores } = value;
  return (
    isSetName(set) &&
    isText(sampleId) &&
    isName(modelId) &&
    Number.isSafeInteger(repeat) &&
    isName(judged) &&
    isName(sampleKey) &&
    isListOf(target, isText) &&
    isListOf(scorers, isName) &&
    OUTCOMES.has(outcome) &&
    isShareOrNull(score) &&
    isListOf(scores, isScore)
  );
}

export function isScoreSet(value: unknown): value is ScoreSet {
  if (!isRecord(value)) return false;
  const { name, scoredAt, scorers, dataset } = value;
  const isScorer = (scorer: unknown) => isRecord(scorer) && isName(scorer['name']) && isName(scorer['version']);
  return isSetName(name) && isDateOrNull(scoredAt) && isListOf(scorers, isScorer) && isText(dataset);
}
