/** `judge`: another model reads the request, its media, the acceptable answers and the answer, and gives a grade. */

import { z } from 'zod';
import type { JudgeCall } from '../result.ts';
import { answerHash, type Instructions, judgeQuestion, promptHash } from './judge/question.ts';
import { readVerdict } from './judge/verdict.ts';
import { defineScorer, type Judgement, unscored } from './scorer.ts';

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
    model: z.string().min(1).describe('id of a model of the configuration with `role: judge`'),
    rubric: z.string().min(1).default(RUBRIC).describe('what each grade means, in words for the judge'),
    grades: z
      .record(gradeName, z.number().min(0).max(1))
      .default(GRADES)
      .describe('the grades and the value of each, 0 to 1; other grades need a rubric that explains them'),
  }),
  problems({ rubric, grades }) {
    const names = Object.keys(grades);
    const repeated = names.find(
      (name, index) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index,
    );
    return [
      ...(names.length < 2 ? [{ message: 'grades must have at least 2 members' }] : []),
      ...(repeated === undefined
        ? []
        : [{ message: `grade "${repeated}" is there twice`, hint: 'case does not count' }]),
      ...(rubric === RUBRIC && grades !== GRADES && JSON.stringify(grades) !== JSON.stringify(GRADES)
        ? [{ message: 'grades of your own need a rubric', hint: 'write what each grade means' }]
        : []),
    ];
  },
  needsTarget: () => false,
  create({ model, rubric, grades }) {
    const instructions: Instructions = { rubric, grades: Object.keys(grades) };
    const prompt = promptHash(instructions);
    return async ({ answer, target, judging }): Promise<Judgement> => {
      if (judging === undefined) return unscored('judges were not asked; earsight score RUN asks them');
      const content = judgeQuestion(instructions, { history: judging.history, target, answer });
      const reply = await judging.ask({ model, content, promptHash: prompt, answerHash: answerHash(answer) });
      const { call } = reply;
      if ('reason' in reply) return { ...unscored(`the judge ${model} ${reply.reason}`), judgeCalls: [call] };
      return { ...graded(reply.text, grades, call), judgeCalls: [call] };
    };
  },
});

function graded(text: string, grades: Readonly<Record<string, number>>, call: JudgeCall): Judgement {
  const verdict = readVerdict(text, Object.keys(grades));
  if ('grade' in verdict) {
    const value = grades[verdict.grade] ?? null;
    return { value, raw: value, explanation: `${verdict.grade} · ${shortened(text)}` };
  }
  const { other } = verdict;
  return unscored(
    other === null
      ? `the judge ${call.model} gave no verdict: ${shortened(text)}`
      : `the verdict "${other.slice(0, 40)}" of the judge ${call.model} is not among the grades ${Object.keys(grades).join(', ')}`,
  );
}

/** Characters of a judge's reply in a score; the journal has it whole. */
const MAX_SHOWN = 1000;

function shortened(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= MAX_SHOWN ? trimmed : `…${trimmed.slice(-MAX_SHOWN)}`;
}
