/** The text of a configuration: a file, what the command line says, or what another machine has sent. */

import { resolve } from 'node:path';
import { type ConfigFile, configsFound, readConfigFile } from '../find-config.ts';
import { configOfCommandLine, type NamedModels } from './named-models.ts';

interface FileContext extends NamedModels {
  /** Absolute. */
  readonly cwd: string;
  readonly dataset?: string | undefined;
  /** See `ConfigContext.document`. */
  readonly document?: string | undefined;
}

/** What another machine has sent, or the file; without one, what the command line says. @throws {InputError} when there is none. */
export async function configFile(path: string | undefined, context: FileContext): Promise<ConfigFile> {
  const { cwd, dataset, document } = context;
  if (document !== undefined) return sentFile(path, document, cwd);
  if (path !== undefined || (await configsFound(cwd)).length > 0) return readConfigFile(path, cwd);
  const text = configOfCommandLine(dataset, context);
  if (text === undefined) return readConfigFile(path, cwd, dataset !== undefined);
  return { path: resolve(cwd, COMMAND_LINE), displayPath: COMMAND_LINE, format: 'json', text, isCommandLine: true };
}

/** No file has this name: problems of a configuration without a file have no position. */
const COMMAND_LINE = 'command line';

/** The file may be missing here; its folder is where the paths of the configuration start. */
function sentFile(path: string | undefined, text: string, cwd: string): ConfigFile {
  const shown = path ?? 'earsight.config.json';
  return { path: resolve(cwd, shown), displayPath: shown, text, format: 'json' };
}
