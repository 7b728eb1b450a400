/** Makes the models that are compared from configuration entries: fills in defaults and crosses them with variants. */

import { changedParams } from '../models/changed-params.ts';
import { isEmbedded } from '../models/embedded.ts';
import { autoMedia, type MediaEntry, mergedMedia } from '../models/media-settings.ts';
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
  if (entry.role === 'judge') return [complete(entry, undefined, { ...context, system: undefined })];
  if (variants.length === 0) return [complete(entry, undefined, context)];
  return variants.map((variant) => complete(withVariant(entry, variant), variant.media, context));
}

/** Without the media of the variant. */
function withVariant(entry: ModelEntry, { media: _, ...variant }: VariantEntry): ModelEntry {
  const params = { ...entry.params, ...variant.params };
  return { ...entry, ...variant, id: `${entry.id}@${variant.id}`, params };
}

function complete(entry: ModelEntry, variantMedia: MediaEntry | undefined, context: ModelContext): ModelConfig {
  const { system: own, role: _, media: ownMedia, ...rest } = entry;
  // An empty text turns the default off: no system message is sent.
  const system = own ?? context.system ?? '';
  const modalities = entry.modalities ?? context.modalities;
  const media = mergedMedia(ownMedia, variantMedia, autoMedia(entry, modalities));
  return {
    ...rest,
    ...(media === undefined ? {} : { media }),
    modalities,
    params: changedParams(entry.params),
    limits: { ...(isEmbedded(entry) ? LOCAL_LIMITS : DEFAULT_LIMITS), ...entry.limits },
    ...(system === '' ? {} : { system }),
  };
}
