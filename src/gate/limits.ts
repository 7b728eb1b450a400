/** Compares figures of a run with the `min` and the `max` of its gates; needs no baseline. */

import type { Gate } from '../config/gate-schema.ts';
import type { GateLimit, GateResult } from '../gate-report.ts';
import { figureOf, isCount, pairedFigure, summaryRow } from './figures.ts';
import { figureText } from './gate-words.ts';
import type { MeasuredRun } from './open-measured-run.ts';

type JudgedRun = Pick<MeasuredRun, 'measures' | 'report'>;

/** A result for each limit, gate and model. */
export function judgeLimits(models: readonly string[], gates: readonly Gate[], run: JudgedRun): readonly GateResult[] {
  return gates
    .filter(({ metric }) => metric !== 'errorRate')
    .flatMap((gate) =>
      (['min', 'max'] as const).flatMap((type) => {
        const limit = gate[type];
        return limit === undefined ? [] : models.map((model) => judgeLimit(model, gate, { type, value: limit }, run));
      }),
    );
}

function judgeLimit(model: string, { metric, level }: Gate, limit: GateLimit, run: JudgedRun): GateResult {
  const { value, n } = measured(model, metric, run);
  const common = { model, metric, level, limit, value, n, dropped: 0 };
  const nothing = { baseline: null, loss: null, lossAtMost: null, p: null, pHolm: null };
  if (value === null)
    return {
      ...common,
      ...nothing,
      verdict: 'unjudged',
      message: `${model} has no ${metric}`,
      hint: metric.startsWith('score') ? 'scores need targets and scorers' : 'remove the gate, or measure the figure',
    };
  const isMissed = limit.type === 'min' ? value < limit.value : value > limit.value;
  const shown = figureText(metric, value);
  const bound = figureText(metric, limit.value);
  const relation = isMissed ? (limit.type === 'min' ? 'below' : 'above') : 'within';
  return {
    ...common,
    ...nothing,
    verdict: isMissed ? 'missed' : 'pass',
    message: `${model}: ${metric} ${shown} is ${relation} the ${limit.type} of ${bound}`,
  };
}

function measured(model: string, metric: string, { measures, report }: JudgedRun): Pick<GateResult, 'value' | 'n'> {
  if (metric.startsWith('score.') && !metric.endsWith('.raw')) {
    const figure = pairedFigure(metric);
    const values = [...measures.samples.values()].flatMap(({ models }) => figure.value(models.get(model)) ?? []);
    return { value: figureOf(figure, values), n: values.length };
  }
  const row = summaryRow(report.summary, model, metric);
  if (row === undefined) return { value: isCount(metric) ? 0 : null, n: 0 };
  return { value: row.value, n: row.n };
}
