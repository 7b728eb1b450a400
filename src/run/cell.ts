/** Runs one cell: capability check, budget, request, scoring, result. */

import type { Answer, Clocks, Result } from '../result.ts';
import type { Budget } from './budget.ts';
import type { Cell, CellContext } from './cell-context.ts';
import { answeredResult, failedResult, replayedResult, unsentResult } from './cell-result.ts';
import { cachedAnswers, converse } from './converse.ts';
import { spentOn } from './ledger.ts';

const startClocks = (): Clocks => ({ attempts: 0, unseenBills: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null });

/** Runs a cell. Never throws for what a model or endpoint did. */
export async function runCell(cell: Cell, context: CellContext): Promise<Result> {
  // What the replayed run holds was sent: limits that are known today do not take it away.
  const earlier = context.replay?.from.find(replayKey(cell)) ?? null;
  if (context.replay !== null && earlier !== null)
    return context.sounds.adoptResult(await replayedResult(cell, earlier, context), context.replay.folder);
  const { sample } = cell.request;
  if (sample.broken !== undefined)
    return unsentResult(cell, 'skipped', { kind: 'media', message: sample.broken }, context);
  const unsupported = await unsupportedIn(cell, context);
  if (unsupported !== null)
    return unsentResult(cell, 'skipped', { kind: 'unsupported', message: unsupported }, context);
  if (context.replay?.live === false) {
    return unsentResult(
      cell,
      'failed',
      { kind: 'aborted', message: 'the replayed run has no result for this request' },
      context,
    );
  }
  if (context.budget === null) return askCell(cell, context, startClocks());
  // A cell that is in the cache needs no budget.
  const cached = await cachedAnswers(cell, context);
  if (cached !== null) return answeredResult(cell, cached, Object.assign(startClocks(), { queueMs: 0 }), context);
  return askWithinBudget(cell, context, context.budget);
}

async function unsupportedIn(
  { request, model: { planner } }: Cell,
  { facts }: Pick<CellContext, 'facts'>,
): Promise<string | null> {
  return request.unsupported ?? (planner.measures ? planner.tooLong(request, facts) : null);
}

async function askWithinBudget(cell: Cell, context: CellContext, budget: Budget): Promise<Result> {
  for (;;) {
    const money = await budget.open(cell.request);
    if ('message' in money) return unsentResult(cell, 'skipped', { kind: 'budget', message: money.message }, context);
    const clocks = startClocks();
    let spent = money.mostUsd();
    try {
      const result = await askCell(cell, { ...context, money }, clocks);
      // Answers have cost more than expected while the cell waited to be sent: it needs a larger reservation.
      const isOutgrown = result.status === 'failed' && result.failure.kind === 'budget' && clocks.attempts === 0;
      spent = isOutgrown ? 0 : spentOn(result, clocks.unseenBills, money.mostUsd());
      if (!isOutgrown) return spent === (result.costUsd ?? 0) ? result : { ...result, assumedCostUsd: spent };
    } finally {
      money.settle(spent);
    }
  }
}

function replayKey({ request: { requestHash, sample, model }, repeat }: Cell) {
  return { requestHash, repeat, sampleId: sample.id, modelId: model.id };
}

function isUnknownBill({ completion, fromCache, isCounted }: Answer): boolean {
  return completion.usage === null && fromCache !== true && isCounted !== true;
}

async function askCell(cell: Cell, context: CellContext, clocks: Clocks): Promise<Result> {
  const readyAt = context.clock.now();
  const { answers, failure } = await converse(cell, context, clocks);
  // When a later turn fails, the earlier ones without usage may have been billed, too.
  if (failure !== null && answers.some(isUnknownBill)) clocks.unseenBills += 1;
  const timed = Object.assign(clocks, { queueMs: (clocks.firstSentAt ?? context.clock.now()) - readyAt });
  return failure === null
    ? answeredResult(cell, answers, timed, context)
    : failedResult(cell, failure, answers, timed, context);
}
