/** The environment of a configuration: the real one, then the `.env` files in its folder. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { InputError } from '../errors.ts';
import { systemReason } from './find-config.ts';

/** In order of precedence, after the real environment. */
const ENV_FILES = ['.env.local', '.env'];

/**
 * Merges the real environment over `.env.local` over `.env` of a folder. A variable that is set to an empty text stays empty.
 * @throws {InputError} when an `.env` file exists and cannot be read.
 */
export async function readEnvironment(
  directory: string,
  displayDirectory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, string>>> {
  const merged: Record<string, string> = {};
  const layers = [
    env,
    ...(await Promise.all(ENV_FILES.map((name) => readEnvFile(join(directory, name), join(displayDirectory, name))))),
  ];
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer))
      if (value !== undefined && !Object.hasOwn(merged, name)) merged[name] = value;
  return merged;
}

async function readEnvFile(path: string, displayPath: string): Promise<Readonly<Record<string, string | undefined>>> {
  try {
    return parseEnv((await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    const reason = systemReason(error);
    if (reason === 'missing') return {};
    throw new InputError({ file: displayPath, message: `cannot be read: ${reason}` }, { cause: error });
  }
}
