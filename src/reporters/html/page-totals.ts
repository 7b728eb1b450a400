/** Adds up what the charts of the page show, over all results of a run. */

import { createNumberList, type NumberList } from '../../collections/number-list.ts';
import type { Result } from '../../result.ts';
import { cutText } from '../../text/cut-text.ts';
import type { TokenMeans, WordErrors } from './page-data.ts';

/** Points of a curve of latencies. */
const CURVE_POINTS = 101;

/** Different pairs of words that are counted for a model, and shown. */
const MAX_PAIRS = 20_000;
const SHOWN_PAIRS = 12;
const MAX_WORD = 60;

export interface PageTotals {
  add(result: Result, modelIndex: number): void;
  latencies(): readonly (readonly number[])[];
  tokens(): readonly TokenMeans[];
  words(): readonly WordErrors[];
}

interface ModelTotals {
  readonly latencies: NumberList;
  readonly sums: Map<keyof TokenMeans, { total: number; cells: number }>;
  readonly edits: { words: number; substituted: number; deleted: number; inserted: number };
  readonly pairs: Map<string, number>;
}

export function createPageTotals(models: number): PageTotals {
  const totals = Array.from(
    { length: models },
    (): ModelTotals => ({
      latencies: createNumberList(),
      sums: new Map(),
      edits: { words: 0, substituted: 0, deleted: 0, inserted: 0 },
      pairs: new Map(),
    }),
  );
  return {
    add(result, modelIndex) {
      const own = totals[modelIndex];
      if (own === undefined) return;
      if (result.timing.latencyMs !== null) own.latencies.push(result.timing.latencyMs);
      addTokens(own, result);
      for (const { alignment } of result.scores) for (const step of alignment ?? []) addStep(own, step);
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
    words: () => totals.map(wordErrors),
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

type Step = NonNullable<Result['scores'][number]['alignment']>[number];

function addStep({ edits, pairs }: ModelTotals, step: Step): void {
  const [type, first] = step;
  const count = first.split(/\s+/u).filter((word) => word !== '').length;
  if (type === 'inserted') edits.inserted += count;
  else edits.words += count;
  if (type === 'deleted') edits.deleted += count;
  if (type !== 'substituted') return;
  edits.substituted += count;
  const pair = `${cutText(first, MAX_WORD)}\n${cutText(step[2], MAX_WORD)}`;
  if (pairs.has(pair) || pairs.size < MAX_PAIRS) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
}

/** Values at equal steps of the share; at most as many as there are values. */
function curve(sorted: ArrayLike<number>): readonly number[] {
  const points = Math.min(CURVE_POINTS, sorted.length);
  return Array.from({ length: points }, (_, index) => {
    const rank = points === 1 ? 0 : Math.round((index * (sorted.length - 1)) / (points - 1));
    return Math.round((sorted[rank] ?? 0) * 10) / 10;
  });
}

function wordErrors({ edits, pairs }: ModelTotals): WordErrors {
  const confusions = [...pairs]
    .map(([pair, count]) => {
      const [from = '', to = ''] = pair.split('\n');
      return { from, to, count };
    })
    .sort((a, b) => b.count - a.count || (a.from < b.from ? -1 : 1))
    .slice(0, SHOWN_PAIRS);
  return { ...edits, confusions };
}
