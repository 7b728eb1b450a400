/** Reads the list of models of an endpoint with chat completions (`GET /models`). */

import { invalidReply, type ReplyFacts } from './http/failures.ts';
import { listOf, objectOf, textOf } from './http/wire-value.ts';
import type { ModelListing } from './provider.ts';

/**
 * The entry of a model; null = it is not in the list. `shutdown_date` is a date such as `2027-01-14`, or null (OpenAI,
 * deprecations page); other servers do not have the member.
 * @throws {ProviderError} when the reply is not a list of models.
 */
export function readModelListing(body: unknown, model: string, facts: ReplyFacts): ModelListing | null {
  const { data } = objectOf(body);
  if (!Array.isArray(data)) throw invalidReply('the reply is not a list of models', facts);
  const entry = listOf(data).find((item) => textOf(objectOf(item)['id']) === model);
  if (entry === undefined) return null;
  const date = /^\d{4}-\d{2}-\d{2}/.exec(textOf(objectOf(entry)['shutdown_date']) ?? '')?.[0] ?? '';
  return { shutdownDate: Number.isNaN(Date.parse(date)) ? null : date };
}
