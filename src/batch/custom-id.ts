/** Names the requests of a batch. */

import { hash } from 'node:crypto';

/** The `custom_id` of a cell: the same whenever it is worked out, and of no other run. Anthropic takes 64 letters, digits and dashes. */
export function customIdOf(runId: string, cellKey: string): string {
  return hash('sha256', `${runId} ${cellKey}`).slice(0, 32);
}

/** The name of a file of requests at the vendor, by what is in it. */
export function partName(runId: string, part: string, contentHash: string): string {
  return `earsight-${hash('sha256', runId).slice(0, 12)}-${part}-${contentHash.slice(0, 12)}.jsonl`;
}
