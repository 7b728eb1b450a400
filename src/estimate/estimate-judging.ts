/** Estimates what judges will be asked, also about answers that are not there yet: they count in their expected length. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { targetsOf } from '../plan/conversation.ts';
import { createJudgeQuestions } from '../plan/judge-questions.ts';
import { questionSample } from '../plan/judge-request.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { ScoredAnswer } from '../plan/scored-answers.ts';
import { priceEstimate } from '../tokens/price-estimate.ts';
import { transcriptOf } from '../tokens/spoken-tokens.ts';
import { sumEstimates, type TokenEstimate } from '../tokens/token-estimate.ts';
import type { Sample } from '../types.ts';
import { type CellEstimate, type EstimateContext, estimateCell } from './estimate-cell.ts';

/** The estimates of the questions about one answer of a model, which is judged in each of its turns. */
export type QuestionsAbout = (answered: CellEstimate) => readonly CellEstimate[];

/** Estimates each question of a sample once, whatever number of models answers it. */
export type JudgingEstimator = (sample: Sample) => Promise<QuestionsAbout>;

export function createJudgingEstimator(
  { judges, scorers }: Pick<LoadedConfig, 'judges' | 'scorers'>,
  context: EstimateContext,
): JudgingEstimator {
  const planners = new Map(judges.map((judge) => [judge.id, createPlanner(judge)]));
  const questions = createJudgeQuestions(scorers, { isEmpty: true });
  return async (sample) => {
    const targets = targetsOf(sample);
    const asked: { readonly cell: CellEstimate; readonly turn: number }[] = [];
    const empty = targets.map((target) => ({ answer: '', target }));
    for (const { question, turn } of await questions.about(sample, empty)) {
      const request = planners.get(question.model)?.plan(questionSample(question, sample));
      // A judge that is not there is a problem of the configuration or the manifest, which is reported.
      if (request !== undefined) asked.push({ cell: await estimateCell(request, context), turn });
    }
    return (answered) =>
      answered.status === 'estimated' ? asked.map(({ cell, turn }) => withAnswers(cell, answered, turn + 1)) : [];
  };
}

/**
 * Estimates the questions about answers that are there. `isKnown` says which have a reply, by the key of their judgement; no
 * question is estimated twice.
 */
export function createAnsweredJudging(
  { judges, scorers }: Pick<LoadedConfig, 'judges' | 'scorers'>,
  context: EstimateContext,
) {
  const planners = new Map(judges.map((judge) => [judge.id, createPlanner(judge)]));
  const questions = createJudgeQuestions(scorers);
  const seen = new HashSet64();
  return async (
    sample: Sample,
    answers: readonly ScoredAnswer[],
    isKnown: (key: string) => boolean,
  ): Promise<readonly CellEstimate[]> => {
    const cells: CellEstimate[] = [];
    for (const { question } of await questions.about(sample, answers)) {
      const request = planners.get(question.model)?.plan(questionSample(question, sample));
      if (request === undefined || isKnown(request.requestHash) || seen.add(request.requestHash) !== undefined)
        continue;
      cells.push(await estimateCell(request, context));
    }
    return cells;
  };
}

/** The question about a turn has the answers up to it, which were estimated over all turns of the conversation. */
function withAnswers(
  cell: CellEstimate,
  { estimate: { parts, spoken }, requestCount }: Extract<CellEstimate, { readonly status: 'estimated' }>,
  answers: number,
): CellEstimate {
  if (cell.status !== 'estimated') return cell;
  const text = sumEstimates([
    cell.estimate.parts.text,
    fraction(transcriptOf(parts.completion, spoken), answers / requestCount),
  ]);
  const own = { ...cell.estimate.parts, text };
  const prompt = sumEstimates([own.text, own.template, own.image, own.audio]);
  const estimate = { ...cell.estimate, parts: own, prompt };
  return { ...cell, estimate, cost: priceEstimate(estimate, cell.request.model) };
}

function fraction(tokens: TokenEstimate, of: number): TokenEstimate {
  const { low, expected, high } = tokens;
  return { ...tokens, low: Math.floor(low * of), expected: Math.round(expected * of), high: Math.ceil(high * of) };
}
