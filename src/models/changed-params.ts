/** Applies the parameters of a variant or a sample to those of a model. */

import type { GenerateParams, ParamChanges } from '../types.ts';

/** The parameters that are sent: later changes win, and null leaves a parameter out. */
export function changedParams(...changes: readonly (ParamChanges | undefined)[]): GenerateParams {
  const whole: ParamChanges = Object.assign({}, ...changes);
  const values = Object.entries(whole);
  // The common case makes no second object. Members keep their order, which the request hash depends on.
  const kept = values.every(([, value]) => value !== null) ? whole : Object.fromEntries(values.filter(isSet));
  return kept as GenerateParams;
}

function isSet([, value]: readonly [string, unknown]): boolean {
  return value !== null;
}
