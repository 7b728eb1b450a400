/** The A/B verdicts about the pairs of a comparison. */

import type { PreferenceFigures } from '../agreement-report.ts';
import type { PreferenceLine } from '../journal/lines/preference-line.ts';
import { preferenceFigures } from '../summary/preferences.ts';
import type { ComparisonPlan, LabelledModel, ModelPair } from './plan-comparison.ts';

/** The figures of the pairs that are compared, over the samples in common, from the journal of the last run. */
export function comparedPreferences(plan: ComparisonPlan): readonly PreferenceFigures[] {
  const label = ({ runId, modelId }: PreferenceLine['a']) =>
    plan.models.find((model) => isOf(model, { runId, modelId }))?.label ?? null;
  return preferenceFigures(linesOf(plan), label);
}

/** By sample key, the newest verdict about a pair. */
export function newestPreferences(plan: ComparisonPlan, { a, b }: ModelPair): ReadonlyMap<string, PreferenceLine> {
  return new Map(
    linesOf(plan).flatMap((line) => (isOf(a, line.a) && isOf(b, line.b) ? [[line.sampleKey, line] as const] : [])),
  );
}

function linesOf({ runs, common, pairs }: ComparisonPlan): readonly PreferenceLine[] {
  const last = runs.at(-1);
  if (last === undefined || last.preferences.length === 0) return [];
  const keys = new Set(Array.from(common.b, (number) => last.samples.keys[number]));
  return last.preferences.filter(
    (line) => keys.has(line.sampleKey) && pairs.some(({ a, b }) => isOf(a, line.a) && isOf(b, line.b)),
  );
}

function isOf({ run, model }: LabelledModel, { runId, modelId }: PreferenceLine['a']): boolean {
  return run.info.runId === runId && model.info.id === modelId;
}
