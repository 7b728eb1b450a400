/** Says whether judges replied to enough questions for the scores to be complete. */

import type { JudgeTotals } from './asker.ts';

type Counts = Pick<JudgeTotals, 'asked' | 'reused' | 'failures'>;

/** One sentence, or none; `maxErrorRate` is that of the run. */
export function judgeTroubles({ asked, reused, failures }: Counts, maxErrorRate: number): readonly string[] {
  const overBudget = failures.get('budget') ?? 0;
  if (overBudget > 0)
    return [
      `judges: the budget was reached, ${overBudget} questions were not asked · raise --max-cost, then continue with --resume`,
    ];
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  if (failed <= maxErrorRate * (asked + reused)) return [];
  const kinds = [...failures].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [`judges: ${failed} questions have no verdict (${kinds}) · --resume asks again those that failed`];
}
