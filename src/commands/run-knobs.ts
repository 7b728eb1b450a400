/** The options of `run` that change how it runs, not what is asked. */

import { join, resolve } from 'node:path';
import { InputError, type Problem } from '../errors.ts';
import { requirePrices } from './budgeting.ts';
import { type Arguments, flag, number, text } from './command.ts';
import type { Execution } from './execute.ts';
import { findRun } from './find-run.ts';
import type { Io } from './io.ts';
import type { Setup } from './prepare.ts';

export type RunKnobs = Pick<Execution, 'concurrency' | 'resumeChanged' | 'cache' | 'replay' | 'trace' | 'maxCostUsd'>;

/** Folder of the response cache, beside the configuration. */
const CACHE_FOLDER = join('.earsight', 'cache');

/** Command line over configuration over default. @throws {InputError} for numbers that make no sense. */
export function readKnobs(args: Arguments, io: Io, { config, models }: Setup): RunKnobs {
  const concurrency = number(args, 'concurrency') ?? config.concurrency;
  const maxCostUsd = number(args, 'max-cost') ?? config.maxCost;
  const problems: Problem[] = [];
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1)) {
    problems.push({ message: `--concurrency ${concurrency} is not a whole number from 1` });
  }
  if (maxCostUsd !== undefined && !(maxCostUsd > 0))
    problems.push({ message: `--max-cost ${maxCostUsd} is not above 0` });
  if (problems.length > 0) throw new InputError(problems);
  if (maxCostUsd !== undefined) requirePrices(models);
  const [replay, trace] = [text(args, 'replay'), text(args, 'trace')];
  const useCache = args['cache'] === undefined ? config.cache : flag(args, 'cache');
  return {
    resumeChanged: flag(args, 'resume-changed'),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(useCache ? { cache: join(config.directory, CACHE_FOLDER) } : {}),
    ...(replay === undefined
      ? {}
      : { replay: { folder: findRun(replay, io.cwd).directory, live: flag(args, 'replay-live') } }),
    ...(trace === undefined ? {} : { trace: resolve(io.cwd, trace) }),
  };
}
