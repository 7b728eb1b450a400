/** Puts the common options around a scorer: extract, own targets, threshold, name; and keeps what it returns sane. */

import type { Score } from '../result.ts';
import type { CommonOptions } from './options/common-options.ts';
import { createExtract } from './options/extract.ts';
import { applyThreshold } from './options/threshold.ts';
import {
  type Judgement,
  type OtherScorers,
  type ScoreInput,
  type Scorer,
  type ScorerFactory,
  UNREADABLE,
  unscored,
} from './scorer.ts';

/** What a configuration entry comes to. */
export interface ScorerParts {
  readonly name: string;
  readonly factory: ScorerFactory;
  readonly common: CommonOptions;
  readonly own: unknown;
  readonly others: OtherScorers;
}

export function createWrapped({ name, factory, common, own, others }: ScorerParts): Scorer {
  const { needsTarget, judge } = factory.create(own, others);
  const extract = common.extract === undefined ? undefined : createExtract(common.extract);
  const targets = typeof common.target === 'string' ? [common.target] : common.target;
  const scorer = common.as ?? name;

  async function judgement(input: ScoreInput): Promise<Judgement> {
    const target = targets ?? input.target;
    if (needsTarget && target.length === 0) return UNREADABLE;
    const answer = extract === undefined ? input.answer : extract(input.answer);
    if (answer === null) return { ...UNREADABLE, explanation: 'the answer has nothing that extract looks for' };
    const judged = checked(await judge({ ...input, answer, target }));
    return common.threshold === undefined ? judged : applyThreshold(judged, common.threshold);
  }

  return {
    name: scorer,
    version: `${name} ${factory.version}`,
    needsTarget: needsTarget && targets === undefined,
    score: async (input): Promise<Score> => Object.assign({ scorer }, await judgement(input), { unit: factory.unit }),
    pool: (counts) => factory.pool?.(counts, own) ?? null,
  };
}

/** A figure that is no number, or a value outside 0 to 1, is a failure of the scorer. */
function checked(judgement: Judgement): Judgement {
  const { value, raw } = judgement;
  if (value === null) return judgement;
  if (raw === null || !Number.isFinite(raw) || !(value >= 0 && value <= 1))
    return unscored(`the scorer failed: its value is ${value} and its raw figure ${raw}`);
  return judgement;
}
