/** Folds the scores of several turns into one. */

import type { Score } from '../result.ts';

/** Figures are means, null when one of them is; counts are sums; the alignments follow each other. */
export function meanScore(scores: readonly [Score, ...Score[]]): Score {
  const [first] = scores;
  if (scores.length === 1) return first;
  const counts: Record<string, number> = {};
  for (const score of scores)
    for (const [name, count] of Object.entries(score.counts ?? {})) counts[name] = (counts[name] ?? 0) + count;
  const names = [...new Set(scores.flatMap(({ parts = {} }) => Object.keys(parts)))];
  const parts = Object.fromEntries(
    names.map((name) => [name, mean(scores.map((score) => score.parts?.[name] ?? null))]),
  );
  const alignment = scores.flatMap((score) => score.alignment ?? []);
  const judgeCalls = scores.flatMap((score) => score.judgeCalls ?? []);
  const explanation = scores.find((score) => score.explanation !== undefined)?.explanation;
  return {
    ...{ scorer: first.scorer, unit: first.unit },
    value: mean(scores.map(({ value }) => value)),
    raw: mean(scores.map(({ raw }) => raw)),
    ...(Object.keys(counts).length > 0 && { counts }),
    ...(names.length > 0 && { parts }),
    ...(alignment.length > 0 && scores.every((score) => score.alignment !== undefined) && { alignment }),
    ...(judgeCalls.length > 0 && { judgeCalls }),
    ...(explanation !== undefined && { explanation }),
    ...(scores.some(({ failed }) => failed) && { failed: true as const }),
  };
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
