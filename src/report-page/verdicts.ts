/** What became of a cell, in one word with a mark: colour is never the only sign. */

import { ERROR_RATES } from '../report.ts';
import { percent, rateText } from '../reporters/figures-for-people.ts';
import type { PageCell, PageSample } from '../reporters/html/page-data.ts';

/** Classes of the style sheet. */
type Tone = 'good' | 'partly' | 'bad' | 'none';

export interface Verdict {
  readonly tone: Tone;
  readonly mark: string;
  readonly text: string;
}

/** Scores from here on count as right: what is shown as 100.0 %. */
const RIGHT = 0.9995;

export function verdict(cell: PageCell): Verdict {
  if (cell.status === 'skipped') return { tone: 'none', mark: '–', text: skipText(cell) };
  if (cell.outcome === 'filtered') return { tone: 'none', mark: '⊘', text: 'filtered' };
  if (cell.status === 'failed') return { tone: 'none', mark: '!', text: `failed: ${cell.failure?.kind ?? ''}` };
  if (cell.outcome !== null && cell.outcome !== 'answered') return { tone: 'none', mark: '⊘', text: cell.outcome };
  if (cell.score === null) return { tone: 'none', mark: '·', text: 'not scored' };
  if (cell.score >= RIGHT) return { tone: 'good', mark: '✓', text: 'right' };
  if (cell.score <= 1 - RIGHT) return { tone: 'bad', mark: '✗', text: 'wrong' };
  const isHalf = cell.score >= 0.5;
  return { tone: isHalf ? 'partly' : 'bad', mark: isHalf ? '◐' : '◔', text: partText(cell) };
}

/** A transcript that has one error rate shows that one. */
function partText({ score, scores = [] }: PageCell): string {
  const [first, ...others] = scores;
  const isRate = first !== undefined && others.length === 0 && ERROR_RATES.includes(first.unit);
  return isRate ? `${first.unit} ${rateText(first.raw)}` : percent(score);
}

/** What a model does not take is no news on each sample. */
function skipText({ failure }: PageCell): string {
  return failure === undefined || failure.kind === 'unsupported' ? 'skipped' : `skipped: ${failure.kind}`;
}

/** Mean score of a model on a sample, refused and cut answers as 0; null = the model has no outcome. */
export function scoreOf({ cells }: PageSample, model: number): number | null {
  const scores = cells.filter((cell) => cell.m === model).flatMap((cell) => outcomeScore(cell) ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

function outcomeScore({ score, outcome }: PageCell): number | null {
  if (score !== null) return score;
  return outcome === null || outcome === 'answered' ? null : 0;
}

/** Whether a score counts as right. */
export const isRight = (score: number) => score >= RIGHT;
