/** What a model accepts when its configuration does not say. */

import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import { isEmbedded } from '../models/embedded.ts';
import { providerNamed } from '../providers/registry.ts';
import type { Modality } from '../types.ts';

/** An embedded model takes text and its own medium, any other model what its provider supports; undefined = unknown provider. */
export function modalitiesOf({
  provider,
  dialect,
  model,
}: {
  readonly provider: string;
  readonly dialect?: string | undefined;
  readonly model: string;
}): readonly Modality[] | undefined {
  if (isEmbedded({ provider, dialect }) && isLocalModelName(model)) return ['text', LOCAL_MODELS[model].medium];
  return providerNamed(provider)?.modalities;
}
