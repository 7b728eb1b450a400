/** Reads the turns of a conversation from its result, also from those of earlier versions. */

import type { KeptSound, Result, TurnReply, TurnResult } from '../result.ts';
import type { Usage } from '../types.ts';

/** One turn with its answer. Members that an earlier version did not keep are null or empty. */
export interface ShownTurn {
  /** From 1. */
  readonly turn: number;
  readonly card: Omit<TurnResult, 'reply'> | null;
  /** null = no answer. */
  readonly reply: TurnReply | null;
  readonly answer: string | null;
  readonly thinking: string | null;
  readonly sound: KeptSound | null;
  readonly usage: Usage | null;
}

type Completed = Extract<Result, { readonly status: 'completed' }>;

/** Whether the sample of a result has `turns`; false where an earlier version did not keep it. */
export function isConversation(result: Result): boolean {
  return result.turns !== undefined || (result.status === 'completed' && result.earlierAnswers !== undefined);
}

/** All turns of the sample in order; none for a sample without `turns`. */
export function turnsOf(result: Result): readonly ShownTurn[] {
  if (!isConversation(result)) return [];
  const said = result.status === 'completed' ? answersOf(result) : [];
  const stored = result.turns ?? said.map(() => null);
  return stored.map((turn, index) => {
    const isLast = index === said.length - 1;
    const known = said[index];
    const reply = turn === null ? (known === undefined ? null : earlierReply(result, isLast)) : turn.reply;
    return {
      turn: index + 1,
      card: turn,
      reply,
      answer: known?.answer ?? reply?.answer ?? null,
      thinking: known?.thinking ?? reply?.thinking ?? null,
      sound: known?.sound ?? null,
      usage: usageOf(result, index),
    };
  });
}

function answersOf({ answer, thinking, sound, earlierAnswers = [], earlierThinking, earlierSounds }: Completed) {
  return [
    ...earlierAnswers.map((text, turn) => ({
      answer: text,
      thinking: earlierThinking?.[turn] ?? null,
      sound: earlierSounds?.[turn] ?? null,
    })),
    { answer, thinking: thinking ?? null, sound: sound ?? null },
  ];
}

/** Earlier versions kept the reason why the last turn ended, and nothing else of each turn. */
function earlierReply(result: Result, isLast: boolean): TurnReply {
  const finishReason = isLast && result.status === 'completed' ? result.finishReason : null;
  const isAnswered = result.outcome === 'answered' || result.outcome === 'unparsed';
  return { outcome: isAnswered ? 'answered' : null, finishReason, score: null, latencyMs: null, costUsd: null };
}

/** A cell that sent one request has no list of usages. */
function usageOf({ usages, usage }: Result, index: number): Usage | null {
  if (usages !== undefined) return usages[index] ?? null;
  return index === 0 ? usage : null;
}
