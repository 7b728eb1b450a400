/** The name of a model for people and files. */

import type { ModelConfig } from '../types.ts';

/** The model or deployment that is asked, without values from the environment. */
export function shownModel({ model, filledIn }: Pick<ModelConfig, 'model' | 'filledIn'>): string {
  return filledIn?.hide(model) ?? model;
}
