/** The environment of a configuration: the real one, then the `.env` files in its folder. */

import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { InputError } from '../errors.ts';
import { readTextSync } from '../files/open-file.ts';
import { systemReason } from './find-config.ts';

/** In order of precedence, after the real environment. */
const ENV_FILES = ['.env.local', '.env'];

/** A list of variables is much smaller. */
const MAX_ENV_BYTES = 2 ** 20;

/**
 * Merges the real environment over `.env.local` over `.env` of a folder. A variable that is set to an empty text stays empty.
 * @throws {InputError} when an `.env` file exists and cannot be read.
 */
export function readEnvironment(
  directory: string,
  displayDirectory: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = {};
  const layers = [env, ...ENV_FILES.map((name) => readEnvFile(join(directory, name), join(displayDirectory, name)))];
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer))
      if (value !== undefined && !Object.hasOwn(merged, name)) merged[name] = value;
  return merged;
}

function readEnvFile(path: string, displayPath: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readTextSync(path, { followLinks: true, maxBytes: MAX_ENV_BYTES }).replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'missing') return {};
    throw new InputError({ file: displayPath, message: `cannot be read: ${reason}` }, { cause: error });
  }
}
