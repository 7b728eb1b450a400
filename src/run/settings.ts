/** The options of a run that change how it runs, not what is asked. */

import { join, resolve } from 'node:path';
import { InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRun } from '../journal/find-run.ts';
import type { Setup } from '../plan/prepare.ts';
import type { Execution } from './assemble.ts';
import { unboundModels } from './budget.ts';
import { traceProblems } from './trace.ts';

/** Paths are relative to the working directory. What is left out is taken from the configuration. */
export interface RunOptions {
  /** Results folder; one with a run in it is resumed. Default: `results/<UTC time>-<name>`. */
  readonly out?: string;
  /** Folder of a run whose missing cells are completed. */
  readonly resume?: string;
  /** Go on although manifest or models changed. */
  readonly resumeChanged?: boolean;
  /** Requests in flight over all models. */
  readonly concurrency?: number;
  /** Nothing more is sent before so many USD are spent. */
  readonly maxCostUsd?: number;
  /** Take answers from earlier runs' identical requests. */
  readonly cache?: boolean;
  /** Folder of a run, or `latest`: its answers are taken and nothing is sent. */
  readonly replay?: string;
  /** Send what the replayed run has no answer for. */
  readonly replayLive?: boolean;
  /** File that gets one JSON line an attempt, without content. */
  readonly trace?: string;
}

export type RunKnobs = Pick<Execution, 'concurrency' | 'resumeChanged' | 'cache' | 'replay' | 'trace' | 'maxCostUsd'>;

/** Folder of the response cache, beside the configuration. */
const CACHE_FOLDER = join('.earsight', 'cache');

/** Options over configuration over default; `folder` is the run's. @throws {InputError} for numbers that make no sense. */
export function readKnobs(options: RunOptions, io: Io, { config, models }: Setup, folder: string): RunKnobs {
  const concurrency = options.concurrency ?? config.concurrency;
  const maxCostUsd = options.maxCostUsd ?? config.maxCost;
  const problems: Problem[] = [];
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1)) {
    problems.push({ message: `--concurrency ${concurrency} is not a whole number from 1` });
  }
  if (maxCostUsd !== undefined && !(maxCostUsd > 0))
    problems.push({ message: `--max-cost ${maxCostUsd} is not above 0` });
  if (maxCostUsd !== undefined) problems.push(...unboundModels(models));
  if (options.replayLive === true && options.replay === undefined)
    problems.push({ message: '--replay-live needs --replay', hint: 'name the run whose answers are taken' });
  const trace = options.trace === undefined ? undefined : resolve(io.cwd, options.trace);
  if (trace !== undefined) problems.push(...traceProblems(trace, folder));
  if (problems.length > 0) throw new InputError(problems);
  const replayed = options.replay === undefined ? null : findRun(options.replay, io.cwd);
  const useCache = options.cache ?? config.cache;
  return {
    resumeChanged: options.resumeChanged === true,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
    ...(useCache ? { cache: join(config.directory, CACHE_FOLDER) } : {}),
    ...(replayed === null
      ? {}
      : {
          replay: { folder: replayed.directory, runId: replayed.info.runId, live: options.replayLive === true },
        }),
    ...(trace === undefined ? {} : { trace }),
  };
}
