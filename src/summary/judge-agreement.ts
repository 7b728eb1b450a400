/** How far several judges of one scorer agree with each other: the share of equal verdicts, and Krippendorff's alpha. */

import type { SummaryRow } from '../report.ts';
import type { JudgeCall, Result, Score } from '../result.ts';
import { createAlpha, type KrippendorffAlpha } from '../stats/agreement/krippendorff.ts';
import { createScoreMean, type ScoreMean } from '../stats/mean.ts';
import { ALL } from './slices.ts';
import { clusterOf } from './tally.ts';

/** The judges of a score in their order, each with its calls for the turns of a conversation; empty = one judge, or none. */
export function judgesOfScore({ judgeCalls = [] }: Score): ReadonlyMap<string, readonly JudgeCall[]> {
  const judges = new Map<string, JudgeCall[]>();
  for (const call of judgeCalls) judges.set(call.model, [...(judges.get(call.model) ?? []), call]);
  return judges.size < 2 ? new Map() : judges;
}

interface Column {
  /** 1 where all judges with a verdict gave the same. */
  readonly same: ScoreMean;
  readonly alpha: KrippendorffAlpha;
  /** Answers with fewer than two verdicts. */
  missing: number;
}

export interface JudgeAgreements {
  add(result: Result): void;
  /** `judges_agree.<scorer>` and `judges_alpha.<scorer>`, in the order of the models. */
  rows(): readonly SummaryRow[];
}

export function createJudgeAgreements(modelIds: readonly string[]): JudgeAgreements {
  const models = new Map(modelIds.map((id) => [id, new Map<string, Column>()]));
  return {
    add(result) {
      const columns = models.get(result.modelId);
      if (columns === undefined) return;
      for (const score of result.scores) {
        const judges = [...judgesOfScore(score).values()];
        if (judges.length === 0) continue;
        const column = columns.get(score.scorer) ?? { same: createScoreMean(), alpha: createAlpha(), missing: 0 };
        columns.set(score.scorer, column);
        for (const turn of judges[0]?.keys() ?? []) {
          const grades = judges.flatMap((calls) => calls[turn]?.grade ?? []);
          column.alpha.add(grades);
          if (grades.length < 2) column.missing += 1;
          else
            column.same.add(
              Number(grades.every((grade) => grade === grades[0])),
              // Repeats and turns of a sample are not independent.
              clusterOf(result) ?? `sample ${result.sampleIndex}`,
            );
        }
      }
    },
    rows: () =>
      [...models].flatMap(([model, columns]) =>
        [...columns].sort().flatMap(([scorer, { same, alpha, missing }]) =>
          [
            { metric: `judges_agree.${scorer}`, estimate: same.estimate() },
            { metric: `judges_alpha.${scorer}`, estimate: alpha.estimate() },
          ].map(({ metric, estimate: { n, value, ciLow, ciHigh, ciMethod } }) => ({
            ...{ model, slice: ALL, metric, n, value, ciLow, ciHigh, ciMethod, missing },
          })),
        ),
      ),
  };
}
