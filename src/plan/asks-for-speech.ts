/** Says whether a request asks for a spoken answer, which costs more than text and does not go by batch. */

import { isRecord } from '../text/is-record.ts';
import type { GenerateParams, ModelConfig } from '../types.ts';
import { providerOf } from './model-provider.ts';

/** By `params.voice`, or by the members of chat completions in `extraBody`. */
export function asksForSpeech({
  model,
  params,
}: {
  readonly model: ModelConfig;
  readonly params: GenerateParams;
}): boolean {
  const { audio, modalities } = model.extraBody ?? {};
  if (isRecord(audio) || (Array.isArray(modalities) && modalities.includes('audio'))) return true;
  return params.voice !== undefined && providerOf(model).speaks(model);
}
