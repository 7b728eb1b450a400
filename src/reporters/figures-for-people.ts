/** Formats figures for people; CSV and JSON have them unrounded. */

import type { SentMedia } from '../media-transform.ts';
import type { ScoreSets, SummaryRow } from '../report.ts';
import type { ModelOverview, OverviewFigure, ScorerFigure, Tally } from './overview.ts';

/** Shown for a missing measurement. */
export const NONE = '–';

/** A share as a percentage with one decimal. */
export function percent(share: number | null): string {
  return share === null ? NONE : `${(100 * share).toFixed(1)}%`;
}

/** `12.3`; as many decimals as the interval needs. */
export function points(share: number): string {
  return (100 * share).toFixed(1);
}

/** `+12.3`, `-0.4`. */
export function signed(share: number): string {
  const text = points(share);
  return Number(text) === 0 ? '0.0' : share > 0 ? `+${text}` : text;
}

/** `84.9–87.9` in per cent; empty without an interval. */
export function percentInterval({ low, high }: OverviewFigure): string {
  return low === null || high === null ? '' : `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`;
}

/** A share with its interval, and the raw figure where there is one: `87.7% (84.9–89.9), raw 0.123`. */
export function percentWithInterval(figure: OverviewFigure, raw: ScorerFigure['raw'] = null): string {
  const interval = percentInterval(figure);
  const share = percent(figure.value) + (interval === '' ? '' : ` (${interval})`);
  return raw === null ? share : `${share}, raw ${raw.toFixed(3)}`;
}

/** An error rate, with the mark that lower is better: `23.4 % ↓`. */
export function rateText(rate: number | null): string {
  return rate === null ? NONE : `${(100 * rate).toFixed(1)} % ↓`;
}

/**
 * What a scorer found. An error rate is shown as one, with the mark that lower is better: `23.4 % ↓ (20.1–26.9)`. Labels
 * have their macro F1, too.
 */
export function scorerText({ figure, raw, errorRate, macroF1 }: ScorerFigure): string {
  if (errorRate !== null) {
    const rate = rateText(errorRate.value);
    const interval = percentInterval(errorRate);
    return interval === '' ? rate : `${rate} (${interval})`;
  }
  const share = percentWithInterval(figure, raw);
  return macroF1 === null ? share : `${share}, macro F1 ${percent(macroF1)}`;
}

/** `621 ms`, `1.39 s`, `59.9 s`, `2.1 min`. */
export function duration(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 119.95) return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  return `${(seconds / 60).toFixed(1)} min`;
}

/**
 * Dollars with cents, below one dollar with three significant digits. Cells without a price are `unpriced`, never 0; a
 * sum over only some of the cells is a lower bound.
 */
export function cost({ costUsd, unpriced, isFree }: Pick<ModelOverview, 'costUsd' | 'unpriced' | 'isFree'>): string {
  if (isFree) return 'free';
  if (costUsd === null) return unpriced === 0 ? NONE : 'unpriced';
  return unpriced === 0 ? dollars(costUsd) : `≥${dollars(costUsd)}`;
}

/** Dollars with cents, below one dollar with three significant digits. */
export function dollars(usd: number): string {
  if (usd === 0 || Math.abs(usd) >= 1) return `$${usd.toFixed(2)}`;
  const decimals = Math.min(10, 2 - Math.floor(Math.log10(Math.abs(usd))));
  return `$${usd.toFixed(decimals).replace(/(\.\d\d\d*?)0+$/u, '$1')}`;
}

/** `3 answers have no scores in the set "rescore-1"`; null when all answers that could be scored are. */
export function unscoredText({ used, unscored }: Pick<ScoreSets, 'used' | 'unscored'>): string | null {
  if (unscored === 0) return null;
  return `${unscored === 1 ? '1 answer has' : `${unscored} answers have`} no scores in the set "${used}", but in another one`;
}

/** What to do about answers without scores. */
export const UNSCORED_HINT =
  'earsight score RUN scores all answers into a new set; gate, report and compare use another one with --set, e.g. --set run';

/** Which scores are shown, when a run has more than its own: `scores: rescore-1 (exact 2), not the run's own`. */
export function scoreSetText(scoreSets: ScoreSets): string {
  const used = scoreSets.all.find(({ name }) => name === scoreSets.used);
  const scorers = (used?.scorers ?? []).map(({ name, version }) =>
    version.startsWith(`${name} `) ? version : `${name}: ${version}`,
  );
  const others = scoreSets.all.filter((set) => set !== used).map(({ name }) => name);
  const what = scorers.length === 0 ? '' : ` (${scorers.join(', ')})`;
  const unscored = unscoredText(scoreSets);
  const rest = unscored === null ? '' : ` · ${unscored} · ${UNSCORED_HINT}`;
  return `scores: @${scoreSets.used}${what} · other sets: ${others.map((name) => `@${name}`).join(', ')}${rest}`;
}

/** `judges: $0.0033 for 3 answers, not in the cost of the models`; null when no judge was asked. */
export function judgeText(summary: readonly SummaryRow[]): string | null {
  const rows = summary.filter(({ metric, slice }) => metric === 'judge_cost_usd_total' && slice === 'all');
  const priced = rows.reduce((sum, { n }) => sum + n, 0);
  const unpriced = rows.reduce((sum, { missing }) => sum + missing, 0);
  if (priced + unpriced === 0) return null;
  const cost = rows.reduce((sum, { value }) => sum + (value ?? 0), 0);
  const shown = priced === 0 ? 'unpriced' : `${dollars(cost)} for ${priced} ${priced === 1 ? 'answer' : 'answers'}`;
  const rest = priced > 0 && unpriced > 0 ? `, ${unpriced} without a price` : '';
  return `judges: ${shown}${rest} · not in the cost of the models`;
}

/** Below this share of independent observations, an interval is much wider than its number of samples suggests. */
const FEW_CLUSTERS = 0.5;

/** `m: 60 scored samples count as 1, ...` for each model whose interval is wide or missing for that reason. */
export function clusterNotes(models: readonly ModelOverview[]): readonly string[] {
  return models
    .filter(({ scored, clusters }) => clusters < scored && clusters <= FEW_CLUSTERS * scored)
    .map(
      ({ id, scored, clusters }) =>
        `${id}: ${scored} scored samples count as ${clusters}, because those of one group, or about the same picture or clip, are not independent: ${clusters === 1 ? 'there is no interval' : 'the interval is wide'}`,
    );
}

/** `12.4x`: seconds of sound for each second of latency. */
export function rtfxText(rtfx: number | null): string {
  return rtfx === null ? NONE : `${rtfx.toFixed(rtfx < 99.95 ? 1 : 0)}x`;
}

/** A replay asks no model: its times and tokens are of another day. */
export function replayText(runId: string): string {
  return `a replay of ${runId}: answers, times and tokens are those of that run`;
}

/** Mean tokens of a cell, prompt and completion. */
export function tokens({ promptTokens, completionTokens }: ModelOverview): string {
  if (promptTokens === null && completionTokens === null) return NONE;
  const rounded = (mean: number | null) => (mean === null ? NONE : String(Math.round(mean)));
  return `${rounded(promptTokens)}→${rounded(completionTokens)}`;
}

/** ` (rate_limit 2, timeout 1)`, to follow a number; empty without any. */
export function inBrackets(list: readonly Tally[]): string {
  return list.length === 0 ? '' : ` (${tallies(list)})`;
}

/** `rate_limit 2, timeout 1`. */
export function tallies(list: readonly Tally[]): string {
  return list.map(({ name, count }) => `${name} ${count}`).join(', ');
}

/** What was sent instead of the bytes of a file: the form, the hash, and the packages that made it. */
export function sentMediaText({ uri, mediaType, byteLength, sha256, codec }: SentMedia): string {
  return `${mediaType}, ${byteLength.toLocaleString('en-US')} bytes, sha256 ${sha256}, by ${codec}, instead of ${uri}`;
}
