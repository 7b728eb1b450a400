/** `judge`: another model reads the request, its media, the acceptable answers and the answer, and gives a grade. */

import { z } from 'zod';
import type { Problem } from '../errors.ts';
import type { JudgeCall } from '../result.ts';
import { quote } from '../text/quote.ts';
import { majority, moreThanHalf } from './judge/majority.ts';
import { answerHash, type Instructions, judgeQuestion, promptHash } from './judge/question.ts';
import { readVerdict } from './judge/verdict.ts';
import { defineScorer, type Judgement, type JudgeReply, unscored } from './scorer.ts';

const RUBRIC =
  'C (correct): the answer says what an acceptable answer says. P (partly): it says a part of it, and nothing that contradicts it. I (incorrect): anything else.';

/** The default grades with their values, as Inspect's model-graded scorers have them. */
export const GRADES: Readonly<Record<string, number>> = { C: 1, P: 0.5, I: 0 };

const gradeName = z.string().regex(/^[\p{L}\p{N}](?:[\p{L}\p{N}_./+-]{0,18}[\p{L}\p{N}+-])?$/u, {
  error: 'must be one word of at most 20 letters and digits',
});

export const judge = defineScorer({
  description: 'grade that another model gives by a rubric; it sees the request with its media, target and answer',
  version: 1,
  unit: 'grade',
  options: z.strictObject({
    model: z.string().min(1).exactOptional().describe('id of a model of the configuration with `role: judge`'),
    models: z
      .array(z.string().min(1))
      .exactOptional()
      .describe('ids of several judges, whose majority decides; in the place of `model`'),
    minimum: z
      .int()
      .min(1)
      .exactOptional()
      .describe('verdicts that a majority of `models` needs (default: of more than half of them)'),
    rubric: z.string().min(1).default(RUBRIC).describe('what each grade means, in words for the judge'),
    grades: z
      .record(gradeName, z.number().min(0).max(1))
      .default(GRADES)
      .describe('the grades and the value of each, 0 to 1; other grades need a rubric that explains them'),
  }),
  problems: (options) => [...judgesProblems(options), ...gradesProblems(options)],
  needsTarget: () => false,
  create({ model, models, minimum, rubric, grades }) {
    const judges = models ?? (model === undefined ? [] : [model]);
    const instructions: Instructions = { rubric, grades: Object.keys(grades) };
    const prompt = promptHash(instructions);
    return async ({ answer, target, judging }): Promise<Judgement> => {
      if (judging === undefined) return unscored('judges were not asked; earsight score RUN asks them');
      const content = judgeQuestion(instructions, { history: judging.history, target, answer });
      const question = { content, promptHash: prompt, answerHash: answerHash(answer) };
      const verdicts = await Promise.all(
        judges.map(async (id) => verdictOf(await judging.ask({ ...question, model: id }), id, instructions.grades)),
      );
      const [first, ...others] = verdicts;
      if (first === undefined) return unscored('there is no judge');
      if (others.length === 0 && models === undefined) return ofOne(first, grades);
      return ofSeveral(verdicts, grades, minimum ?? moreThanHalf(verdicts.length));
    };
  },
});

interface JudgesOptions {
  readonly model?: string;
  readonly models?: readonly string[];
  readonly minimum?: number;
}

function judgesProblems({ model, models, minimum }: JudgesOptions): readonly Problem[] {
  if (model !== undefined && models !== undefined)
    return [{ message: 'model and models are both there', hint: 'keep one of them' }];
  if (models === undefined) {
    if (model === undefined) return [{ message: 'model is missing', hint: 'name a judge, or several with `models`' }];
    return minimum === undefined ? [] : [{ message: 'minimum is for several judges', hint: 'name them with `models`' }];
  }
  const repeated = models.find((id, index) => models.indexOf(id) < index);
  if (models.length < 2) return [{ message: 'models must name at least 2 judges', hint: 'use `model` for one' }];
  if (repeated !== undefined) return [{ message: `judge ${quote(repeated)} is there twice`, hint: 'keep one' }];
  if (minimum !== undefined && minimum > models.length)
    return [{ message: `minimum is ${minimum}, and there are ${models.length} judges` }];
  return [];
}

interface GradesOptions {
  readonly rubric: string;
  readonly grades: Readonly<Record<string, number>>;
}

function gradesProblems({ rubric, grades }: GradesOptions): readonly Problem[] {
  const names = Object.keys(grades);
  const repeated = names.find(
    (name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index,
  );
  return [
    ...(names.length < 2 ? [{ message: 'grades must have at least 2 members' }] : []),
    ...(repeated === undefined ? [] : [{ message: `grade "${repeated}" is there twice`, hint: 'case does not count' }]),
    ...(rubric === RUBRIC && grades !== GRADES && JSON.stringify(grades) !== JSON.stringify(GRADES)
      ? [{ message: 'grades of your own need a rubric', hint: 'write what each grade means' }]
      : []),
  ];
}

/** What one judge said, with what it took. */
interface JudgeVerdict {
  readonly judge: string;
  readonly call: JudgeCall;
  /** Its words; null = there are none that count. */
  readonly text: string | null;
  /** Why there is no verdict, after the name of the judge. */
  readonly verdict: { readonly grade: string } | { readonly reason: string };
}

function verdictOf(reply: JudgeReply, judge: string, grades: readonly string[]): JudgeVerdict {
  const { call } = reply;
  if ('reason' in reply) return { judge, call, text: null, verdict: { reason: reply.reason } };
  const { text } = reply;
  const verdict = readVerdict(text, grades);
  if ('grade' in verdict) return { judge, call, text, verdict };
  const { other } = verdict;
  const reason =
    other === null
      ? `gave no verdict: ${shortened(text)}`
      : `gave the verdict "${other.slice(0, 40)}", which is not among the grades ${grades.join(', ')}`;
  return { judge, call, text, verdict: { reason } };
}

type Grades = GradesOptions['grades'];

function ofOne({ judge, call, text, verdict }: JudgeVerdict, grades: Grades): Judgement {
  if ('reason' in verdict) return { ...unscored(`the judge ${judge} ${verdict.reason}`), judgeCalls: [call] };
  const value = grades[verdict.grade] ?? null;
  return { value, raw: value, explanation: `${verdict.grade} · ${shortened(text ?? '')}`, judgeCalls: [call] };
}

function ofSeveral(verdicts: readonly JudgeVerdict[], grades: Grades, minimum: number): Judgement {
  const judgeCalls = verdicts.map(({ call, verdict }) =>
    'reason' in verdict ? call : { ...call, grade: verdict.grade, value: grades[verdict.grade] ?? null },
  );
  const decision = majority(
    verdicts.map(({ judge, verdict }) => ({ judge, ...verdict })),
    minimum,
  );
  if (decision.grade === null) return { ...unscored(decision.reason), judgeCalls };
  const value = grades[decision.grade] ?? null;
  const reasons = verdicts.flatMap(({ judge, text, verdict }) =>
    'grade' in verdict ? [`${judge}: ${shortened(text ?? '', MAX_SHOWN / verdicts.length)}`] : [],
  );
  const explanation = [`${decision.grade} · ${decision.summary}`, ...reasons].join('\n');
  return { value, raw: value, explanation, judgeCalls };
}

/** Characters of the judges' replies in a score; the journal has them whole. */
const MAX_SHOWN = 1000;

function shortened(text: string, most = MAX_SHOWN): string {
  const trimmed = text.trim();
  return trimmed.length <= most ? trimmed : `…${trimmed.slice(-most)}`;
}
