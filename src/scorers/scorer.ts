/** What a scorer is: one answer against its targets in, one score out. */

import type { z } from 'zod';
import type { Score } from '../result.ts';

/** One answer and what would have been acceptable. */
export interface ScoreInput {
  readonly answer: string;
  /** Acceptable answers; the best match counts. */
  readonly target: readonly string[];
  readonly sample: { readonly id: string; readonly metadata: Readonly<Record<string, string>> };
}

/** A scorer with its options settled. */
export interface Scorer {
  /** Names it in `score.<name>`. */
  readonly name: string;
  score(input: ScoreInput): Score | Promise<Score>;
}

/** A figure in both directions: `value` in [0, 1], higher is better; `raw` in the field's own direction. */
export interface Figure {
  readonly value: number;
  readonly raw: number;
}

/** Parts of a corpus figure. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** What can be named in a configuration: a line of the registry. */
export interface ScorerFactory {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** Strict: an unknown option is refused. */
  readonly options: z.ZodObject;
  /** @throws {z.ZodError} when the options do not fit; ask `scorerProblems` first. */
  create(options: unknown): Scorer;
  /** The figure of a whole corpus from the summed `counts` of its scores; absent = the mean of the values. */
  readonly pool?: (counts: Readonly<Record<string, number>>) => Figure;
  /** The two sums that the raw corpus figure is the ratio of, for its interval. */
  readonly ratio?: (counts: Readonly<Record<string, number>>) => Ratio;
}

/** What a scorer says of an answer; nulls = it could not read it. */
export type Judgement = Pick<Score, 'value' | 'raw' | 'counts'>;

/** All there is to say about a scorer. */
export interface ScorerSpec<Options extends z.ZodObject> extends Omit<ScorerFactory, 'create'> {
  readonly name: string;
  /** Of `raw`, e.g. `wer`. */
  readonly unit: string;
  readonly options: Options;
  /** Returns the judging function; it is never called without a target. */
  create(options: z.output<Options>): (input: ScoreInput) => Judgement | Promise<Judgement>;
}

/** The judgement of what an answer cannot be judged by. */
export const UNREADABLE: Judgement = { value: null, raw: null };

/** The judgement of a scorer that only says yes or no. */
export function matched(match: boolean): Judgement {
  const figure = match ? 1 : 0;
  return { value: figure, raw: figure };
}

/** Makes a registry line of a specification: checks the options, guards against a missing target, names the score. */
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
