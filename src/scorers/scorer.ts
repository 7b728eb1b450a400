/** The interface of a scorer: it compares one answer with its targets and returns one score. */

import type { z } from 'zod';
import type { Score } from '../result.ts';

/** One answer with its acceptable answers. */
export interface ScoreInput {
  readonly answer: string;
  /** Acceptable answers; the best match counts. */
  readonly target: readonly string[];
  readonly sample: { readonly id: string; readonly metadata: Readonly<Record<string, string>> };
}

/** A scorer with its options. */
export interface Scorer {
  /** The name in `score.<name>`. */
  readonly name: string;
  score(input: ScoreInput): Score | Promise<Score>;
}

/** A figure in both directions: `value` in [0, 1], higher is better; `raw` in the field's own direction. */
export interface Figure {
  readonly value: number;
  readonly raw: number;
}

/** Numerator and denominator of a corpus figure. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** A kind of scorer that a configuration can name: one line of the registry. */
export interface ScorerFactory {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** Strict: unknown options are rejected. */
  readonly options: z.ZodObject;
  /** @throws {z.ZodError} when the options are invalid; call `scorerProblems` first. */
  create(options: unknown): Scorer;
  /** The figure of a whole corpus from the summed `counts` of its scores; absent = the mean of the values. */
  readonly pool?: (counts: Readonly<Record<string, number>>) => Figure;
  /** The two sums whose ratio is the raw corpus figure, for its confidence interval. */
  readonly ratio?: (counts: Readonly<Record<string, number>>) => Ratio;
}

/** The result of judging one answer; nulls = the answer could not be judged. */
export type Judgement = Pick<Score, 'value' | 'raw' | 'counts'>;

/** The complete definition of a scorer. */
export interface ScorerSpec<Options extends z.ZodObject> extends Omit<ScorerFactory, 'create'> {
  readonly name: string;
  /** Unit of `raw`, e.g. `wer`. */
  readonly unit: string;
  readonly options: Options;
  /** Returns the function that judges an answer; it is never called without a target. */
  create(options: z.output<Options>): (input: ScoreInput) => Judgement | Promise<Judgement>;
}

/** The judgement of an answer that cannot be judged. */
export const UNREADABLE: Judgement = { value: null, raw: null };

/** The judgement of a scorer with only two results: match or no match. */
export function matched(match: boolean): Judgement {
  const figure = match ? 1 : 0;
  return { value: figure, raw: figure };
}

/** Makes a factory from a definition: checks the options, returns null scores without a target, and names the score. */
export function defineScorer<Options extends z.ZodObject>(spec: ScorerSpec<Options>): ScorerFactory {
  const { name, unit, create, ...factory } = spec;
  return {
    ...factory,
    create(options) {
      const judge = create(spec.options.parse(options));
      return {
        name,
        async score(input) {
          const judgement = input.target.length === 0 ? UNREADABLE : await judge(input);
          return Object.assign({ scorer: name }, judgement, { unit });
        },
      };
    },
  };
}
