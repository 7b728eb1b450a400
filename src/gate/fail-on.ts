/** `--fail-on 'score<0.9'`: conditions on the metrics of `summary.csv` that make a run fail. */

import { InputError, type Problem } from '../errors.ts';
import type { SummaryRow } from '../report.ts';
import { FAILURE_KINDS } from '../result.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { isCount } from './figures.ts';
import { figureText } from './gate-words.ts';

type Operator = '<' | '<=' | '>' | '>=';

/** The run fails where this holds for any model. */
export interface FailOn {
  /** As written. */
  readonly text: string;
  readonly metric: string;
  readonly operator: Operator;
  readonly value: number;
}

export interface FailOnResult {
  readonly condition: string;
  readonly model: string;
  /** null = the model has no such figure. */
  readonly value: number | null;
  readonly verdict: 'pass' | 'missed' | 'unjudged';
  readonly message: string;
}

const CONDITION = /^\s*([^\s<>=]+)\s*(<=|>=|<|>)\s*(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)\s*$/i;

const METRICS = [
  ...['score', 'score_all', 'latency_ms_p50', 'latency_ms_p90', 'latency_ms_p95', 'latency_ms_p99'],
  ...['prompt_tokens', 'completion_tokens', 'cost_usd'].flatMap((name) => [`${name}_mean`, `${name}_total`]),
  ...[
    'total_tokens_total',
    'completed',
    'failed',
    'skipped',
    'unscored',
    'truncated',
    'refused',
    'filtered',
    'unparsed',
  ],
  ...['skipped.budget', ...FAILURE_KINDS.map((kind) => `failed.${kind}`)],
];

/** @throws {InputError} with every condition that cannot be read, or names no metric. */
export function parseFailOn(texts: readonly string[]): readonly FailOn[] {
  const problems: Problem[] = [];
  const conditions = texts.flatMap((text): readonly FailOn[] => {
    const [, metric, operator, number] = CONDITION.exec(text) ?? [];
    if (metric === undefined || operator === undefined) {
      problems.push({
        message: `--fail-on ${quote(text)} is not a condition`,
        hint: "metric, one of < <= > >=, and a number, in quotes: 'score<0.9'",
      });
      return [];
    }
    if (!METRICS.includes(metric) && !/^(score\..|estimate_)/.test(metric)) {
      problems.push({
        message: `--fail-on: ${quote(metric)} is not a metric of summary.csv`,
        hint: suggest(metric, METRICS),
      });
      return [];
    }
    return [{ text: text.trim(), metric, operator: operator as Operator, value: Number(number) }];
  });
  if (problems.length > 0) throw new InputError(problems);
  return conditions;
}

/** A result for each condition and model. The metrics are exactly those of `summary.csv`, over all samples. */
export function judgeFailOn(
  conditions: readonly FailOn[],
  models: readonly string[],
  summary: readonly SummaryRow[],
): readonly FailOnResult[] {
  return conditions.flatMap(({ text, metric, operator, value: limit }) =>
    models.map((model): FailOnResult => {
      const row = summary.find((one) => one.model === model && one.slice === 'all' && one.metric === metric);
      const value = row === undefined ? (isCount(metric) ? 0 : null) : row.value;
      const common = { condition: text, model, value };
      if (value === null)
        return {
          ...common,
          verdict: 'unjudged',
          message: `${model} has no ${metric}: --fail-on ${text} cannot be judged`,
        };
      const isMissed = holds(value, operator, limit);
      const shown = figureText(metric, value);
      return {
        ...common,
        verdict: isMissed ? 'missed' : 'pass',
        message: `${model}: ${metric} is ${shown}, ${isMissed ? 'which fails on' : 'not'} ${text}`,
      };
    }),
  );
}

function holds(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return operator satisfies never;
  }
}
