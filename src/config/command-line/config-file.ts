/** The text of a configuration: what a program gives, a file, or what the command line says. */

import { resolve } from 'node:path';
import { type ConfigFile, configsFound, readConfigFile } from '../find-config.ts';
import { givenConfig } from '../program/given-config.ts';
import { configOfCommandLine, type NamedModels } from './named-models.ts';

interface FileContext extends NamedModels {
  /** Absolute. */
  readonly cwd: string;
  readonly dataset?: string | undefined;
  /** See `ConfigContext.given`. */
  readonly given?: object | undefined;
}

/** The file; without one, what the command line says. */
export async function configFile(path: string | undefined, context: FileContext): Promise<ConfigFile> {
  const { cwd, dataset, given } = context;
  if (given !== undefined) return givenConfig(given, cwd);
  if (path !== undefined || (await configsFound(cwd)).length > 0) return readConfigFile(path, cwd);
  const text = configOfCommandLine(dataset, context);
  if (text === undefined) return readConfigFile(path, cwd, dataset !== undefined);
  return { path: resolve(cwd, COMMAND_LINE), displayPath: COMMAND_LINE, format: 'json', text, isCommandLine: true };
}

/** No file has this name: problems of a configuration without a file have no position. */
const COMMAND_LINE = 'command line';
