/** Judges a run: missing answers first, then limits, then the comparison with a baseline. */

import type { Gate } from '../config/gate-schema.ts';
import { EXIT } from '../errors.ts';
import { type GateLevel, type GateReport, type GateResult, VERDICTS, type Verdict } from '../gate-report.ts';
import { UNSCORED_HINT, unscoredText } from '../reporters/figures-for-people.ts';
import { resumeOptions } from '../summary/troubles.ts';
import { comparePairedGates } from './compare-gates.ts';
import { judgeLimits } from './limits.ts';
import type { MeasuredRun } from './open-measured-run.ts';
import { type NamedBaseline, pairSamples, type SamplePair } from './pair-samples.ts';
import { mean } from './values.ts';

export interface JudgeInput {
  readonly run: Pick<MeasuredRun, 'definition' | 'measures' | 'report'>;
  readonly gates: readonly Gate[];
  /** null = only limits are judged. */
  readonly baseline: NamedBaseline | null;
  /** Fraction of the cells of a model that may be missing; a gate `errorRate` may allow fewer. */
  readonly maxErrorRate: number;
  /** Fraction of the baseline's samples that the run must have. */
  readonly minOverlap: number;
}

/** The most samples that are named for each model. */
const MAX_WORSE = 20;

/** @throws {InputError} for a baseline of another dataset or of other scorers. */
export function judge(input: JudgeInput): GateReport {
  const { run, gates, baseline, minOverlap } = input;
  const paired = baseline === null ? null : pairSamples(baseline, run, minOverlap);
  const pairs = paired?.pairs ?? [];
  const ids = run.report.run.models.map(({ id }) => id);
  const errors = ids.flatMap((id) => errorRates(id, input));
  const isJudged = (id: string) => errors.every(({ model, verdict }) => model !== id || verdict !== 'unjudged');
  const judged = ids.filter(isJudged);
  const compared = judged.filter((id) => baseline?.head.models.some((model) => model.id === id) === true);
  const results = [
    ...errors,
    ...judgeLimits(judged, gates, run),
    ...(['error', 'warn'] as const).flatMap((level) =>
      comparePairedGates(
        compared,
        gates.filter((gate) => gate.level === level),
        { pairs, clusterOf: ({ run: sample }) => sample.cluster, repeat: run.report.run.repeat },
      ),
    ),
  ];
  return withWorse(
    {
      verdict: worst(results),
      scoreSet: run.report.scoreSets?.used ?? null,
      baseline: baseline === null ? null : aboutBaseline(baseline, pairs.length),
      results,
      notes: [...(paired?.notes ?? []), ...unscoredNotes(run.report)],
      worse: [],
      worseCounts: {},
      spending: compared.map((id) => spendingOf(id, pairs)),
    },
    pairs,
  );
}

/** The exit code of a verdict; `strict` also asks for proof that nothing is lost. */
export function exitCodeOf({ verdict }: Pick<GateReport, 'verdict'>, strict: boolean): number {
  switch (verdict) {
    case 'pass':
      return EXIT.done;
    case 'inconclusive':
      return strict ? EXIT.missed : EXIT.done;
    case 'missed':
    case 'regressed':
      return EXIT.missed;
    case 'unjudged':
      return EXIT.incomplete;
    default:
      return verdict satisfies never;
  }
}

/** The worst verdict of the gates at level `error`. */
export function worst(results: readonly Pick<GateResult, 'level' | 'verdict'>[]): Verdict {
  const ranks = results.map(({ level, verdict }) => (level === 'error' ? VERDICTS.indexOf(verdict) : 0));
  return VERDICTS[Math.max(0, ...ranks)] ?? 'pass';
}

/** Names the samples of the models that regressed. `pairs` may hold the results of a confirming rerun, too. */
export function withWorse(report: GateReport, pairs: readonly SamplePair[]): GateReport {
  const regressed = report.results.filter(({ verdict, limit }) => verdict === 'regressed' && limit.type === 'margin');
  const lists = [...new Set(regressed.map(({ model }) => model))].map((model) => ({
    model,
    list: worseOf(model, pairs),
  }));
  return {
    ...report,
    worse: lists.flatMap(({ list }) => list.slice(0, MAX_WORSE)),
    worseCounts: Object.fromEntries(lists.map(({ model, list }) => [model, list.length])),
  };
}

/** With a baseline such answers are a problem, see `pairSamples`; limits are judged without them. */
function unscoredNotes({ scoreSets }: JudgeInput['run']['report']): readonly string[] {
  const text = scoreSets === undefined ? null : unscoredText(scoreSets);
  return text === null ? [] : [`${text} (not judged) · ${UNSCORED_HINT}`];
}

function worseOf(model: string, pairs: readonly SamplePair[]) {
  const list = pairs.flatMap(({ baseline, run }) => {
    const was = mean(baseline.models.get(model)?.values.get('score_all'));
    const is = mean(run.models.get(model)?.values.get('score_all'));
    return was === null || is === null || is >= was
      ? []
      : [{ model, sampleId: run.id, baseline: was, run: is, line: run.line }];
  });
  return list.sort((a, b) => b.baseline - b.run - (a.baseline - a.run));
}

/** Missing answers; a gate `errorRate` that only warns lets the configuration's limit decide. */
function errorRates(model: string, { run, gates, maxErrorRate }: JudgeInput): readonly GateResult[] {
  const cells = run.measures.models.get(model);
  if (cells === undefined || cells.cells === 0) return [];
  const { missing, kinds } = cells;
  const value = missing / cells.cells;
  const byKind = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const gate = gates.find(({ metric }) => metric === 'errorRate');
  const gateMax = gate?.max;
  const limits: { level: GateLevel; max: number }[] = [];
  if (gate !== undefined && gateMax !== undefined) limits.push({ level: gate.level, max: gateMax });
  if (gate === undefined || gate.level === 'warn' || (gateMax ?? 0) > maxErrorRate)
    limits.push({ level: 'error', max: maxErrorRate });
  return limits.map(({ level, max }): GateResult => {
    const isOver = value > max;
    const message = `${model}: ${missing} of ${cells.cells} answers are missing${missing === 0 ? '' : ` (${byKind})`}`;
    return {
      ...{ model, metric: 'errorRate', level, limit: { type: 'max', value: max } },
      verdict: isOver ? (level === 'error' ? 'unjudged' : 'missed') : 'pass',
      ...{ value, baseline: null, loss: null, lossAtMost: null, p: null, pHolm: null, n: cells.cells, dropped: 0 },
      message: isOver
        ? `${message}, more than ${(100 * max).toFixed(1)} %${level === 'error' ? ': its scores are not judged' : ''}`
        : message,
      ...(isOver ? { hint: `complete the run with earsight run ${resumeOptions(kinds.keys())}` } : {}),
    };
  });
}

function aboutBaseline({ file, head, samples }: NamedBaseline, common: number): GateReport['baseline'] {
  return { file, createdAt: head.createdAt, runs: head.runs.length, samples: samples.size, common };
}

function spendingOf(model: string, pairs: readonly SamplePair[]) {
  const figure = (name: string) => {
    const of = (side: 'baseline' | 'run') => {
      const known = pairs.flatMap((pair) => mean(pair[side].models.get(model)?.values.get(name)) ?? []);
      return known.length === 0 ? null : known.reduce((total, value) => total + value, 0) / known.length;
    };
    return { baseline: of('baseline'), run: of('run') };
  };
  return {
    model,
    costUsd: figure('cost_usd'),
    promptTokens: figure('prompt_tokens'),
    completionTokens: figure('completion_tokens'),
  };
}
