/** Opens the batch API of a model's endpoint. */

import { InputError } from '../../errors.ts';
import type { ModelConfig } from '../../types.ts';
import { openExchange } from '../client.ts';
import type { ProviderContext } from '../provider.ts';
import type { Route } from '../route.ts';
import type { BatchClient } from './batch-client.ts';
import { createBatchExchange } from './batch-exchange.ts';
import { batchProblemOf } from './batch-problem.ts';
import { createFilesBatch } from './files-batch.ts';
import { createMessagesBatch } from './messages-batch.ts';

/** @throws {InputError} for a route without a batch API. */
export async function openBatch(model: ModelConfig, route: Route, context: ProviderContext): Promise<BatchClient> {
  const problem = batchProblemOf(route, model);
  const { batch } = route;
  if (problem !== null || batch === undefined || batch.type === 'none')
    throw new InputError({ message: `${model.id}: ${problem}`, hint: 'ask this model with earsight run' });
  const { exchange, resources } = await openExchange(model, route, context);
  if (batch.type === 'messages') {
    const calls = createBatchExchange(exchange, resources, { 'anthropic-version': '2023-06-01' });
    return createMessagesBatch(exchange, batch, calls, resources.release);
  }
  return createFilesBatch(exchange, batch, createBatchExchange(exchange, resources, {}), resources.release);
}
