/** How near two JSON values are, as autoevals' `JSONDiff` counts it. */

import { isRecord } from '../../text/is-record.ts';
import { sortedMembers } from '../../text/sorted-members.ts';
import { editDistance } from '../alignment/align.ts';
import { TOO_LONG } from '../alignment/too-long.ts';
import { autoevalsDifference } from '../numbers/autoevals-difference.ts';
import { type Judgement, share } from '../scorer.ts';

/** Objects: the mean over the members of both; lists: over the longer one; texts by edit distance, numbers by difference. */
export async function jsonDifference(given: unknown, wanted: unknown): Promise<Judgement> {
  const figure = await difference(given, wanted);
  return figure === null ? TOO_LONG : share(figure);
}

async function difference(given: unknown, wanted: unknown): Promise<number | null> {
  if (isRecord(given) && isRecord(wanted)) {
    const keys = [...new Set([...Object.keys(given), ...Object.keys(wanted)])];
    return meanOf(
      keys.map((key) => [given[key], wanted[key]]),
      keys.length,
    );
  }
  if (Array.isArray(given) && Array.isArray(wanted)) {
    const pairs = Array.from(
      { length: Math.min(given.length, wanted.length) },
      (_, index) => [given[index], wanted[index]] as const,
    );
    return meanOf(pairs, Math.max(given.length, wanted.length));
  }
  if (typeof given === 'string' && typeof wanted === 'string') return similarity(given, wanted);
  if (typeof given === 'number' && typeof wanted === 'number') return autoevalsDifference(given, wanted).value;
  const [isNothing, shouldBeNothing] = [given ?? null, wanted ?? null].map((value) => value === null);
  if (isNothing || shouldBeNothing) return isNothing === shouldBeNothing ? 1 : 0;
  return similarity(JSON.stringify(sortedMembers(given)), JSON.stringify(sortedMembers(wanted)));
}

async function meanOf(pairs: readonly (readonly [unknown, unknown])[], count: number): Promise<number | null> {
  if (count === 0) return 1;
  let sum = 0;
  for (const [given, wanted] of pairs) {
    const figure = await difference(given, wanted);
    if (figure === null) return null;
    sum += figure;
  }
  return sum / count;
}

async function similarity(given: string, wanted: string): Promise<number | null> {
  const [a, b] = [[...given], [...wanted]];
  const distance = await editDistance(b, a);
  const length = Math.max(a.length, b.length);
  if (distance === null) return null;
  return length === 0 ? 1 : 1 - distance / length;
}
