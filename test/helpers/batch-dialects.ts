/** Every batch API that earsight speaks, each with a scripted endpoint and the model that uses it. */

import { type BatchVendor, outputLine, responseOf, startVendor, type VendorOptions } from './batch-vendor.ts';
import { startMessageBatches } from './message-batches.ts';

export interface BatchDialect {
  readonly name: string;
  start(options?: Pick<VendorOptions, 'intercept'>): Promise<BatchVendor>;
  /** Members of the model in a configuration. */
  model(url: string): string;
  /** What is sent to make a batch, in order. */
  readonly posts: readonly string[];
}

const responses: NonNullable<VendorOptions['answer']> = (request) => ({
  line: outputLine(request, responseOf(request)),
});
const files = (base: string) => [`${base}/files`, `${base}/batches`];

export const BATCH_DIALECTS: readonly BatchDialect[] = [
  {
    name: 'openai',
    start: (options) => startVendor(options),
    model: (url) => `provider: openai, endpoint: "${url}/v1", model: gpt-4o-mini`,
    posts: files('/v1'),
  },
  {
    name: 'openai responses',
    start: (options) => startVendor({ ...options, answer: responses }),
    model: (url) => `provider: openai, api: responses, endpoint: "${url}/v1", model: gpt-4o-mini`,
    posts: files('/v1'),
  },
  {
    name: 'azure',
    start: (options) => startVendor({ ...options, azure: true, base: '/openai/v1' }),
    model: (url) => `provider: azure, endpoint: "${url}/openai/v1", model: gpt-4o-batch`,
    posts: files('/openai/v1'),
  },
  {
    name: 'azure deployments',
    start: (options) => startVendor({ ...options, azure: true, base: '/openai' }),
    model: (url) => `provider: azure, endpoint: "${url}/openai/deployments/gpt-4o-batch", model: gpt-4o-batch`,
    posts: files('/openai'),
  },
  {
    name: 'azure responses',
    start: (options) => startVendor({ ...options, azure: true, base: '/openai/v1', answer: responses }),
    model: (url) => `provider: azure, api: responses, endpoint: "${url}/openai/v1", model: gpt-4o-batch`,
    posts: files('/openai/v1'),
  },
  {
    name: 'anthropic',
    start: (options) => startMessageBatches(options),
    model: (url) => `provider: anthropic, endpoint: "${url}", model: claude-haiku-4-5, params: {maxTokens: 100}`,
    posts: ['/v1/messages/batches'],
  },
];
