/** Says what judges were asked, and whether they replied to enough questions for the scores to be complete. */

import type { JudgeTotals } from './asker.ts';

type Counts = Pick<JudgeTotals, 'asked' | 'reused' | 'failures'>;

/** One sentence, or none; `maxErrorRate` is that of the run, `way` is what asks again. */
export function judgeTroubles(
  { asked, reused, failures }: Counts,
  maxErrorRate: number,
  way = '--resume',
): readonly string[] {
  const overBudget = failures.get('budget') ?? 0;
  if (overBudget > 0)
    return [
      `judges: the budget was reached, ${overBudget} questions were not asked · raise --max-cost, then continue with ${way}`,
    ];
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  if (failed <= maxErrorRate * (asked + reused)) return [];
  const kinds = [...failures].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [`judges: ${failed} questions have no verdict (${kinds}) · ${way} asks again those that failed`];
}

/** What was asked, and what it cost. */
export function judgeSentence({ asked, reused, spentUsd, unpriced, failures }: JudgeTotals): string {
  const kinds = [...failures].map(([kind, count]) => `${kind} ${count}`);
  return [
    `${asked} questions to judges`,
    ...(reused > 0 ? [`${reused} more had replies in the journal`] : []),
    ...(asked > unpriced ? [`judges cost $${spentUsd.toPrecision(3)}`] : []),
    ...(unpriced > 0 ? [`${unpriced} replies without a price`] : []),
    ...(kinds.length > 0 ? [`without a verdict: ${kinds.join(', ')}`] : []),
  ].join('; ');
}
