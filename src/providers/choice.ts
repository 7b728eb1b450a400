/** Finds the answer among the alternatives of one reply. */

import { isRecord } from '../text/is-record.ts';
import { listOf, type WireObject } from './http/wire-value.ts';

/** An entry of `choices` or `candidates`, and its number. */
export interface Choice {
  readonly index: number;
  readonly choice: WireObject;
}

/** Servers number alternatives and send them in any order. An entry without a number counts by its place in the list. */
export function choicesOf(list: unknown): readonly Choice[] {
  return listOf(list).flatMap((choice, place) => {
    if (!isRecord(choice)) return [];
    const { index } = choice;
    return [{ index: typeof index === 'number' && Number.isSafeInteger(index) ? index : place, choice }];
  });
}

/** The answer is the alternative with the lowest number, usually 0; null when there is none. */
export function answerOf(list: unknown): WireObject | null {
  const [answer] = [...choicesOf(list)].sort((a, b) => a.index - b.index);
  return answer?.choice ?? null;
}
