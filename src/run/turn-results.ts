/** Records the turns of a conversation one by one: what was asked, what the model answered, how it scored, what it cost. */

import { turnCard } from '../plan/conversation.ts';
import { turnsOf } from '../reporters/turns-of.ts';
import type { Answer, Result, TurnReply } from '../result.ts';
import type { Sample } from '../types.ts';
import type { CellCost } from './cell-context.ts';
import { outcomeOf } from './scoring.ts';

/** The member `turns` of a result, whose replies are those of the first turns; empty for a sample without `turns`. */
export function turnMembers(sample: Sample, replies: readonly TurnReply[]): Pick<Result, 'turns'> {
  if (sample.turns.length === 0) return {};
  return { turns: sample.turns.map((turn, index) => ({ ...turnCard(turn), reply: replies[index] ?? null })) };
}

/** The replies of answers that have just come. `scores` and `costsUsd` are those of each turn. */
export function repliesOf(
  answers: readonly Answer[],
  scores: readonly (number | null)[],
  costsUsd: readonly (number | null)[],
): readonly TurnReply[] {
  return answers.map(({ completion, fromCache, latencyMs }, turn) => ({
    outcome: outcomeOf(completion),
    finishReason: completion.finishReason,
    score: scores[turn] ?? null,
    latencyMs: fromCache === true ? null : latencyMs,
    costUsd: fromCache === true ? 0 : (costsUsd[turn] ?? null),
  }));
}

/** The cost of each request of a cell. */
export function costsOf({ costUsd, costsUsd }: Pick<CellCost, 'costUsd' | 'costsUsd'>): readonly (number | null)[] {
  return costsUsd ?? [costUsd];
}

/** The replies of a stored result, also of an earlier version, which did not keep what it measured of each turn. */
export function storedReplies(result: Result): readonly TurnReply[] {
  return turnsOf(result).flatMap(({ reply }) => (reply === null ? [] : [reply]));
}

/** The replies with new scores. */
export function rescored(replies: readonly TurnReply[], scores: readonly (number | null)[]): readonly TurnReply[] {
  return replies.map((reply, turn) => ({ ...reply, score: scores[turn] ?? null }));
}

/** The replies with new costs, but for those from the cache. */
export function repriced(replies: readonly TurnReply[], costsUsd: readonly (number | null)[]): readonly TurnReply[] {
  const isCached = ({ latencyMs, costUsd }: TurnReply) => latencyMs === null && costUsd === 0;
  return replies.map((reply, turn) => (isCached(reply) ? reply : { ...reply, costUsd: costsUsd[turn] ?? null }));
}
