/** Looks up what is known of a model by its name and its host. */

import type { FactRow, ModelFacts } from './fact-row.ts';
import { FACTS } from './facts-table.ts';
import { hostOf, type NamedModel } from './host.ts';
import { comparableModel } from './model-name.ts';

/** One fact with its origin. */
export interface Fact<Value> extends Pick<FactRow, 'source' | 'asOf'> {
  readonly value: Value;
}

/** The first row of the table that states this fact for the model; null = nothing is known. */
export function factOf<Name extends keyof ModelFacts>(
  model: NamedModel,
  name: Name,
): Fact<NonNullable<ModelFacts[Name]> | Extract<ModelFacts[Name], null>> | null {
  const host = hostOf(model);
  const comparable = comparableModel(model.model);
  for (const row of FACTS) {
    const value = row[name];
    if (value === undefined || !row.models.test(comparable)) continue;
    if (row.hosts !== undefined && (host === null || !row.hosts.includes(host))) continue;
    return { value: value as NonNullable<ModelFacts[Name]>, source: row.source, asOf: row.asOf };
  }
  return null;
}

/** The limits of the endpoint for one request; a member is absent when no limit is known. */
export function mediaLimits(model: NamedModel): MediaLimits {
  const known = LIMITS.flatMap((name) => {
    const fact = factOf(model, name);
    return fact === null ? [] : [[name, fact.value] as const];
  });
  return Object.fromEntries(known);
}

const LIMITS = [
  'maxImages',
  'maxAudioBytes',
  'maxAudioSeconds',
  'maxPages',
  'maxDocumentBytes',
  'maxVideoBytes',
] as const;

/** See `ModelFacts`. */
type MediaLimits = Pick<ModelFacts, (typeof LIMITS)[number]>;

/** `Microsoft's schedule of 2026-07-07`. */
export function originOf({ source, asOf }: Pick<Fact<unknown>, 'source' | 'asOf'>): string {
  return `${source} of ${asOf}`;
}
