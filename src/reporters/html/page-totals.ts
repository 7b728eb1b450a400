/** Adds up what the charts of the page show, over all results of a run. */

import { createNumberList, type NumberList } from '../../collections/number-list.ts';
import type { Result, Score } from '../../result.ts';
import type { Edits, TokenMeans } from './page-data.ts';

/** Points of a curve of latencies. */
const CURVE_POINTS = 101;

/** Scorers with edits of one model; more of them are a hostile journal. */
const MAX_SCORERS = 100;

export interface PageTotals {
  add(result: Result, modelIndex: number): void;
  latencies(): readonly (readonly number[])[];
  tokens(): readonly TokenMeans[];
  edits(): readonly Edits[];
}

interface ModelTotals {
  readonly latencies: NumberList;
  readonly sums: Map<keyof TokenMeans, { total: number; cells: number }>;
  /** By scorer. */
  readonly edits: Map<string, Omit<Edits, 'm' | 'scorer'>>;
}

export function createPageTotals(models: number): PageTotals {
  const totals = Array.from(
    { length: models },
    (): ModelTotals => ({
      latencies: createNumberList(),
      sums: new Map(),
      edits: new Map(),
    }),
  );
  return {
    add(result, modelIndex) {
      const own = totals[modelIndex];
      if (own === undefined) return;
      if (result.timing.latencyMs !== null) own.latencies.push(result.timing.latencyMs);
      addTokens(own, result);
      for (const score of result.scores) addEdits(own, score);
    },
    latencies: () => totals.map(({ latencies }) => curve(latencies.sorted())),
    tokens: () =>
      totals.map(({ sums }) => {
        const mean = (part: keyof TokenMeans) => {
          const sum = sums.get(part);
          return sum === undefined ? null : sum.total / sum.cells;
        };
        return {
          text: mean('text'),
          image: mean('image'),
          audio: mean('audio'),
          completion: mean('completion'),
          reasoning: mean('reasoning'),
        };
      }),
    edits: () => totals.flatMap(({ edits }, m) => [...edits].map(([scorer, counts]) => ({ m, scorer, ...counts }))),
  };
}

function addTokens({ sums }: ModelTotals, { usage }: Result): void {
  if (usage === null) return;
  const add = (part: keyof TokenMeans, value: number | null) => {
    if (value === null) return;
    const sum = sums.get(part) ?? { total: 0, cells: 0 };
    sums.set(part, { total: sum.total + value, cells: sum.cells + 1 });
  };
  const { promptTokens, imageTokens, audioTokens, completionTokens, reasoningTokens } = usage;
  // What is neither image nor sound is text: endpoints report it least often.
  const media = (imageTokens ?? 0) + (audioTokens ?? 0);
  add('text', promptTokens === null ? usage.textTokens : Math.max(0, promptTokens - media));
  add('image', imageTokens);
  add('audio', audioTokens);
  add('completion', completionTokens === null ? null : Math.max(0, completionTokens - (reasoningTokens ?? 0)));
  add('reasoning', reasoningTokens);
}

/** Scores of transcripts count their edits; those of other scorers have no such counts. */
function addEdits({ edits }: ModelTotals, { scorer, unit, counts }: Score): void {
  const { substitutions, deletions, insertions, reference } = counts ?? {};
  if (substitutions === undefined || deletions === undefined || insertions === undefined || reference === undefined)
    return;
  const sums = edits.get(scorer) ?? { unit, reference: 0, substituted: 0, deleted: 0, inserted: 0 };
  if (!edits.has(scorer) && edits.size >= MAX_SCORERS) return;
  edits.set(scorer, {
    unit,
    reference: sums.reference + reference,
    substituted: sums.substituted + substitutions,
    deleted: sums.deleted + deletions,
    inserted: sums.inserted + insertions,
  });
}

/** Values at equal steps of the share; at most as many as there are values. */
function curve(sorted: ArrayLike<number>): readonly number[] {
  const points = Math.min(CURVE_POINTS, sorted.length);
  return Array.from({ length: points }, (_, index) => {
    const rank = points === 1 ? 0 : Math.round((index * (sorted.length - 1)) / (points - 1));
    return Math.round((sorted[rank] ?? 0) * 10) / 10;
  });
}
