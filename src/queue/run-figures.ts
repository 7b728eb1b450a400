/** Counts what a coordinator has taken in. */

import type { Result } from '../result.ts';
import type { RunContext } from '../run/open-cells.ts';
import type { RunDocument, RunFigures } from './run-document.ts';

/** `onResult` counts a result and hands it on. */
export function createFigures(context: RunContext, { runIdentity }: Pick<RunDocument, 'runIdentity'>) {
  const { samples, models, repeat } = runIdentity;
  const startedAt = context.clock.now();
  const before = context.index.size();
  const failed = new Map<string, number>();
  let tokens = 0;
  let costUsd = 0;
  return {
    async onResult(result: Result) {
      tokens += result.usage?.totalTokens ?? 0;
      costUsd += result.costUsd ?? 0;
      if (result.status === 'failed') failed.set(result.failure.kind, (failed.get(result.failure.kind) ?? 0) + 1);
      await context.onResult?.(result);
    },
    now: (): RunFigures => ({
      total: samples * models.length * repeat,
      done: Math.max(before, context.index.size()),
      failed: Object.fromEntries(failed),
      tokens,
      costUsd,
      elapsedMs: context.clock.now() - startedAt,
    }),
  };
}
