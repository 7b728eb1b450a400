/** Decides what a run's folder may choose when the run is continued: samples and models, but no file outside of it. */

import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { defined } from '../collections/defined.ts';
import { configsFound } from '../config/find-config.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Selection } from '../report.ts';
import { quote } from '../text/quote.ts';

/** The folder of the run, and the user's working directory. */
export interface RecordedRun {
  /** Absolute. */
  readonly directory: string;
  /** Absolute. */
  readonly cwd: string;
  /** How the user can name the two files, and the endpoint where requests are sent; without it a recorded one is used. */
  readonly options: { readonly config: string; readonly dataset: string; readonly endpoint?: string };
}

/**
 * Adds the recorded selection to the chosen one. A folder may come from somebody else: a configuration that it names could send
 * the user's keys anywhere, and so could an endpoint. So a recorded configuration is used only when it is the one that would be found from the working
 * directory, or, when none would be found, a file of the user's own below it; a recorded manifest only when it is such a file.
 * @throws {InputError} for other recorded files that the user has not named.
 */
export async function withRecorded(chosen: Selection, recorded: Selection, run: RecordedRun): Promise<Selection> {
  const { config, dataset, prompt, model, endpoint, limit, seed, sample, shard, repeat, ablate, skipBroken } = recorded;
  const shardBy = shard === undefined ? undefined : (recorded.shardBy ?? 'row');
  const problems: Problem[] = [];
  if (chosen.config === undefined && config !== undefined && !(await isConfigOfUser(config, run)))
    problems.push(unnamed('configuration', config, run.options.config, run.directory));
  if (chosen.dataset === undefined && dataset !== undefined && !isFileOfUser(dataset, run))
    problems.push(unnamed('manifest', dataset, run.options.dataset, run.directory));
  if (chosen.endpoint === undefined && endpoint !== undefined && run.options.endpoint !== undefined)
    problems.push(unnamed('endpoint', endpoint, run.options.endpoint, run.directory));
  if (problems.length > 0) throw new InputError(problems);
  // Another manifest may be written in another way.
  const format = chosen.dataset === undefined ? recorded.format : undefined;
  const map = chosen.dataset === undefined ? recorded.map : undefined;
  return {
    ...defined({
      config,
      dataset,
      format,
      map,
      prompt,
      model,
      endpoint,
      limit,
      seed,
      sample,
      shard,
      shardBy,
      repeat,
      ablate,
      skipBroken,
    }),
    ...chosen,
  };
}

function unnamed(what: string, path: string, option: string, directory: string): Problem {
  return {
    file: join(directory, 'run.json'),
    message: `names the ${what} ${quote(path)}, which is not found from this folder alone`,
    hint: `name the ${what} to use ${option}; a run folder of somebody else may name any ${what === 'endpoint' ? what : 'file'}`,
  };
}

async function isConfigOfUser(path: string, run: RecordedRun): Promise<boolean> {
  const found = await configsFound(run.cwd);
  if (found.length === 0) return isFileOfUser(path, run);
  const real = realPath(resolve(run.cwd, path));
  return found.some((one) => realPath(one) === real);
}

/**
 * Whether a file is below the working directory and did not come together with the run's folder: it is in no folder that holds
 * both, except the working directory itself.
 */
function isFileOfUser(path: string, { directory, cwd }: RecordedRun): boolean {
  const root = realPath(cwd);
  const [first, ...below] = stepsBelow(root, realPath(resolve(cwd, path)));
  const [runFirst] = stepsBelow(root, realPath(directory));
  if (first === undefined || realPath(directory) === root) return false;
  return below.length === 0 || first !== runFirst;
}

/** The names on the way from a folder to a path below it; empty for other paths. */
function stepsBelow(root: string, path: string): readonly string[] {
  const way = relative(root, path);
  return way === '' || isAbsolute(way) || way.split(sep)[0] === '..' ? [] : way.split(sep);
}

/** With links resolved as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), relative(parent, path));
  }
}
