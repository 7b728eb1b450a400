/** Compares a JSON answer with a target, field by field. */

import { isRecord } from '../../text/is-record.ts';
import { NORMALIZERS } from '../normalize/normalizers.ts';
import { readNumbers } from '../numbers/read-numbers.ts';
import type { Judgement, ScoreInput, Scorer } from '../scorer.ts';
import { asText } from './json-text.ts';

/** Scorers of some fields; `*` in a path is any member. */
export type FieldScorers = readonly { readonly path: readonly string[]; readonly scorer: Scorer }[];

/** A value that has no members, with its path. */
interface Field {
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface Comparison {
  readonly scorers: FieldScorers;
  readonly extra: 'ignore' | 'count';
  readonly sample: ScoreInput['sample'];
}

/** The mean over the target's fields; `parts` has each one's figure under its path. */
export async function compareFields(given: unknown, wanted: unknown, comparison: Comparison): Promise<Judgement> {
  const parts: Record<string, number> = {};
  const answers = new Map(fieldsOf(given, comparison.scorers).map((field) => [nameOf(field), field.value]));
  const targets = fieldsOf(wanted, comparison.scorers);
  for (const field of targets) {
    const name = nameOf(field);
    parts[name] = answers.has(name) ? await figureOf(field, answers.get(name), comparison) : 0;
    answers.delete(name);
  }
  if (comparison.extra === 'count') for (const name of answers.keys()) parts[name] = 0;
  const figures = Object.values(parts);
  const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
  return { value: mean, raw: mean, parts };
}

function nameOf({ path }: Field): string {
  return path.length === 0 ? '$' : path.join('.');
}

/** A field with a scorer of its own is compared as a whole, even when it has members. */
function fieldsOf(value: unknown, scorers: FieldScorers, path: readonly string[] = []): readonly Field[] {
  const isLeaf = (!Array.isArray(value) && !isRecord(value)) || scorerAt(path, scorers) !== undefined;
  const members = isLeaf ? [] : Object.entries(value);
  if (members.length === 0) return [{ path, value }];
  return members.flatMap(([key, member]) => fieldsOf(member, scorers, [...path, key]));
}

function scorerAt(path: readonly string[], scorers: FieldScorers): Scorer | undefined {
  return scorers.find(
    (one) => one.path.length === path.length && one.path.every((key, index) => key === '*' || key === path[index]),
  )?.scorer;
}

/** What a scorer cannot read of a field is wrong. */
async function figureOf({ path, value }: Field, given: unknown, { scorers, sample }: Comparison): Promise<number> {
  const scorer = scorerAt(path, scorers);
  if (scorer === undefined) return isEqual(given, value) ? 1 : 0;
  const score = await scorer.score({ answer: asText(given), target: [asText(value)], sample });
  return score.value ?? 0;
}

/** Texts as `exact` compares them, a number also with a text that is one number; all else must be the same. */
function isEqual(given: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'string' && typeof given === 'string')
    return NORMALIZERS.basic(given) === NORMALIZERS.basic(wanted);
  if (typeof wanted === 'number' && typeof given === 'string') return isNumber(given, wanted);
  if (typeof wanted === 'string' && typeof given === 'number') return isNumber(wanted, given);
  return typeof given === typeof wanted && JSON.stringify(given) === JSON.stringify(wanted);
}

function isNumber(text: string, number: number): boolean {
  const [first, ...others] = readNumbers(text);
  return others.length === 0 && first?.value === number;
}
