/** Compares the gated figures of a run with a baseline: all gates of one level are one family. */

import type { Gate } from '../config/gate-schema.ts';
import type { GateLimit, GateResult } from '../gate-report.ts';
import type { ClusterId } from '../stats/clusters.ts';
import { kindOfScores } from '../stats/methods.ts';
import type { BaselineSample } from './baseline.ts';
import { type Decision, decideTogether, type PairedGate } from './decide.ts';
import { figureOf, type PairedFigure, pairedFigure } from './figures.ts';
import { type ComparedFigures, comparedMessage, decidingHint } from './gate-words.ts';
import type { SampleMeasures } from './run-measures.ts';

/** What is compared; the two sides may also be two reruns. */
interface ComparedSamples<Pair> {
  readonly pairs: readonly Pair[];
  readonly clusterOf: (pair: Pair) => ClusterId;
  readonly repeat: number;
}

type AnyPair = { readonly baseline: BaselineSample; readonly run: SampleMeasures };

/** One gate for one model with its values. */
interface Candidate {
  readonly gate: Gate;
  readonly model: string;
  readonly limit: GateLimit;
  readonly figure: PairedFigure;
  readonly baseline: readonly number[];
  readonly run: readonly number[];
  readonly clusters: readonly ClusterId[];
}

/** A result for each gate with a margin or a `maxIncrease`, and each model. `gates` are of one level. */
export function comparePairedGates<Pair extends AnyPair>(
  models: readonly string[],
  gates: readonly Gate[],
  samples: ComparedSamples<Pair>,
): readonly GateResult[] {
  const candidates = gates.flatMap((gate) => {
    const limit = pairedLimit(gate);
    return limit === null ? [] : models.map((model) => candidateOf(model, gate, limit, samples));
  });
  const comparable = candidates.filter(isComparable);
  const decisions = decideTogether(comparable.map(pairedGate));
  const decided = new Map(comparable.map((candidate, index) => [candidate, decisions[index]]));
  return candidates.map((candidate) => {
    const decision = decided.get(candidate);
    return decision === undefined
      ? notComparable(candidate, samples.pairs)
      : resultOf(candidate, decision, samples.pairs.length, samples.repeat);
  });
}

function pairedLimit({ margin, maxIncrease }: Gate): GateLimit | null {
  if (margin !== undefined) return { type: 'margin', value: margin };
  return maxIncrease === undefined ? null : { type: 'maxIncrease', value: maxIncrease };
}

function candidateOf<Pair extends AnyPair>(
  model: string,
  gate: Gate,
  limit: GateLimit,
  { pairs, clusterOf }: ComparedSamples<Pair>,
): Candidate {
  const figure = pairedFigure(gate.metric);
  const [baseline, run, clusters]: [number[], number[], ClusterId[]] = [[], [], []];
  for (const pair of pairs) {
    const was = figure.value(pair.baseline.models.get(model));
    const is = figure.value(pair.run.models.get(model));
    if (was === null || is === null) continue;
    baseline.push(was);
    run.push(is);
    clusters.push(clusterOf(pair));
  }
  return { gate, model, limit, figure, baseline, run, clusters };
}

/** A relative increase needs something to increase from. */
function isComparable({ figure, baseline, run }: Candidate): boolean {
  if (baseline.length === 0) return false;
  return figure.isScore || (figureOf(figure, baseline) ?? 0) > 0 || figureOf(figure, run) === 0;
}

function pairedGate({ limit, figure, baseline, run, clusters }: Candidate): PairedGate {
  if (figure.isScore)
    return {
      ...{ kind: kindOfScores(baseline, run), baseline, run, clusters },
      ...{ higherIsBetter: true, margin: limit.value },
    };
  const was = figureOf(figure, baseline) ?? 0;
  const is = figureOf(figure, run) ?? 0;
  const cost = { kind: 'unbounded' as const, clusters, higherIsBetter: false };
  if (!figure.isLatency) {
    const relative = (values: readonly number[]) => (was === 0 ? values : values.map((value) => value / was));
    return { ...cost, baseline: relative(baseline), run: relative(run), margin: limit.value };
  }
  // A factor becomes a difference, and a few very slow answers do not hide the others.
  const logs = (values: readonly number[]) => values.map((ms) => Math.log(Math.max(ms, SHORTEST_MS)));
  const loss = was > 0 && is > 0 ? Math.log(is / was) : 0;
  return { ...cost, baseline: logs(baseline), run: logs(run), margin: Math.log(1 + limit.value), loss };
}

/** No answer comes faster; a clock may say 0. */
const SHORTEST_MS = 0.01;

function resultOf(candidate: Candidate, decision: Decision, pairs: number, repeat: number): GateResult {
  const { gate, model, limit, figure, baseline, run } = candidate;
  const was = figureOf(figure, baseline) ?? 0;
  const is = figureOf(figure, run) ?? 0;
  const { isScore } = figure;
  const figures: ComparedFigures = {
    model,
    metric: gate.metric,
    isScore,
    limit: limit.value,
    baseline: was,
    run: is,
    repeat,
  };
  const { verdict, n, p, pHolm } = decision;
  const isInconclusive = verdict === 'inconclusive';
  return {
    ...{ model, metric: gate.metric, level: gate.level, limit },
    // Only a score can regress: a higher price is beyond a limit.
    verdict: verdict === 'regressed' && !isScore ? 'missed' : verdict,
    ...{
      value: is,
      baseline: was,
      loss: lossOf(figure, decision, was, is),
      lossAtMost: isScore ? decision.lossAtMost : null,
    },
    ...{ p, pHolm, n, dropped: pairs - n },
    message: comparedMessage(figures, decision),
    ...(isInconclusive ? { hint: decidingHint(figures, decision) } : {}),
  };
}

function lossOf({ isScore }: PairedFigure, { loss }: Decision, was: number, is: number): number | null {
  if (isScore) return loss;
  return was === 0 ? 0 : is / was - 1;
}

function notComparable(
  { gate, model, limit, figure, baseline, run }: Candidate,
  pairs: readonly AnyPair[],
): GateResult {
  const n = baseline.length;
  const has = (side: keyof AnyPair) => pairs.some((pair) => figure.value(pair[side].models.get(model)) !== null);
  const whereMissing =
    pairs.length === 0
      ? 'has no common samples'
      : has('run')
        ? has('baseline')
          ? 'was measured on other samples in the baseline'
          : 'was not measured in the baseline'
        : 'was not measured in this run';
  const message =
    n > 0
      ? `${model}: ${gate.metric} was 0 in the baseline, so there is no increase to measure`
      : `${model}: ${gate.metric} ${whereMissing}`;
  return {
    ...{
      model,
      metric: gate.metric,
      level: gate.level,
      limit,
      verdict: pairs.length === 0 ? 'inconclusive' : 'unjudged',
    },
    ...{ value: figureOf(figure, run), baseline: figureOf(figure, baseline), loss: null, lossAtMost: null },
    ...{ p: null, pHolm: null, n, dropped: pairs.length - n, message },
    hint: 'remove the gate, or set a baseline that has the figure',
  };
}
