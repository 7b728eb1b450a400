/** The one estimate of a cell while it runs, which budget and price share. */

import type { PlannedRequest } from '../plan/planned-request.ts';
import type { RequestEstimate } from '../tokens/estimate.ts';
import { type EstimateContext, estimatePlanned } from './estimate-cell.ts';

/** Estimates a request when it is first asked for, and forgets it with the cell. */
export type CellEstimates = (request: PlannedRequest) => Promise<RequestEstimate>;

/** Earlier answers say how long the next is likely to be; they do not bound it, and a budget needs a bound. */
export function createCellEstimates({ facts, calibrationOf, earlierOf }: EstimateContext): CellEstimates {
  const context: EstimateContext = {
    facts,
    calibrationOf,
    earlierOf: (model) => {
      const earlier = earlierOf(model);
      return earlier === undefined ? undefined : { ...earlier, max: null };
    },
  };
  const estimates = new WeakMap<PlannedRequest, Promise<RequestEstimate>>();
  return (request) => {
    const known = estimates.get(request);
    if (known !== undefined) return known;
    const estimate = estimatePlanned(request, context);
    estimates.set(request, estimate);
    return estimate;
  };
}
