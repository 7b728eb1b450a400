/** Says why a route has no batch API. */

import type { ModelConfig } from '../../types.ts';
import type { Route } from '../route.ts';

/** Why this route has no batch API; null = it has one. */
export function batchProblemOf({ batch }: Route, { provider }: ModelConfig): string | null {
  if (batch === undefined) return `the provider ${provider} has no batch API that earsight knows`;
  return batch.type === 'none' ? batch.reason : null;
}
