/** Writes figures the way people read them; CSV and JSON carry them unrounded. */

import type { ModelOverview, OverviewFigure, Tally } from './overview.ts';

/** Stands for what was not measured. */
export const NONE = '–';

/** A share as a percentage with one decimal. */
export function percent(share: number | null): string {
  return share === null ? NONE : `${(100 * share).toFixed(1)}%`;
}

/** `84.9–87.9` in per cent; empty without an interval. */
export function percentInterval({ low, high }: OverviewFigure): string {
  return low === null || high === null ? '' : `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`;
}

/** `621 ms`, `1.39 s`, `2 min 05 s`. */
export function duration(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** Dollars with cents, and as many decimals below a dollar as show three digits; `unpriced` is never 0. */
export function cost({ costUsd, unpriced }: Pick<ModelOverview, 'costUsd' | 'unpriced'>): string {
  if (costUsd === null) return 'unpriced';
  return unpriced === 0 ? dollars(costUsd) : `${dollars(costUsd)} + ${unpriced} unpriced`;
}

function dollars(usd: number): string {
  if (usd === 0 || Math.abs(usd) >= 1) return `$${usd.toFixed(2)}`;
  const decimals = Math.min(10, 2 - Math.floor(Math.log10(Math.abs(usd))));
  return `$${usd.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/u, '$1')}`;
}

/** Mean tokens of a cell, prompt and completion. */
export function tokens({ promptTokens, completionTokens }: ModelOverview): string {
  if (promptTokens === null && completionTokens === null) return NONE;
  const rounded = (mean: number | null) => (mean === null ? NONE : String(Math.round(mean)));
  return `${rounded(promptTokens)}→${rounded(completionTokens)}`;
}

/** `rate_limit 2, timeout 1`. */
export function tallies(list: readonly Tally[]): string {
  return list.map(({ name, count }) => `${name} ${count}`).join(', ');
}
