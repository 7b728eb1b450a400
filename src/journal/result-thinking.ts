/** Keeps thinking apart from answers, also in results of earlier versions, which hold both as one text. */

import type { Result } from '../result.ts';
import { joinThinking, splitThinking } from '../text/thinking.ts';
import type { Completion, ThinkingSetting } from '../types.ts';

/** One answer of a cell. */
export interface AnswerText {
  readonly answer: string;
  readonly thinking: string | null;
  /** null = it follows from the other two. */
  readonly asSent: string | null;
}

type Completed = Extract<Result, { readonly status: 'completed' }>;

/** The members of a result that hold its answers. */
export type AnswerMembers = Pick<Completed, 'answer' | 'thinking' | 'earlierAnswers' | 'earlierThinking' | 'asSent'>;

/** A completion under its model's setting: thinking between tags and in a member of its own are one thing. */
export function answerTextOf(
  { text, reasoning = '' }: Pick<Completion, 'text' | 'reasoning'>,
  setting: ThinkingSetting = 'apart',
): AnswerText {
  const thought = reasoning.trim();
  const sent = thought === '' ? text : joinThinking(thought, text);
  if (setting === 'inAnswer') return { answer: sent, thinking: null, asSent: null };
  const split = splitThinking(text);
  const thinking = [thought, split.thinking ?? ''].filter((part) => part !== '').join('\n\n');
  return withSent(sent, split.answer, thinking === '' ? null : thinking);
}

function withSent(sent: string, answer: string, thinking: string | null): AnswerText {
  const usual = thinking === null ? answer : joinThinking(thinking, answer);
  return { answer, thinking, asSent: usual === sent ? null : sent };
}

/** The members of a result for its answers, the last one being the answer. */
export function answerMembers(texts: readonly AnswerText[]): AnswerMembers {
  const last = texts.at(-1);
  const earlier = texts.slice(0, -1);
  return {
    answer: last?.answer ?? '',
    ...(last === undefined || last.thinking === null ? {} : { thinking: last.thinking }),
    ...(earlier.length === 0 ? {} : { earlierAnswers: earlier.map(({ answer }) => answer) }),
    ...(earlier.every(({ thinking }) => thinking === null)
      ? {}
      : { earlierThinking: earlier.map(({ thinking }) => thinking) }),
    ...(texts.every(({ asSent }) => asSent === null) ? {} : { asSent: texts.map(({ asSent }) => asSent) }),
  };
}

/** A result as it is read under its model's setting. Its scores stay those that were stored. */
export function readUnder(result: Result, setting: ThinkingSetting = 'apart'): Result {
  if (result.status !== 'completed') return result;
  const stored = storedTexts(result);
  const texts = stored.map((text) => textUnder(text, setting));
  if (texts.every((text, turn) => text === stored[turn])) return result;
  const { answer: _, thinking, earlierAnswers, earlierThinking, asSent, ...rest } = result;
  return Object.assign(rest, answerMembers(texts));
}

/** Whether the stored scores are of an answer with the thinking in it, while the model's thinking is to be apart. */
export function isScoredWithThinking(result: Result): boolean {
  if (result.status !== 'completed' || result.scores.length === 0) return false;
  return readUnder(result, 'apart') !== result;
}

function storedTexts({
  answer,
  thinking,
  earlierAnswers = [],
  earlierThinking,
  asSent,
}: Completed): readonly AnswerText[] {
  const thoughts = [...earlierAnswers.map((_, turn) => earlierThinking?.[turn] ?? null), thinking ?? null];
  return [...earlierAnswers, answer].map((text, turn) => ({
    answer: text,
    thinking: thoughts[turn] ?? null,
    asSent: asSent?.[turn] ?? null,
  }));
}

function textUnder(text: AnswerText, setting: ThinkingSetting): AnswerText {
  const isApart = text.thinking !== null || text.asSent !== null;
  if (setting === 'inAnswer') {
    const sent = text.asSent ?? (text.thinking === null ? text.answer : joinThinking(text.thinking, text.answer));
    return isApart ? { answer: sent, thinking: null, asSent: null } : text;
  }
  if (isApart) return text;
  const { answer, thinking } = splitThinking(text.answer);
  return answer === text.answer ? text : withSent(text.answer, answer, thinking);
}
