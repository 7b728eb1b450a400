/** Makes the models that are compared from configuration entries: fills in defaults and crosses them with variants. */

import { InputError } from '../errors.ts';
import { changedParams } from '../models/changed-params.ts';
import { isEmbedded } from '../models/embedded.ts';
import { autoMedia, type MediaEntry, mergedMedia } from '../models/media-settings.ts';
import { providerNamed } from '../providers/registry.ts';
import { STRESS_KINDS } from '../stress-kinds.ts';
import type { Modality, ModelConfig } from '../types.ts';
import { DEFAULT_LIMITS, LOCAL_LIMITS } from './defaults.ts';
import type { ModelEntry, VariantEntry } from './model-schema.ts';
import { type StressEntry, stressedMedia } from './stress/stress-steps.ts';

/** Settings from outside of the entry. */
export interface ModelContext {
  /** The configuration's system message. */
  readonly system: string | undefined;
  /** Modalities that the provider supports. */
  readonly modalities: readonly Modality[];
}

/** What each model runs with, in the order of the configuration. */
export type VariantOrStep = VariantEntry | StressEntry;

/**
 * One model, or one for each variant, whose members win; `params` and `media` are merged member by member. A model that takes
 * the medium of a stress test comes first as it is, then with each step. A judge has neither variants nor the system message of
 * the configuration.
 */
export function resolveModel(
  entry: ModelEntry,
  variants: readonly VariantOrStep[],
  context: ModelContext,
): readonly ModelConfig[] {
  if (entry.role === 'judge') return [complete(entry, undefined, { ...context, system: undefined })];
  const plain = complete(entry, undefined, context);
  const takes = ({ stress }: StressEntry) => plain.modalities.includes(STRESS_KINDS[stress.kind].medium);
  const own = variants.filter((variant) => !('stress' in variant) || takes(variant));
  const isPlainAsked = own.length === 0 || own.some((variant) => 'stress' in variant);
  return [
    ...(isPlainAsked ? [plain] : []),
    ...own.map((variant) =>
      'stress' in variant
        ? { ...plain, id: `${entry.id}@${variant.id}`, media: stressedMedia(plain.media, variant.stress) }
        : complete(withVariant(entry, variant), variant.media, context),
    ),
  ];
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
  const model: ModelConfig = {
    ...rest,
    ...(media === undefined ? {} : { media }),
    modalities,
    params: changedParams(entry.params),
    limits: { ...(isEmbedded(entry) ? LOCAL_LIMITS : DEFAULT_LIMITS), ...entry.limits },
    ...(system === '' ? {} : { system }),
  };
  const isAuto = ownMedia === 'auto' || variantMedia === 'auto';
  return isAuto && modalities.includes('image') && !takesDocuments(model) ? { ...model, autoPages: true } : model;
}

/** Some routes of a provider take PDF files, and others do not. */
function takesDocuments(model: ModelConfig): boolean {
  if (!model.modalities.includes('document')) return false;
  try {
    return providerNamed(model.provider)?.mediaSupport(model).modalities.includes('document') ?? true;
  } catch (error) {
    // The endpoint is not valid, which the check of the model says, or its variable has no value yet.
    if (error instanceof InputError) return true;
    throw error;
  }
}
