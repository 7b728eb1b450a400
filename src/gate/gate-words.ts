/** The sentences about what a gate found. */

import { dollars, duration } from '../reporters/figures-for-people.ts';
import { counted } from '../text/counted.ts';
import type { Decision } from './decide.ts';

/** Figures of one comparison. */
export interface ComparedFigures {
  readonly model: string;
  readonly metric: string;
  readonly isScore: boolean;
  readonly limit: number;
  readonly baseline: number;
  readonly run: number;
  readonly repeat: number;
}

/** `12.0 points`: scores are shares, and differences of shares are points. */
function points(share: number): string {
  return `${(100 * share).toFixed(1)} points`;
}

export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A figure with the unit that its metric names. */
export function figureText(metric: string, value: number): string {
  if (/^score(\.|_|$)/.test(metric) && !metric.endsWith('.raw')) return shareText(value);
  if (metric === 'errorRate') return shareText(value);
  if (/^cost/.test(metric)) return dollars(value);
  if (/^latency/.test(metric)) return duration(value);
  return String(Number(value.toPrecision(6)));
}

/** What was compared, and what that shows. */
export function comparedMessage(figures: ComparedFigures, decision: Decision): string {
  const { metric, model, baseline, run } = figures;
  const head = `${model}: ${metric} ${figureText(metric, baseline)} → ${figureText(metric, run)}`;
  return `${head}, ${figures.isScore ? scoreChange(figures, decision) : relativeChange(figures, decision)}`;
}

function scoreChange({ limit }: ComparedFigures, { verdict, loss, lossAtMost, n, pHolm }: Decision): string {
  const margin = `the margin is ${points(limit)}`;
  const change = loss === null ? 'not compared' : loss > 0 ? `${points(loss)} lost` : `${points(-loss)} gained`;
  const samples = `on ${n} ${n === 1 ? 'sample' : 'samples'}`;
  if (verdict === 'regressed') return `${change} ${samples} (p ${pText(pHolm)}; ${margin})`;
  const bound = lossAtMost === null ? '' : `; at most ${points(Math.max(0, lossAtMost))} lost`;
  if (verdict === 'pass') return `${change} ${samples}${bound} (95 %; ${margin})`;
  return `${change} ${samples}${bound}${bound === '' ? '' : ' (95 %)'}, and ${margin}`;
}

function relativeChange({ limit, baseline, run }: ComparedFigures, { n, pHolm, verdict }: Decision): string {
  const increase = baseline === 0 ? 0 : run / baseline - 1;
  const size = shareText(Math.abs(increase));
  const change = Math.abs(increase) < 5e-4 ? 'unchanged' : `${size} ${increase > 0 ? 'more' : 'less'}`;
  const p = verdict === 'pass' || pHolm === null ? '' : `p ${pText(pHolm)}; `;
  return `${change} on ${counted(n, 'sample')} (${p}the limit is ${shareText(limit)} more)`;
}

/** What would decide an inconclusive comparison. */
export function decidingHint({ isScore, repeat, limit }: ComparedFigures, decision: Decision): string {
  const { n, visible, samplesNeeded } = decision;
  const can =
    !isScore || visible === null
      ? `${n} ${n === 1 ? 'sample is' : 'samples are'} too few for this limit`
      : `${counted(n, 'sample')} can see ${points(visible)}, and the margin is ${points(limit)}`;
  if (samplesNeeded === null || samplesNeeded <= n) return `${can}: add samples, or repeat each of them`;
  const repeats = Math.ceil((repeat * samplesNeeded) / n);
  return `${can}: about ${samplesNeeded} samples would decide it, or --repeat ${repeats} here and in the baseline`;
}

function pText(p: number | null): string {
  if (p === null) return '–';
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}
