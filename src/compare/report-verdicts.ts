/** The verdicts of a run that has just ended, from its report: they need less memory than a whole comparison. */

import { range } from '../collections/gather.ts';
import { growingNumbers } from '../collections/growing-numbers.ts';
import { HashSet64 } from '../collections/hash-set-64.ts';
import type { ReportBaseline } from '../gate-report.ts';
import { ablationBase } from '../plan/ablation.ts';
import type { RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { clusterOf, isWanted, scoreAll } from '../summary/tally.ts';
import type { Verdicts } from './comparison.ts';
import { judgeVerdicts, SEED, VERDICT_METRIC } from './judge.ts';
import { compareScores } from './metric-comparison.ts';

/**
 * Every model that supports samples of the first one against it, and those without a medium against themselves with it; no pairs when there is one model only, or no sample is to
 * be scored.
 */
export async function verdictsOfReport({ run, samples }: Pick<RunReport, 'run' | 'samples'>): Promise<Verdicts> {
  // Steps of a stress test are for `earsight compare` and the reports: at the end of a run they would hide the others.
  const bases = new Set(run.models.map(({ id }) => id));
  const asked = run.models.filter(({ stress }) => !bases.has(stress?.base ?? ''));
  const [first, ...others] = asked.map(({ id }) => id);
  if (first === undefined || others.length === 0) return judgeVerdicts([]);
  const columns = await readColumns([first, ...others], samples());
  if (!columns.asked.includes(1)) return judgeVerdicts([]);
  const numbers = range(columns.count);
  const none = new Uint32Array();
  const common = { a: numbers, b: numbers, onlyA: none, onlyB: none };
  const of = (id: string) => columns.models.get(id) ?? { scores: new Float64Array(), unsupported: new Uint8Array() };
  return judgeVerdicts(
    others.flatMap((id) => {
      const base = ablationBase(id, [first, ...others]) ?? first;
      const [a, b] = [of(base), of(id)];
      const { clusters, asked } = columns;
      const unsupported = { a: a.unsupported, b: b.unsupported };
      const on = { common, clusters, asked, unsupported, seed: SEED };
      const compared = compareScores(VERDICT_METRIC, { a: a.scores, b: b.scores }, on);
      const { onlyA, onlyB, neither } = compared.dropped;
      return compared.n + onlyA + onlyB + neither === 0 ? [] : [{ a: base, b: id, compared }];
    }),
  );
}

/** One number a sample in manifest order; `was` is of the baseline. */
export async function readColumns(
  ids: readonly string[],
  samples: AsyncIterable<readonly Result[]>,
  baseline?: ReportBaseline,
) {
  const models = ids.map((id) => ({
    id,
    scores: growingNumbers(Float64Array, Number.NaN),
    was: growingNumbers(Float64Array, Number.NaN),
    unsupported: growingNumbers(Uint8Array, 0),
  }));
  const clusters = growingNumbers(Uint32Array, 0);
  const asked = growingNumbers(Uint8Array, 0);
  const numbers = new HashSet64();
  let count = 0;
  for await (const results of samples) {
    const [first] = results;
    if (first === undefined) continue;
    const cluster = clusterOf(first);
    clusters.set(count, cluster === null ? count : (numbers.add(cluster, count) ?? count));
    asked.set(count, results.some(({ scorers }) => scorers.length > 0) ? 1 : 0);
    for (const { id, scores, was, unsupported } of models) {
      const own = results.filter(({ modelId }) => modelId === id);
      scores.set(count, meanOf(own.map(scoreAll)));
      was.set(count, baseline?.scoreOf(first, id) ?? Number.NaN);
      unsupported.set(count, own.length > 0 && !own.some(isWanted) ? 1 : 0);
    }
    count += 1;
  }
  const taken = models.map(
    ({ id, scores, was, unsupported }) =>
      [id, { scores: scores.take(count), was: was.take(count), unsupported: unsupported.take(count) }] as const,
  );
  return { count, models: new Map(taken), clusters: clusters.take(count), asked: asked.take(count) };
}

/** NaN = no repeat has a score. */
function meanOf(scores: readonly (number | null)[]): number {
  const known = scores.filter((score) => score !== null);
  return known.reduce((total, score) => total + score, 0) / known.length;
}
