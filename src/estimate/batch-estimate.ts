/** What of an estimate goes by batch APIs: their price where it can, and which cells cannot. */

import { createBatchObstacle, createObstacleCount } from '../plan/batch-obstacle.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import { batchDiscountOf, discountNote } from '../tokens/batch-discount.ts';
import type { ModelConfig } from '../types.ts';
import type { CellEstimate } from './estimate-cell.ts';
import type { ModelEstimate } from './estimate-document.ts';

/** `models`: those that are compared; judges are asked when the answers are collected. */
export function createBatchEstimate(models: readonly ModelConfig[]) {
  const obstacle = createBatchObstacle();
  const obstacles = createObstacleCount();
  const cells = new Map<string, number>();
  const sent = () => models.filter(({ id }) => cells.has(id));
  return {
    byBatch: (request: PlannedRequest) => obstacle(request) === null,
    /** Counts so many repeats of a cell. */
    add({ status, request }: CellEstimate, times: number): void {
      if (status !== 'estimated') return;
      const { id } = request.model;
      const reason = obstacle(request);
      if (reason === null) cells.set(id, (cells.get(id) ?? 0) + times);
      else obstacles.add(id, reason, times);
    },
    /** The estimates with what goes by batch. Its quota is another one: the limits do not tell how long it takes. */
    shares: (estimates: readonly ModelEstimate[]): readonly ModelEstimate[] =>
      estimates.map((estimate) => {
        const model = models.find(({ id }) => id === estimate.id);
        if (model === undefined) return estimate;
        const batch = { cells: cells.get(model.id) ?? 0, discount: batchDiscountOf(model) };
        return { ...estimate, batch, minutes: batch.cells > 0 ? null : estimate.minutes };
      }),
    sentences: (): readonly string[] => [
      ...obstacles.sentences().map((sentence) => `${sentence}; at the ordinary price`),
      ...sent().flatMap((model) => discountNote(model) ?? []),
    ],
  };
}
