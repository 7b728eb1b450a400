/** The member `gates` of a configuration: which figures of a run must hold, and how they are checked. */

import { z } from 'zod';
import { defined } from '../collections/defined.ts';
import { FAILURE_KINDS } from '../result.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { TreeProblem } from './tree-problem.ts';

/** One gate, checked. */
export interface Gate {
  /** As written. */
  readonly metric: string;
  readonly level: 'warn' | 'error';
  /** Points that a score may lose: 0.02 are 2 points. */
  readonly margin?: number;
  readonly min?: number;
  readonly max?: number;
  /** 0.1 are 10 %. */
  readonly maxIncrease?: number;
}

/** Points that a score may lose when the gate sets no limit. */
export const DEFAULT_MARGIN = 0.02;

const levelSchema = z.enum(['off', 'warn', 'error']);
const limitsSchema = z.strictObject({
  margin: z.number().min(0).max(1).exactOptional().describe('Points that a score may lose; 0.02 are 2 points.'),
  min: z.number().exactOptional().describe('Smallest value; needs no baseline.'),
  max: z.number().exactOptional().describe('Largest value; needs no baseline.'),
  maxIncrease: z.number().min(0).exactOptional().describe('Relative increase; 0.1 are 10 %.'),
});

type Limits = z.infer<typeof limitsSchema>;
type LimitName = keyof Limits;

const entrySchema = z.union([levelSchema, z.tuple([levelSchema, limitsSchema])]);

/** By metric: a level, or a level with limits. `gateProblems` checks what belongs together. */
export const gatesSchema = z.record(z.string(), entrySchema);

/** Problems of the gates whose shape is right, so that all problems of a file are reported at once. */
export function gateProblems(tree: unknown): readonly TreeProblem[] {
  const gates = isRecord(tree) ? tree['gates'] : undefined;
  if (!isRecord(gates)) return [];
  return Object.entries(gates).flatMap(([metric, entry]): readonly TreeProblem[] => {
    const { data } = entrySchema.safeParse(entry);
    const problem = data === undefined ? null : gateProblem(metric, typeof data === 'string' ? {} : data[1]);
    if (problem === null) return [];
    const [message = '', hint] = problem.split(' · ', 2);
    return [defined({ path: ['gates', metric], message: `gate ${quote(metric)} ${message}`, hint })];
  });
}

/** The gates that are not off, in the order of the file. */
export function gatesOf(entries: z.infer<typeof gatesSchema>): readonly Gate[] {
  return Object.entries(entries).flatMap(([metric, entry]): readonly Gate[] => {
    const [level, limits] = typeof entry === 'string' ? [entry, {} as Limits] : entry;
    if (level === 'off') return [];
    const needsMargin = isScore(metric) && Object.keys(limits).length === 0;
    return [{ metric, level, ...defined(limits), ...(needsMargin ? { margin: DEFAULT_MARGIN } : {}) }];
  });
}

/** A score that is compared sample by sample; a raw corpus figure is not. */
function isScore(metric: string): boolean {
  return metric === 'score' || metric === 'score_all' || (/^score\../.test(metric) && !metric.endsWith('.raw'));
}

/** Figures that are compared by their relative increase. */
export const RELATIVE = [
  'costPerSample',
  'latencyP50',
  'cost_usd_mean',
  'latency_ms_p50',
  'prompt_tokens_mean',
  'completion_tokens_mean',
] as const;

/** Figures with absolute limits only. */
const ABSOLUTE = [
  'latency_ms_p90',
  'latency_ms_p95',
  'prompt_tokens_total',
  'completion_tokens_total',
  'total_tokens_total',
  'cost_usd_total',
  ...['completed', 'failed', 'skipped', 'unscored', 'truncated', 'refused', 'filtered', 'unparsed', 'skipped.budget'],
  ...FAILURE_KINDS.map((kind) => `failed.${kind}`),
];

const ERROR_RATE = 'errorRate';

function allowedLimits(metric: string): readonly LimitName[] | null {
  if (metric === ERROR_RATE) return ['max'];
  if (isScore(metric)) return ['margin', 'min', 'max'];
  if ((RELATIVE as readonly string[]).includes(metric)) return ['maxIncrease', 'min', 'max'];
  const isAbsolute = ABSOLUTE.includes(metric) || /^score\..+\.raw$/.test(metric);
  return isAbsolute ? ['min', 'max'] : null;
}

/** What is wrong with a gate; null = nothing. */
function gateProblem(metric: string, limits: Limits): string | null {
  if (metric.endsWith('p99'))
    return 'is not a gate · the 99th percentile differs too much between two equal runs; use latencyP50';
  const allowed = allowedLimits(metric);
  const known = ['score', 'score_all', ERROR_RATE, ...RELATIVE, ...ABSOLUTE];
  if (allowed === null) return `is not a metric of summary.csv · ${suggest(metric, known)}`;
  const given = Object.keys(limits) as LimitName[];
  const wrong = given.find((name) => !allowed.includes(name));
  if (wrong !== undefined) return `cannot have ${wrong} · it takes ${allowed.join(', ')}`;
  if (given.length === 0 && !isScore(metric)) return `needs a limit · one of ${allowed.join(', ')}`;
  const { min, max } = limits;
  if (min !== undefined && max !== undefined && min > max) return 'has a min above its max · exchange them';
  return null;
}
