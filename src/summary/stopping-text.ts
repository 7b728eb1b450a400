/** What a run decided before it had asked everything, as sentences for people. */

import type { RunInfo, RunReport } from '../report.ts';
import { dollars } from '../reporters/figures-for-people.ts';
import type { StoppingDecision, StoppingInfo } from '../stopping-report.ts';

/** What was not asked, and what it would have cost. */
export interface Saving {
  /** Cells that were not asked, of so many that the models support. */
  readonly notAsked: number;
  readonly cells: number;
  /** By the mean cost of the answers of each model; null = some model has no price. */
  readonly savedUsd: number | null;
}

/** One sentence for each comparison, then what was saved; none for runs that ask every sample. Not escaped. */
export function stoppingLines({ run, summary }: Pick<RunReport, 'run' | 'summary'>): readonly string[] {
  const { stopping, dataset } = run;
  if (stopping?.decisions === undefined) return [];
  const saving = savingOf({ run, summary });
  return [
    ...stopping.decisions.map((decision) => decisionText(decision, stopping, dataset.samples)),
    savingText(saving),
  ];
}

/** What a reader of p values and intervals must know; none for runs that ask every sample. */
export function stoppingWarnings({ stopping }: Pick<RunInfo, 'stopping'>): readonly string[] {
  if (stopping === undefined) return [];
  return [
    'samples were asked until the comparison was decided: p values and intervals that were made for a fixed number of samples are too narrow here; those of --stop-when-decided are valid',
  ];
}

export function savingOf({ run, summary }: Pick<RunReport, 'run' | 'summary'>): Saving {
  const rows = run.models.map(({ id }) => {
    const figure = (metric: string) =>
      summary.find((row) => row.model === id && row.slice === 'all' && row.metric === metric)?.value ?? null;
    const notAsked = figure('skipped.decided') ?? 0;
    const each = figure('cost_usd_mean');
    const cells = notAsked + (figure('completed') ?? 0) + (figure('failed') ?? 0);
    return { cells, notAsked, usd: notAsked === 0 ? 0 : each === null ? null : each * notAsked };
  });
  const costs = rows.map(({ usd }) => usd);
  return {
    notAsked: rows.reduce((sum, { notAsked }) => sum + notAsked, 0),
    cells: rows.reduce((sum, { cells }) => sum + cells, 0),
    savedUsd: costs.includes(null) ? null : costs.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
  };
}

function savingText({ notAsked, cells, savedUsd }: Saving): string {
  if (notAsked === 0) return `all ${group(cells)} calls were needed`;
  const price = savedUsd === 0 ? ' (free)' : ` (about ${dollars(savedUsd ?? 0)})`;
  const money = savedUsd === null ? '; what they would have cost is not known' : price;
  return `saved ${group(notAsked)} of ${group(cells)} calls${money}`;
}

function decisionText(decision: StoppingDecision, { margin, alpha }: StoppingInfo, samples: number): string {
  const { a, b, conclusion, difference, ciLow, ciHigh, dropped } = decision;
  const sign = conclusion === 'worse' ? -1 : 1;
  const [low, high] = [sign * ciLow, sign * ciHigh].sort((x, y) => x - y);
  const interval = `(${points(low ?? 0)} to ${points(high ?? 0)}, ${Math.round(100 * (1 - alpha))}% at whatever sample it stops)`;
  const used = `${group(decision.samples)} of ${group(samples)} samples`;
  const without = dropped === 0 ? '' : `; ${group(dropped)} of them have no pair of scores`;
  const by = points(sign * (difference ?? 0));
  switch (conclusion) {
    case 'better':
    case 'worse':
      return `decided: ${b} is ${conclusion} than ${a} by ${by} points ${interval}, after ${used}${without}`;
    case 'within':
      return `decided: ${b} and ${a} differ by at most ${points(margin ?? 0)} points: ${by} ${interval}, after ${used}${without}`;
    case 'open':
      return `not decided: ${b} against ${a}, ${by} points ${interval}, after ${used}${without}`;
  }
}

function points(share: number): string {
  const text = (100 * share).toFixed(1);
  return Number(text) === 0 ? '0.0' : text;
}

function group(count: number): string {
  return count.toLocaleString('en-US');
}
