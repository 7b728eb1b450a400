/** Shows the batches of a run to people and to programs. */

import { isPending } from '../journal/batches/batch-log.ts';
import { textTable } from '../text/text-table.ts';
import type { PartState } from './fetch-results.ts';

/** One batch, for `--json`. */
export interface BatchDocument {
  readonly part: string;
  readonly model: string;
  /** null = it was not created. */
  readonly batchId: string | null;
  readonly requests: number;
  readonly status: string;
  readonly completed: number | null;
  readonly failed: number | null;
  readonly createdAt: string | null;
  readonly problem: string | null;
}

export function batchDocument({ part, state, failure }: PartState): BatchDocument {
  const { closed, ended, batchId, requests, modelId, createdAt } = part;
  const counts = closed?.type === 'collected' ? { completed: closed.answered, failed: closed.failed } : state?.counts;
  return {
    part: part.part,
    model: modelId,
    batchId,
    requests,
    status: statusOf({ part, state, failure }),
    completed: counts?.completed ?? null,
    failed: counts?.failed ?? null,
    createdAt,
    problem: failure?.message ?? state?.problem?.message ?? ended?.problem ?? null,
  };
}

function statusOf({ part, state, failure }: PartState): string {
  if (part.closed !== null) return part.closed.type;
  if (part.ended !== null) return `${part.ended.status}, to be collected`;
  if (part.batchId === null) return part.fileId === null ? 'not uploaded' : 'not created';
  if (failure !== null) return 'unknown';
  return state?.status ?? 'submitted';
}

/** A row for each batch. */
export function batchTable(states: readonly PartState[]): string {
  const rows = states.map(batchDocument);
  const figure = (count: number | null) => (count === null ? '' : String(count));
  return textTable(
    [
      ['part', 'model', 'batch', 'status', 'requests', 'completed', 'failed'],
      ...rows.map((row) => [
        row.part,
        row.model,
        row.batchId ?? '',
        row.status,
        String(row.requests),
        figure(row.completed),
        figure(row.failed),
      ]),
    ],
    'llllrrr',
  );
}

/** Requests whose answers may still come. */
export function pendingRequests(states: readonly Pick<PartState, 'part'>[]): number {
  return states.reduce((sum, { part }) => sum + (isPending(part) ? part.requests : 0), 0);
}
