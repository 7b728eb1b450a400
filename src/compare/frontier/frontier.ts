/** Compares the variants of each model by what they lose and what they save. */

import { baseModelId } from '../../config/select-models.ts';
import type { Frontier, FrontierPoint } from '../../frontier-report.ts';
import { ablationBase } from '../../plan/ablation.ts';
import type { ComparisonPlan, LabelledModel } from '../plan-comparison.ts';
import { compareModels, meanOfKnown, verdictScores } from './compare-models.ts';

/** One for each model with variants that cost differently, in a comparison of one run. */
export function frontiersOf({ runs, models, common }: ComparisonPlan): readonly Frontier[] {
  if (runs.length > 1) return [];
  const ids = models.map(({ model }) => model.info.id);
  const variants = models.filter(
    ({ model: { info } }) => info.stress === undefined && ablationBase(info.id, ids) === null,
  );
  const bases = [...new Set(variants.map(({ model }) => baseModelId(model.info.id)))];
  return bases.flatMap((base) => {
    // A stress test leaves the model as it is beside its variants.
    const own = variants.filter(({ model }) => baseModelId(model.info.id) === base);
    return frontierOf(base, own, common) ?? [];
  });
}

interface Figures {
  readonly variant: LabelledModel;
  readonly promptTokens: number | null;
  readonly costUsd: number | null;
  readonly score: number | null;
}

function frontierOf(
  base: string,
  variants: readonly LabelledModel[],
  common: ComparisonPlan['common'],
): Frontier | null {
  const all = variants.map((variant): Figures => {
    const { promptTokens, costUsd } = variant.model;
    return {
      variant,
      promptTokens: meanOfKnown(promptTokens),
      costUsd: meanOfKnown(costUsd),
      score: meanOfKnown(verdictScores(variant)),
    };
  });
  // A free model costs nothing, and only its tokens say which variant is smaller.
  const by = all.every(({ costUsd }) => (costUsd ?? 0) > 0) ? 'cost' : 'promptTokens';
  const priceOf = (one: Figures) => (by === 'cost' ? one.costUsd : one.promptTokens);
  const known = all.filter((one) => priceOf(one) !== null && one.score !== null);
  const dearest = [...known].sort((x, y) => (priceOf(y) ?? 0) - (priceOf(x) ?? 0));
  const [reference, ...others] = dearest;
  if (reference === undefined || others.length === 0) return null;
  const most = priceOf(reference) ?? 0;
  const points = dearest.map((one): FrontierPoint => {
    const price = priceOf(one) ?? 0;
    const isBeaten = dearest.some((other) => {
      const [less, more] = [price - (priceOf(other) ?? 0), (other.score ?? 0) - (one.score ?? 0)];
      return less >= 0 && more >= 0 && less + more > 0;
    });
    return {
      model: one.variant.model.info.id,
      variant: one.variant.model.info.id.slice(base.length + 1) || PLAIN,
      score: one.score,
      ...(one === reference ? NO_DIFFERENCE : differenceOf(reference.variant, one.variant, common)),
      promptTokens: one.promptTokens,
      costUsd: one.costUsd,
      saved: one === reference || most === 0 ? null : 1 - price / most,
      isBest: !isBeaten,
    };
  });
  // Local models report no tokens of media: variants that seem to cost the same say nothing of what is saved.
  const isCheaper = points.some(({ saved }) => saved !== null && Math.abs(saved) >= LEAST_SAVED);
  return isCheaper ? { base, reference: points[0]?.variant ?? '', by, points } : null;
}

/** The variant of a model as it is. */
const PLAIN = 'as it is';

/** Less than this is no saving. */
const LEAST_SAVED = 0.005;

const NO_DIFFERENCE = { difference: null, ciLow: null, ciHigh: null } as const;

function differenceOf(a: LabelledModel, b: LabelledModel, common: ComparisonPlan['common']) {
  const { difference, ciLow, ciHigh } = compareModels(a, b, common);
  return { difference, ciLow, ciHigh };
}
