/** From entries of a configuration to the models that are compared: defaults filled in, crossed with variants. */

import type { Modality, ModelConfig } from '../types.ts';
import { DEFAULT_LIMITS } from './defaults.ts';
import type { ModelEntry, VariantEntry } from './model-schema.ts';

/** What an entry does not say itself. */
export interface ModelContext {
  /** The configuration's system message. */
  readonly system: string | undefined;
  /** What the entry's provider can carry. */
  readonly modalities: readonly Modality[];
}

/** One model, or one per variant; a variant's members win, `params` and `media` member by member. */
export function resolveModel(
  entry: ModelEntry,
  variants: readonly VariantEntry[],
  context: ModelContext,
): readonly ModelConfig[] {
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
  const { system: own, ...rest } = entry;
  // An empty message switches the default off: it is not sent as an empty system message.
  const system = own ?? context.system ?? '';
  return {
    ...rest,
    modalities: entry.modalities ?? context.modalities,
    params: entry.params ?? {},
    limits: { ...DEFAULT_LIMITS, ...entry.limits },
    ...(system === '' ? {} : { system }),
  };
}
