/** Turns the results of batches that have ended into results of cells, in the order of the manifest. */

import { type BatchPart, isPending } from '../journal/batches/batch-log.ts';
import type { RunInfo } from '../report.ts';
import type { Result } from '../result.ts';
import { type Cell, keyOfCell } from '../run/cell-context.ts';
import { cellsOf, isDone, type RunContext, type RunPlan } from '../run/open-cells.ts';
import { keepResult, runCells } from '../run/run-cells.ts';
import { batchResult } from './batch-result.ts';
import { customIdOf } from './custom-id.ts';
import type { BatchClients } from './open-clients.ts';
import { openResultIndex } from './result-index.ts';

/** What became of the cells of one part. */
export interface CollectedPart {
  readonly part: BatchPart;
  answered: number;
  failed: number;
  /** Cells of the part that the manifest has. */
  seen: number;
  /** Requests that have a line. */
  readonly matched: number;
  /** Lines that cannot be read, or name no request of the part. */
  readonly unread: number;
}

/** Resolves when every cell of these parts has its result in the journal, or after a stop; null = it was stopped. */
export async function collectCells(
  plan: RunPlan,
  context: RunContext,
  { runId }: RunInfo,
  {
    folder,
    parts,
    clients,
  }: { readonly folder: string; readonly parts: readonly BatchPart[]; readonly clients: BatchClients },
): Promise<readonly CollectedPart[] | null> {
  const index = await openResultIndex(folder, parts, (key) => customIdOf(runId, key));
  const collected = parts.map((part, at): CollectedPart => {
    const counts = { answered: 0, failed: 0, seen: 0 };
    return { part, ...counts, matched: index.matched[at] ?? 0, unread: index.unread[at] ?? 0 };
  });
  // Judges are asked when all answers are in the journal.
  const { onResult, ...quiet } = context;
  try {
    for await (const sample of plan.samples())
      for (const modelIndex of plan.models.keys())
        for (const cell of cellsOf(sample, modelIndex, plan)) {
          if (context.stop.aborted) return null;
          const key = keyOfCell(cell);
          const customId = customIdOf(runId, key);
          const of = collected[index.partOf(customId) ?? -1];
          if (of === undefined || !isReady(of)) continue;
          of.seen += 1;
          // An interrupted collection kept it, or it was asked in another way.
          if (isDone(cell, context)) continue;
          const line = index.lineOf(customId);
          const reply = line === null ? null : (await clients.of(cell.model.config)).read(line);
          const result = await batchResult(cell, of.part, reply, context);
          count(of, result);
          await context.journal.ready(context.stop);
          const isJudged = result.status === 'completed' && context.judging !== null;
          await keepResult(cell.rowIndex, key, result, isJudged ? quiet : context);
          if (result.status === 'completed') context.done.add(key);
          if (isJudged && context.judging?.isOpen(cell.rowIndex) !== true) await onResult?.(result);
        }
  } finally {
    index.close();
  }
  // Those that wait for their judges are asked about; nothing else is.
  if (context.judging !== null) await runCells(plan, context, (cell: Cell) => isDone(cell, context));
  return collected;
}

/** Its batch has ended, and is its own: a batch at Anthropic has no name, and is recognised by its results. */
function isReady({ part, matched, unread }: CollectedPart): boolean {
  return isPending(part) && part.ended !== null && !isForeign({ matched, unread });
}

/** Whether a batch has results, and none of them is of the part. */
export function isForeign({ matched, unread }: Pick<CollectedPart, 'matched' | 'unread'>): boolean {
  return matched === 0 && unread > 0;
}

function count(of: CollectedPart, { status }: Result): void {
  if (status === 'completed') of.answered += 1;
  else of.failed += 1;
}
