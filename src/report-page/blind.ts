/** Blind judging: an order of answers that hides the models, and the labels that people give. */

import type { PageCell, PageSample } from '../reporters/html/page-data.ts';

/** Whether each answer gets a grade, or the better one is chosen. */
export type BlindKind = 'preference' | 'grade';

/** A line of `labels.jsonl`: what a person said of one answer. */
export interface Label {
  readonly sample_id: string;
  readonly sample_key: string;
  readonly model: string;
  readonly repeat: number;
  readonly kind: BlindKind;
  /** From 0 to 1; a shared first place counts as 0.5 for each. */
  readonly value: number;
}

/** Answers of a sample in the order in which they are shown. */
export type Shuffled = readonly PageCell[];

/** Highest grade of a key; grades start at 1. */
export const TOP_GRADE = 5;

/** Samples with something to judge: an answer, or two of them for a preference. */
export function judgeable(sample: PageSample, kind: BlindKind): boolean {
  return answers(sample).length >= (kind === 'grade' ? 1 : 2);
}

function answers({ cells }: PageSample): readonly PageCell[] {
  return cells.filter(({ status }) => status === 'completed');
}

/** `random` gives numbers from 0 to 1. */
export function shuffle(sample: PageSample, random: () => number): Shuffled {
  const order = [...answers(sample)];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    const [one, two] = [order[index], order[other]];
    if (one !== undefined && two !== undefined) [order[index], order[other]] = [two, one];
  }
  return order;
}

/** `best` is a place in the order; null = none is better. */
export function preferenceLabels(
  sample: PageSample,
  order: Shuffled,
  best: number | null,
  models: readonly string[],
): readonly Label[] {
  return order.map((cell, place) =>
    label(sample, cell, models, 'preference', best === null ? 0.5 : place === best ? 1 : 0),
  );
}

/** `grade` is from 1 to `TOP_GRADE`. */
export function gradeLabel(sample: PageSample, cell: PageCell, grade: number, models: readonly string[]): Label {
  return label(sample, cell, models, 'grade', (grade - 1) / (TOP_GRADE - 1));
}

function label(
  { id, key }: PageSample,
  { m, repeat }: PageCell,
  models: readonly string[],
  kind: BlindKind,
  value: number,
): Label {
  return { sample_id: id, sample_key: key, model: models[m] ?? '', repeat, kind, value };
}

/** The place of the first sample with an answer that has no label; past the last one when all have some. */
export function firstUnjudged(queue: readonly PageSample[], labels: readonly Label[]): number {
  const newest = newestLabels(labels);
  const judged = (key: string) => newest.filter((one) => one.sample_key === key).length;
  const place = queue.findIndex((sample) => judged(sample.key) < answers(sample).length);
  return place === -1 ? queue.length : place;
}

/** The file of all labels; a later label of an answer replaces an earlier one. */
export function labelLines(labels: readonly Label[]): string {
  return newestLabels(labels)
    .map((one) => `${JSON.stringify(one)}\n`)
    .join('');
}

function newestLabels(labels: readonly Label[]): readonly Label[] {
  const newest = new Map(labels.map((one) => [JSON.stringify([one.sample_key, one.model, one.repeat]), one]));
  return [...newest.values()];
}
