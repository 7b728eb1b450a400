/** Creates results for tests of the summary and the reports. */

import type { Failure, FailureKind, Result, SampleCard, Score } from '../../src/result.ts';
import { NO_USAGE, type Usage } from '../../src/types.ts';

export function usageOf(promptTokens: number, completionTokens: number): Usage {
  return { ...NO_USAGE, promptTokens, completionTokens, totalTokens: promptTokens + completionTokens };
}

export interface ResultParts {
  readonly model?: string;
  readonly index?: number;
  readonly repeat?: number;
  readonly sample?: Partial<SampleCard>;
  readonly scores?: readonly Score[];
  /** Scorers of the sample; default: those of `scores`, else `exact` if there is a target. */
  readonly scorers?: readonly string[];
  readonly latencyMs?: number;
  readonly costUsd?: number | null;
}

function factsOf({
  model = 'm',
  index = 0,
  repeat = 0,
  sample = {},
  scores = [],
  costUsd = null,
  ...rest
}: ResultParts) {
  const asked = scores.length > 0 ? scores.map(({ scorer }) => scorer) : sample.target?.length === 0 ? [] : ['exact'];
  const { scorers = asked } = rest;
  return {
    sampleId: `s${index}`,
    modelId: model,
    repeat,
    sampleIndex: index,
    sampleKey: `key-${index}`,
    requestHash: `hash-${index}-${model}`,
    sample: { prompt: 'p', images: [], audio: [], target: ['t'], group: null, tags: [], metadata: {}, ...sample },
    attempts: 1,
    costUsd,
    tokensSource: null,
    servedModel: null,
    requestId: null,
    scorers,
    scores,
  } as const;
}

function timingOf(latencyMs: number | null) {
  return { startedAt: null, queueMs: 0, retryWaitMs: 0, latencyMs, firstTokenMs: null };
}

export function scoreOf(value: number | null, scorer = 'exact', counts?: Readonly<Record<string, number>>): Score {
  return {
    scorer,
    value,
    raw: value,
    unit: counts === undefined ? 'match' : scorer,
    ...(counts === undefined ? {} : { counts }),
  };
}

/** A completed cell; `value` is its only score. */
export function answered(value: number | null, parts: ResultParts = {}): Result {
  const scores = parts.scores ?? (value === null ? [] : [scoreOf(value)]);
  return {
    ...factsOf({ ...parts, scores }),
    status: 'completed',
    outcome: 'answered',
    answer: 'a',
    finishReason: 'stop',
    usage: usageOf(10, 2),
    timing: timingOf(parts.latencyMs ?? 100),
    score: value,
  };
}

/** A completed cell without a score, with another outcome than `answered`. */
export function outcome(kind: 'refused' | 'truncated' | 'unparsed', parts: ResultParts = {}): Result {
  return { ...answered(null, parts), status: 'completed', answer: '', finishReason: 'length', outcome: kind };
}

export function failed(kind: FailureKind, parts: ResultParts = {}): Result {
  const failure: Failure = { kind, message: kind };
  const filtered = kind === 'content_filter' ? ('filtered' as const) : null;
  return {
    ...factsOf(parts),
    status: 'failed',
    outcome: filtered,
    failure,
    usage: null,
    timing: timingOf(null),
    score: null,
  };
}

export function skipped(parts: ResultParts = {}, kind: 'unsupported' | 'budget' = 'unsupported'): Result {
  const failure: Failure = { kind, message: kind };
  return {
    ...factsOf(parts),
    status: 'skipped',
    outcome: null,
    failure,
    usage: null,
    timing: timingOf(null),
    score: null,
  };
}
