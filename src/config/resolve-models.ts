/** Makes the models that are compared from configuration entries: fills in defaults and crosses them with variants. */

import { changedParams } from '../models/changed-params.ts';
import type { Modality, ModelConfig } from '../types.ts';
import { DEFAULT_LIMITS, LOCAL_LIMITS } from './defaults.ts';
import type { ModelEntry, VariantEntry } from './model-schema.ts';

/** Settings from outside of the entry. */
export interface ModelContext {
  /** The configuration's system message. */
  readonly system: string | undefined;
  /** Modalities that the provider supports. */
  readonly modalities: readonly Modality[];
}

/**
 * One model, or one for each variant, whose members win; `params` and `media` are merged member by member. A judge has neither
 * variants nor the system message of the configuration.
 */
export function resolveModel(
  entry: ModelEntry,
  variants: readonly VariantEntry[],
  context: ModelContext,
): readonly ModelConfig[] {
  if (entry.role === 'judge') return [complete(entry, { ...context, system: undefined })];
  if (variants.length === 0) return [complete(entry, context)];
  return variants.map((variant) => complete(withVariant(entry, variant), context));
}

function withVariant(entry: ModelEntry, variant: VariantEntry): ModelEntry {
  const params = { ...entry.params, ...variant.params };
  const image = { ...entry.media?.image, ...variant.media?.image };
  return {
    ...entry,
    ...variant,
    id: `${entry.id}@${variant.id}`,
    params,
    ...(entry.media === undefined && variant.media === undefined ? {} : { media: { image } }),
  };
}

function complete(entry: ModelEntry, context: ModelContext): ModelConfig {
  const { system: own, role: _, ...rest } = entry;
  // An empty text turns the default off: no system message is sent.
  const system = own ?? context.system ?? '';
  return {
    ...rest,
    modalities: entry.modalities ?? context.modalities,
    params: changedParams(entry.params),
    limits: { ...(entry.provider === 'local' ? LOCAL_LIMITS : DEFAULT_LIMITS), ...entry.limits },
    ...(system === '' ? {} : { system }),
  };
}
