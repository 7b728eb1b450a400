/** Selects the models of a run by the ids of `--model`. */

import { InputError } from '../errors.ts';
import { suggest } from '../text/nearest-name.ts';
import type { ModelConfig } from '../types.ts';

/** The id without its variant: `phi` of `phi@terse`. */
export function baseModelId(id: string): string {
  return id.split('@', 1)[0] ?? id;
}

/**
 * The models with these ids, in configuration order; the id of a model selects all of its variants. No ids = all.
 * @throws {InputError} with every unknown id.
 */
export function selectModels(models: readonly ModelConfig[], ids: readonly string[]): readonly ModelConfig[] {
  if (ids.length === 0) return models;
  const known = [...new Set(models.flatMap(({ id }) => [baseModelId(id), id]))];
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((id) => ({ message: `--model "${id}" is not configured`, hint: suggest(id, known) })),
    );
  return models.filter(({ id }) => ids.includes(id) || ids.includes(baseModelId(id)));
}
