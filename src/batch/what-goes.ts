/** Counts which missing cells of a run go by batch, and which cannot, before anything is sent. */

import type { HashSet64 } from '../collections/hash-set-64.ts';
import type { Progress } from '../journal/resume.ts';
import { createBatchObstacle, createObstacleCount } from '../plan/batch-obstacle.ts';
import { createPlanner } from '../plan/planned-request.ts';
import type { PreparedSetup } from '../plan/prepare.ts';
import { cellKey } from '../plan/request-hash.ts';

export interface WhatGoes {
  /** Cells that go by batch, by model id; models without any are not in it. */
  readonly byModel: ReadonlyMap<string, number>;
  /** What cannot, one sentence for each model and reason. */
  readonly obstacles: readonly string[];
}

/** `pending`: cells that wait in a batch. */
export async function whatGoes(
  { models, repeat, samples }: Pick<PreparedSetup, 'models' | 'repeat' | 'samples'>,
  { done, again }: Pick<Progress, 'done' | 'again'>,
  pending: HashSet64,
): Promise<WhatGoes> {
  const planners = models.map(createPlanner);
  const obstacle = createBatchObstacle();
  const obstacles = createObstacleCount();
  const byModel = new Map<string, number>();
  for await (const sample of samples())
    for (const request of planners.map((planner) => planner.plan(sample))) {
      if (sample.broken !== undefined || request.unsupported !== null) continue;
      const { id } = request.model;
      let open = 0;
      for (let index = 0; index < repeat; index += 1) {
        const key = cellKey(request.requestHash, sample.id, id, index);
        if ((!done.has(key) || again.has(key)) && !pending.has(key)) open += 1;
      }
      if (open === 0) continue;
      const reason = obstacle(request);
      if (reason === null) byModel.set(id, (byModel.get(id) ?? 0) + open);
      else obstacles.add(id, reason, open);
    }
  return { byModel, obstacles: obstacles.sentences() };
}
