/** Compares each model with its steps of a stress test: from which step on it is worse than without stress. */

import { holm } from '../../stats/holm.ts';
import { STRESS_KINDS, type StressKind } from '../../stress-kinds.ts';
import type { StressCurve, StressOf, StressStep } from '../../stress-report.ts';
import { compareModels, meanOfKnown, verdictScores } from '../frontier/compare-models.ts';
import type { ComparisonPlan, LabelledModel } from '../plan-comparison.ts';
import { conclude } from '../verdict.ts';

interface Step {
  readonly step: LabelledModel;
  readonly stress: StressOf;
}

/** One for each model and kind of stress, in a comparison of one run. */
export function stressCurvesOf({ runs, models, common }: ComparisonPlan): readonly StressCurve[] {
  if (runs.length > 1) return [];
  const steps = models.flatMap((step): readonly Step[] => {
    const { stress } = step.model.info;
    return stress === undefined ? [] : [{ step, stress }];
  });
  return models.flatMap((base) => {
    const own = steps.filter(({ stress }) => stress.base === base.model.info.id);
    const kinds = [...new Set(own.map(({ stress }) => stress.kind))];
    return kinds.map((kind) =>
      curveOf(
        base,
        kind,
        own.filter(({ stress }) => stress.kind === kind),
        common,
      ),
    );
  });
}

function curveOf(
  base: LabelledModel,
  kind: StressKind,
  steps: readonly Step[],
  common: ComparisonPlan['common'],
): StressCurve {
  const { label, severityOf } = STRESS_KINDS[kind];
  const sorted = [...steps].sort(
    (x, y) => severityOf(x.stress.level) - severityOf(y.stress.level) || x.stress.level - y.stress.level,
  );
  const compared = sorted.map(({ step }) => compareModels(base, step, common));
  const adjusted = holm(compared.map(({ p }) => p));
  const isStressed = samplesOf(sorted.map(({ step }) => step));
  const measured = sorted.map(({ step, stress }, index): StressStep => {
    const one = compared[index];
    const pHolm = adjusted[index] ?? null;
    return {
      model: step.model.info.id,
      level: stress.level,
      n: one?.n ?? 0,
      score: one?.b ?? null,
      difference: one?.difference ?? null,
      ciLow: one?.ciLow ?? null,
      ciHigh: one?.ciHigh ?? null,
      pHolm,
      isRealDrop: one !== undefined && conclude(one, pHolm) === 'worse',
      promptTokens: meanOfKnown(step.model.promptTokens),
      costUsd: meanOfKnown(step.model.costUsd),
    };
  });
  return {
    base: base.model.info.id,
    kind,
    label,
    score: meanOfKnown(verdictScores(base).filter(isStressed)),
    promptTokens: meanOfKnown(base.model.promptTokens.filter(isStressed)),
    costUsd: meanOfKnown(base.model.costUsd.filter(isStressed)),
    steps: measured,
    breaksAt: measured.find(({ isRealDrop }) => isRealDrop)?.level ?? null,
  };
}

/** Samples that have the medium. */
const samplesOf = (steps: readonly LabelledModel[]) => (_: number, sample: number) =>
  steps.some(({ model }) => model.unsupported[sample] === 0);
