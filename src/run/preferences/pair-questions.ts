/** The questions to a judge about two answers to one sample, each answer first once; and the verdict of both replies. */

import { POSITION_BIAS, type PreferenceLine } from '../../journal/lines/preference-line.ts';
import type { Result } from '../../result.ts';
import { type JudgedPair, pairPromptHash, pairQuestion, readPairVerdict } from '../../scorers/judge/pair-question.ts';
import { answerHash } from '../../scorers/judge/question.ts';
import type { JudgeQuestion, JudgeReply } from '../../scorers/scorer.ts';
import type { Sample } from '../../types.ts';

/** How a judge is asked. */
export interface PairInstructions {
  /** Id of the judge. */
  readonly judge: string;
  readonly rubric: string;
}

/** All answers of a completed cell as one text: of a conversation, with the number of the turn before each. */
export function wholeAnswer(result: Result | null): string | null {
  if (result?.status !== 'completed') return null;
  const { answer, earlierAnswers = [] } = result;
  if (earlierAnswers.length === 0) return answer;
  return [...earlierAnswers, answer].map((text, turn) => `(answer to turn ${turn + 1})\n${text}`).join('\n\n');
}

/** A first, then B first. */
export function pairQuestions(
  { judge, rubric }: PairInstructions,
  sample: Sample,
  a: string,
  b: string,
): readonly [JudgeQuestion, JudgeQuestion] {
  const turns = sample.turns.map(({ content }) => ({ role: 'user', content }) as const);
  const history = [...sample.messages, ...turns];
  const target = [...sample.target, ...sample.turns.flatMap((turn) => turn.target ?? [])];
  const question = (pair: Pick<JudgedPair, 'first' | 'second'>): JudgeQuestion => ({
    model: judge,
    content: pairQuestion(rubric, { history, target, ...pair }),
    promptHash: pairPromptHash(rubric),
    answerHash: answerHash(JSON.stringify([pair.first, pair.second])),
  });
  return [question({ first: a, second: b }), question({ first: b, second: a })];
}

type Verdict = Pick<PreferenceLine, 'preferred' | 'reason'>;

/** A verdict that changes with the order is a tie: the judge went by the place. */
export function verdictOf(judge: string, aFirst: JudgeReply, bFirst: JudgeReply): Verdict {
  const [one, two] = [read(aFirst), read(bFirst)];
  if ('reason' in one) return { preferred: null, reason: `the judge ${judge} ${one.reason}` };
  if ('reason' in two) return { preferred: null, reason: `the judge ${judge} ${two.reason}` };
  const first = { first: 'a', second: 'b', tie: 'tie' } as const;
  const second = { first: 'b', second: 'a', tie: 'tie' } as const;
  const preferred = first[one.preferred];
  return preferred === second[two.preferred]
    ? { preferred, reason: null }
    : { preferred: 'tie', reason: POSITION_BIAS };
}

function read(reply: JudgeReply) {
  return 'reason' in reply ? reply : readPairVerdict(reply.text);
}
