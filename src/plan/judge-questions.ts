/** Finds out what scorers would ask judges about answers, without asking anybody. */

import { judgesOf } from '../config/judges.ts';
import { createScorer } from '../scorers/registry.ts';
import type { JudgeQuestion, JudgeReply, Scorer } from '../scorers/scorer.ts';
import type { Sample, ScorerConfig } from '../types.ts';
import { saidBefore } from './judge-request.ts';
import type { ScoredAnswer } from './scored-answers.ts';

/** A question about the answer to one turn. */
export interface TurnQuestion {
  readonly question: JudgeQuestion;
  /** From 0. */
  readonly turn: number;
}

export interface JudgeQuestions {
  /** `answers` are those to each turn, with the acceptable answers. Empty when no scorer of the sample asks a judge. */
  about(sample: Sample, answers: readonly ScoredAnswer[]): Promise<readonly TurnQuestion[]>;
}

/**
 * `defaults` are the scorers of samples without their own. With `isEmpty` the answers are not known yet and are given as empty
 * texts: nothing is extracted from them.
 */
export function createJudgeQuestions(
  defaults: readonly ScorerConfig[],
  { isEmpty = false }: { readonly isEmpty?: boolean } = {},
): JudgeQuestions {
  const scorers = new Map<string, Scorer | null>();
  const scorerOf = (config: ScorerConfig): Scorer | null => {
    if (judgesOf(config).length === 0) return null;
    const key = JSON.stringify(config);
    const known = scorers.get(key);
    if (known !== undefined) return known;
    const { extract: _, ...whole } = config;
    const scorer = createScorer(isEmpty ? { ...whole, name: config.name } : config);
    scorers.set(key, scorer);
    return scorer;
  };
  return {
    async about(sample, answers) {
      const asked: TurnQuestion[] = [];
      for (const scorer of (sample.scorers ?? defaults).map(scorerOf)) {
        if (scorer === null) continue;
        for (const [turn, { answer, target }] of answers.entries()) {
          if (target.length === 0 && scorer.needsTarget) continue;
          const history = saidBefore(
            sample,
            answers.slice(0, turn).map((earlier) => earlier.answer),
          );
          const ask = async (question: JudgeQuestion) => {
            asked.push({ question, turn });
            return notAsked(question);
          };
          await scorer.score({ answer, target, sample, judging: { history, ask } });
        }
      }
      return asked;
    },
  };
}

/** The reply while nothing may be sent: the answer is judged later. */
export function notAsked({ model, promptHash }: JudgeQuestion): JudgeReply {
  const nothing = { attempts: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };
  const call = { model, servedModel: null, promptHash, ...nothing, failure: 'aborted' as const };
  return { reason: 'was not asked yet', call };
}
