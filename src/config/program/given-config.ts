/** A configuration that a program gives as an object instead of a file. */

import { join } from 'node:path';
import type { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { ConfigFile } from '../find-config.ts';
import type { configSchema } from '../schema.ts';

/** The members of `earsight.config.yaml`. Paths are relative to the working directory, keys are `${NAME}` references. */
export type Config = z.input<typeof configSchema>;

/**
 * Types a configuration for `evaluate` and `estimateRun`. It is checked as a file is, when it is used.
 *
 * @example
 * import { defineConfig, evaluate } from 'earsight';
 *
 * const config = defineConfig({
 *   dataset: 'manifest.csv',
 *   models: [{ id: 'reader', provider: 'local', model: 'ocr-ppv4' }],
 *   scorers: ['exact'],
 * });
 * for await (const event of evaluate({ config })) console.log(event.type);
 */
export function defineConfig(config: Config): Config {
  return config;
}

/** The name of the configuration in problems, whose lines are those of its JSON with two blanks for each level. */
const SHOWN = 'configuration';

/** Reads an object as if it were a file in the working directory. @throws {InputError} when JSON cannot hold it. */
export function givenConfig(config: object, cwd: string): ConfigFile {
  const path = join(cwd, 'earsight.config.json');
  try {
    return { path, displayPath: SHOWN, format: 'json', text: JSON.stringify(config, null, 2) };
  } catch (cause) {
    const message = 'is not plain data: JSON cannot hold it';
    throw new InputError({ file: SHOWN, message, hint: 'write texts, numbers, lists and objects' }, { cause });
  }
}
