/** The interface of a scorer: it compares one answer with its targets and returns one score. */

import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import type { JudgeCall, Score } from '../result.ts';
import type { ContentPart, Message, ScorerConfig } from '../types.ts';

/** One answer with its acceptable answers. */
export interface ScoreInput {
  readonly answer: string;
  /** Acceptable answers; the best match counts unless the scorer says otherwise. */
  readonly target: readonly string[];
  readonly sample: { readonly id: string; readonly metadata: Readonly<Record<string, string>> };
  /** Absent = no judge can be asked. */
  readonly judging?: Judging | undefined;
}

/** How a scorer asks another model. */
export interface Judging {
  /** All that was said before the answer, with the earlier answers of a conversation. */
  readonly history: readonly Message[];
  /** Never throws for what the judge or its endpoint did. */
  ask(question: JudgeQuestion): Promise<JudgeReply>;
}

export interface JudgeQuestion {
  /** Id of the judge in the configuration. */
  readonly model: string;
  readonly content: readonly ContentPart[];
  /** Of the instructions. */
  readonly promptHash: string;
  readonly answerHash: string;
}

/** What a judge replied, or why there is no reply that counts: `reason` follows its name. */
export type JudgeReply =
  | { readonly text: string; readonly call: JudgeCall }
  | { readonly reason: string; readonly call: JudgeCall };

/** A scorer with its options. */
export interface Scorer {
  /** The name in `score.<name>`. */
  readonly name: string;
  /** What it is and in which version, e.g. `wer 2`. */
  readonly version: string;
  /** Whether it leaves answers without a target unscored. */
  readonly needsTarget: boolean;
  score(input: ScoreInput): Promise<Score>;
  /** The figure of a whole corpus under these options, from the summed `counts`; null = the mean of the values. */
  pool(counts: Counts): Figure | null;
}

export type Counts = Readonly<Record<string, number>>;

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
  /** Raised whenever the same answer may get another score than before. */
  readonly version: number;
  /** Unit of `raw`, e.g. `wer`; unique among scorers with a corpus figure. */
  readonly unit: string;
  /** Strict: unknown options are rejected. */
  readonly options: z.ZodObject;
  /** Options whose texts are paths of files. */
  readonly paths: readonly string[];
  /** What the shape of the options cannot show: a pattern or file that cannot be used. For options that fit the shape. */
  problems(options: unknown, others: OtherScorers): readonly Problem[];
  /** Why this target cannot be scored; undefined when it can. */
  readonly targetProblem?: (target: readonly string[], options: unknown) => string | undefined;
  /** @throws {z.ZodError} when the options are invalid; call `scorerProblems` first. */
  create(options: unknown, others: OtherScorers): Judge;
  /** The figure of a whole corpus from the summed `counts` of its scores; absent = the mean of the values. */
  readonly pool?: (counts: Counts, options?: unknown) => Figure;
  /** The two sums whose ratio is the raw corpus figure, for its confidence interval. */
  readonly ratio?: (counts: Counts) => Ratio;
}

/** How a scorer makes others, for parts of an answer. */
export interface OtherScorers {
  problems(config: ScorerConfig): readonly Problem[];
  create(config: ScorerConfig): Scorer;
}

/** A scorer's function with what else its options decide. */
export interface Judge {
  readonly needsTarget: boolean;
  judge(input: ScoreInput): Judgement | Promise<Judgement>;
}

/** The result of judging one answer; nulls = the answer could not be judged. */
export type Judgement = Omit<Score, 'scorer' | 'unit'>;

/** The complete definition of a scorer. */
export interface ScorerSpec<Options extends z.ZodObject> {
  readonly description: string;
  readonly version: number;
  readonly unit: string;
  readonly options: Options;
  readonly paths?: readonly string[];
  problems?(options: z.output<Options>, others: OtherScorers): readonly Problem[];
  targetProblem?(target: readonly string[], options: z.output<Options>): string | undefined;
  /** Default: it does. */
  needsTarget?(options: z.output<Options>): boolean;
  pool?(counts: Counts, options: z.output<Options>): Figure;
  readonly ratio?: (counts: Counts) => Ratio;
  /** Returns the function that judges an answer. */
  create(options: z.output<Options>, others: OtherScorers): (input: ScoreInput) => Judgement | Promise<Judgement>;
}

/** The judgement of an answer that the scorer cannot read: the answer's fault. */
export const UNREADABLE: Judgement = { value: null, raw: null };

/** The judgement of an answer that cannot be judged for another reason. */
export function unscored(explanation: string): Judgement {
  return { value: null, raw: null, explanation, failed: true };
}

/** The judgement of a scorer with only two results: match or no match. */
export function matched(match: boolean): Judgement {
  const figure = match ? 1 : 0;
  return { value: figure, raw: figure };
}

/** The judgement of a figure that is its own value. */
export function share(figure: number): Judgement {
  return { value: figure, raw: figure };
}

/** The best of the judgements of several targets. One that failed might have been better than any that is not full. */
export function bestOf(judgements: readonly Judgement[]): Judgement {
  const [first = UNREADABLE] = judgements;
  const best = judgements.reduce((best, next) => ((next.value ?? -1) > (best.value ?? -1) ? next : best), first);
  return best.value === 1 ? best : (judgements.find(({ failed }) => failed) ?? best);
}

/** Makes a factory from a definition. */
export function defineScorer<Options extends z.ZodObject>(spec: ScorerSpec<Options>): ScorerFactory {
  const { description, version, unit, options, paths = [], pool, ratio, targetProblem } = spec;
  return {
    ...{ description, version, unit, options, paths },
    problems: (given, others) => spec.problems?.(options.parse(given), others) ?? [],
    create(given, others) {
      const settled = options.parse(given);
      return { needsTarget: spec.needsTarget?.(settled) ?? true, judge: spec.create(settled, others) };
    },
    ...(pool && { pool: (counts: Counts, given: unknown = {}) => pool(counts, options.parse(given)) }),
    ...(ratio && { ratio }),
    ...(targetProblem && {
      targetProblem: (target: readonly string[], given: unknown) => targetProblem(target, options.parse(given)),
    }),
  };
}
