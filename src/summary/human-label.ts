/** Reads what people said of an answer: pass or fail, a grade, or a number from 0 to 1. */

import type { Result } from '../result.ts';

/** The score that `earsight score --labels` makes, and the key of metadata that holds labels. */
export const HUMAN = 'human';

/** A label as it is written; null = there is none. A score of people is of this very answer, so it comes first. */
export function labelOf({ modelId, scores, sample }: Pick<Result, 'modelId' | 'scores' | 'sample'>): string | null {
  const score = scores.find(({ scorer }) => scorer === HUMAN)?.value ?? null;
  if (score !== null) return String(score);
  const { metadata } = sample;
  for (const key of [`${HUMAN}.${modelId}`, HUMAN]) {
    const text = Object.hasOwn(metadata, key) ? metadata[key]?.trim() : undefined;
    if (text !== undefined && text !== '') return text;
  }
  return null;
}

/** What a label says. */
export interface HumanLabel {
  /** From 0 to 1. */
  readonly value: number;
  /** False for grades, and for numbers between 0 and 1. */
  readonly isPassOrFail: boolean;
}

const WORDS = new Map([
  ...['pass', 'passed', 'true', 'yes', 'correct', 'right'].map((word) => [word, 1] as const),
  ...['fail', 'failed', 'false', 'no', 'incorrect', 'wrong'].map((word) => [word, 0] as const),
]);

const NUMBER = /^(?:0|1|0?\.\d+|[01]\.0*)$/u;

/** `grades` come first: a grade may be named `1`. Case does not count. null = it cannot be read. */
export function readLabel(text: string, grades: Readonly<Record<string, number>>): HumanLabel | null {
  const plain = text.trim().toLowerCase();
  const grade = Object.entries(grades).find(([name]) => name.toLowerCase() === plain)?.[1];
  if (grade !== undefined) return { value: grade, isPassOrFail: false };
  const word = WORDS.get(plain);
  if (word !== undefined) return { value: word, isPassOrFail: true };
  if (!NUMBER.test(plain)) return null;
  const value = Number(plain);
  return { value, isPassOrFail: value === 0 || value === 1 };
}
