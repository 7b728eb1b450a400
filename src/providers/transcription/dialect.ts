/** Defines what a dialect of transcription endpoints is. */

import type { GenerateParams, ModelConfig } from '../../types.ts';
import type { Route } from '../route.ts';

/** The protocol of one vendor's speech service: one file, and one line in `registry.ts`. */
export interface Dialect {
  /** One line for the docs. */
  readonly description: string;
  /** The parameters that it can send. */
  readonly params: readonly (keyof GenerateParams)[];
  /** How a model is called. @throws {InputError} for an endpoint that is not valid. */
  route(model: ModelConfig): Route;
}
