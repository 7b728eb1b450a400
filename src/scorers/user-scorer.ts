/** Scorers that users write themselves: a function, with what else there is to say of it. */

import { z } from 'zod';
import type { Score } from '../result.ts';
import {
  defineScorer as defineFactory,
  type Judgement,
  matched,
  type ScoreInput,
  type ScorerFactory,
  share,
  unscored,
} from './scorer.ts';

/** What a scorer's function is given: one answer, its acceptable answers, its sample, and the options of the configuration. */
export interface UserScoreInput extends ScoreInput {
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * From 0 to 1, higher is better; `true` is 1, `false` is 0, null = the answer cannot be read. `raw` is the figure in its own
 * direction, e.g. an error rate; without it, it is `value`.
 */
export type UserScore =
  | number
  | boolean
  | null
  | { readonly value: number | null; readonly raw?: number | null; readonly explanation?: string };

/** A scorer of your own. */
export interface UserScorer {
  /** Names it in the configuration and in `score.<name>`. Of a file, the path in the configuration is the name. */
  readonly name?: string;
  /** Raise it when the same answer may get another score than before; default 1. */
  readonly version?: number;
  /** Unit of `raw`; default `score`. */
  readonly unit?: string;
  /** Whether samples without a target are left unscored; default true. */
  readonly needsTarget?: boolean;
  /** After so long a promise that has not settled leaves the answer unscored; default 60,000. */
  readonly timeoutMs?: number;
  score(input: UserScoreInput): UserScore | Promise<UserScore>;
}

/** Longer than a request that a scorer may make, and short enough that a run does not seem to stand still. */
const TIMEOUT_MS = 60_000;

/** The longest delay of a timer, 2^31 - 1 ms: with a longer one it fires at once. */
const MAX_TIMEOUT_MS = 2_147_483_647;

/**
 * Describes a scorer of your own, for `evaluate({ scorers })`, or as the default export of a file that the configuration names.
 *
 * @example
 * import { defineScorer } from 'earsight';
 *
 * export default defineScorer({
 *   name: 'starts-with',
 *   score: ({ answer, target }) => target.some((text) => answer.startsWith(text)),
 * });
 */
export function defineScorer(scorer: UserScorer): UserScorer {
  return scorer;
}

/** The factory of a user's scorer. */
export function userScorerFactory({
  version = 1,
  unit = 'score',
  needsTarget = true,
  timeoutMs = TIMEOUT_MS,
  score,
}: UserScorer): ScorerFactory {
  return defineFactory({
    description: 'a scorer of your own',
    version,
    unit,
    options: z.looseObject({}),
    needsTarget: () => needsTarget,
    create:
      (options) =>
      async ({ judging: _, ...input }) => {
        const scored = score({ ...input, options });
        return isPromise(scored) ? inTime(scored.then(judgementOf), timeoutMs) : judgementOf(scored);
      },
  });
}

/** A promise that never settles would hold the run; what comes later is ignored. */
async function inTime(judgement: PromiseLike<Judgement>, timeoutMs: number): Promise<Judgement> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Judgement>((resolve) => {
    const give = () => resolve(unscored(`the scorer failed: it gave no score within ${timeoutMs / 1000} s`));
    timer = setTimeout(give, Math.min(timeoutMs, MAX_TIMEOUT_MS));
  });
  try {
    return await Promise.race([judgement, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isPromise(score: UserScore | Promise<UserScore>): score is Promise<UserScore> {
  return typeof score === 'object' && score !== null && 'then' in score;
}

function judgementOf(score: UserScore | undefined): Judgement {
  if (score === null) return { value: null, raw: null };
  if (typeof score === 'boolean') return matched(score);
  if (typeof score === 'number') return share(score);
  if (typeof score !== 'object' || !('value' in score))
    return unscored(`the scorer failed: it returned ${typeof score}, which is no score`);
  const { value, raw = value, explanation } = score;
  const shown: Pick<Score, 'explanation'> = explanation === undefined ? {} : { explanation: String(explanation) };
  if (value === null) return { value: null, raw: null, ...shown };
  return typeof value === 'number' && (raw === null || typeof raw === 'number')
    ? { value, raw: raw ?? value, ...shown }
    : unscored('the scorer failed: value and raw must be numbers or null');
}
