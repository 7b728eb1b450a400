/** Scores a cell's answers with its scorers and combines the values into one score. */

import type { Score } from '../result.ts';
import { meanScore } from '../scorers/mean-score.ts';
import { createScorer } from '../scorers/registry.ts';
import type { ScoreInput, Scorer } from '../scorers/scorer.ts';
import type { Sample, ScorerConfig } from '../types.ts';

/** The answer to one turn, and the acceptable answers. */
export interface TurnAnswer {
  readonly answer: string;
  readonly target: readonly string[];
}

export interface Judgement {
  readonly scores: readonly Score[];
  /** Weighted mean of the values; null = all are unscored. */
  readonly score: number | null;
  /** A scorer could not read the answer, e.g. found no number in it. */
  readonly unparsed: boolean;
}

/** The scoring of a run. */
export interface Scoring {
  /** Names of the scorers for a sample; empty = it has no target, or no scorer is configured. */
  names(sample: Sample, targets: readonly (readonly string[])[]): readonly string[];
  /** Turns without a target are not scored; a scorer's value is the mean over the scored turns, its counts are the sum. */
  score(sample: Sample, answers: readonly TurnAnswer[]): Promise<Judgement>;
}

/** Creates each scorer once for each configuration. */
export function createScoring(defaults: readonly ScorerConfig[]): Scoring {
  const scorers = new Map<string, Scorer>();
  const scorerFor = (config: ScorerConfig): Scorer => {
    const key = JSON.stringify(config);
    const scorer = scorers.get(key) ?? createScorer(config);
    scorers.set(key, scorer);
    return scorer;
  };

  const score: Scoring['score'] = async (sample: Sample, answers: readonly TurnAnswer[]): Promise<Judgement> => {
    const configs = sample.scorers ?? defaults;
    let weighted = 0;
    let weights = 0;
    let unparsed = false;
    const scores: Score[] = [];
    for (const config of configs) {
      const scorer = scorerFor(config);
      const each: Score[] = [];
      for (const { answer, target } of answers)
        if (target.length > 0 || !scorer.needsTarget) each.push(await judge(scorer, { answer, target, sample }));
      const [first, ...others] = each;
      if (first === undefined) continue;
      const score = meanScore([first, ...others]);
      scores.push(score);
      if (score.value === null) unparsed ||= score.failed !== true;
      else {
        const weight = config.weight ?? 1;
        weighted += weight * score.value;
        weights += weight;
      }
    }
    return { scores, score: weights === 0 ? null : weighted / weights, unparsed: unparsed && weights === 0 };
  };
  return {
    names: (sample, targets) =>
      (sample.scorers ?? defaults)
        .map(scorerFor)
        .filter(({ needsTarget }) => !needsTarget || targets.some((target) => target.length > 0))
        .map(({ name }) => name),
    score,
  };
}

/** When a scorer throws, the answer is unscored, not lost. */
async function judge(scorer: Scorer, input: ScoreInput): Promise<Score> {
  try {
    return await scorer.score(input);
  } catch (error) {
    const explanation = `the scorer failed: ${error instanceof Error ? error.message : String(error)}`;
    return { scorer: scorer.name, value: null, raw: null, unit: '', explanation, failed: true };
  }
}
