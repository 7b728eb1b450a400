/** The settings of a run: options override the configuration, which overrides defaults; checked once, passed on as one object. */

import { basename, dirname, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { rejectedSchemas } from '../config/answer-schemas.ts';
import { DEFAULTS, type QueueAuth } from '../config/defaults.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import { findRun, runDirectory } from '../journal/find-run.ts';
import { isRunFileName, runFileMode } from '../journal/run-files.ts';
import { runFolderName } from '../journal/run-folder.ts';
import type { Setup } from '../plan/prepare.ts';
import type { RunInfo } from '../report.ts';
import type { EmbedMode } from '../shown-media.ts';
import { againProblems } from './again.ts';
import { unpricedModels } from './budget.ts';
import { cacheFolderOf } from './cache.ts';
import { chooseStopping } from './stopping/choose-stopping.ts';
import type { StoppingSettings } from './stopping/stopping.ts';
import { traceProblems } from './trace.ts';

/** Paths are relative to the working directory. Missing options are taken from the configuration. */
export interface RunOptions {
  /** Results folder; one with a run in it is resumed. Default: `results/<UTC time>-<name>`. */
  readonly out?: string;
  /** Folder of a run, or `latest`, whose missing cells will run. */
  readonly resume?: string;
  /** Address of the queue that workers take cells from: this process needs no keys. */
  readonly queue?: string;
  /** How Redis knows this process; default as configured. */
  readonly queueAuth?: QueueAuth;
  /** Continue although dataset or models changed. */
  readonly resumeChanged?: boolean;
  /** Ask finished cells of a resumed run once more: ids of samples, or `failed` for all cells that failed. */
  readonly again?: readonly string[];
  /** Ask samples in random order, and stop asking when the comparisons are decided; default: as the resumed run did. */
  readonly stopWhenDecided?: boolean;
  /** With `stopWhenDecided`: differences of scores up to this one do not matter, above 0 and at most 1. */
  readonly margin?: number;
  /** Requests in flight over all models. */
  readonly concurrency?: number;
  /** No more requests are sent when they could exceed this cost. */
  readonly maxCostUsd?: number;
  /** Use the answers of earlier runs to identical requests. */
  readonly cache?: boolean;
  /** Folder of a run, or `latest`: its answers are used and nothing is sent. */
  readonly replay?: string;
  /** Cells go by the providers' batch APIs: those that wait in one are not forecast, the others have its price. */
  readonly batch?: true;
  /** Send the requests to which the replayed run has no answer. */
  readonly replayLive?: boolean;
  /** File that gets one JSON line for each attempt, without content. */
  readonly trace?: string;
  /** A new folder and its files get the permissions that the umask leaves; default: only their owner may read them. */
  readonly shared?: boolean;
  /** How `report.html` has the media; default: `thumbs`. */
  readonly embedMedia?: EmbedMode;
}

/** Checked; all paths are absolute. */
export interface RunSettings {
  /** Folder of the run; created when the run starts. */
  readonly folder: string;
  /** Requests in flight over all models; undefined = as many as the system allows, up to the default. */
  readonly concurrency: number | undefined;
  /** Workers ask the models, from this queue; null = this process does. */
  readonly queue: QueueSettings | null;
  readonly resumeChanged: boolean;
  /** Whether others may read a new folder and its files. */
  readonly shared: boolean;
  readonly embedMedia: EmbedMode;
  /** null = every sample is asked. */
  readonly stopping: StoppingSettings | null;
  /** null = every request is sent. */
  readonly cacheFolder: string | null;
  /** The run whose answers are used; `live` sends the requests without an answer. */
  readonly replay: { readonly folder: string; readonly runId: string; readonly live: boolean } | null;
  /** null = none. */
  readonly tracePath: string | null;
  /** null = no limit. */
  readonly maxCostUsd: number | null;
}

/** Whether a run with these options may send anything. */
export function sendsRequests({ replay, replayLive }: RunOptions): boolean {
  return replay === undefined || replayLive === true;
}

/**
 * The folder that `--out` or `--resume` names; null = a new one.
 * @throws {InputError} for empty paths, two different folders, and a `--resume` folder without a journal.
 */
export function chosenFolder(options: RunOptions, cwd: string): string | null {
  const empty = (['out', 'resume', 'replay', 'trace'] as const).filter((name) => options[name] === '');
  if (empty.length > 0)
    throw new InputError(empty.map((name) => ({ message: `--${name} needs a non-empty value`, hint: 'give a path' })));
  const out = options.out === undefined ? null : resolve(cwd, options.out);
  const resume = options.resume === undefined ? null : runDirectory(options.resume, cwd);
  if (out !== null && resume !== null && out !== resume) {
    throw new InputError({ message: '--out and --resume name different folders', hint: 'use only one of them' });
  }
  return resume ?? out;
}

/** @throws {InputError} with every invalid option. */
export function checkSettings(
  options: RunOptions,
  { cwd }: Pick<Io, 'cwd'>,
  setup: Setup,
  earlier: RunInfo | null,
): RunSettings {
  const { config, models, source } = setup;
  const folder = chosenFolder(options, cwd) ?? resolve(cwd, 'results', runFolderName(Date.now(), config.name));
  const concurrency = options.concurrency ?? config.concurrency;
  const maxCostUsd = options.maxCostUsd ?? config.maxCost ?? null;
  const tracePath = options.trace === undefined ? null : resolve(cwd, options.trace);
  const problems: Problem[] = [];
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1))
    problems.push({ message: `--concurrency ${concurrency} is not a whole number from 1` });
  if (maxCostUsd !== null && !(maxCostUsd > 0)) problems.push({ message: `--max-cost ${maxCostUsd} is not above 0` });
  if (maxCostUsd !== null) problems.push(...unpricedModels(models));
  // The rules of vendors change: a run that has begun goes on, and warns.
  if (earlier === null && sendsRequests(options)) problems.push(...rejectedSchemas(models, config));
  const early = chooseStopping(options, setup, earlier);
  problems.push(...againProblems(options, folder), ...early.problems);
  if (options.replayLive === true && options.replay === undefined)
    problems.push({ message: '--replay-live needs --replay', hint: 'name the run to take answers from' });
  const queue = queueOf(options, config);
  if (queue !== null) problems.push(...localOptions(options, setup));
  else if (options.queueAuth !== undefined)
    problems.push({ message: '--queue-auth needs --queue', hint: 'name the queue' });
  const inputs = { config: config.path, manifest: source.path };
  if (tracePath !== null) problems.push(...traceProblems(tracePath, folder, inputs));
  problems.push(...folderProblems(folder, inputs, options.shared === true));
  if (problems.length > 0) throw new InputError(problems);
  const replayed = options.replay === undefined ? null : findRun(options.replay, cwd);
  const live = options.replayLive === true;
  return {
    folder,
    concurrency,
    queue,
    resumeChanged: options.resumeChanged === true,
    shared: options.shared === true,
    embedMedia: options.embedMedia ?? 'thumbs',
    stopping: early.stopping,
    cacheFolder: (options.cache ?? config.cache) ? cacheFolderOf(config.directory) : null,
    replay: replayed === null ? null : { folder: replayed.directory, runId: replayed.info.runId, live },
    tracePath,
    maxCostUsd,
  };
}

export interface QueueSettings {
  readonly url: string;
  readonly prefix: string;
  /** Cells a job. */
  readonly chunk: number;
  readonly auth: QueueAuth;
}

function queueOf({ queue, queueAuth }: RunOptions, config: Setup['config']): QueueSettings | null {
  const url = queue ?? config.queue?.url;
  return url === undefined ? null : { ...DEFAULTS.queue, ...config.queue, url, ...defined({ auth: queueAuth }) };
}

/** What only the process that asks can keep. */
function localOptions(options: RunOptions, { config }: Setup): readonly Problem[] {
  const given = [
    ...((options.cache ?? config.cache) ? ['--cache'] : []),
    ...(['replay', 'trace', 'concurrency'] as const)
      .filter((name) => options[name] !== undefined)
      .map((name) => `--${name}`),
    ...(config.scorers.some(({ name }) => name === 'judge') ? ['the scorer judge'] : []),
  ];
  const hintOf = (name: string) =>
    name.startsWith('--') ? 'omit one of them' : 'leave it out, and use earsight score when the run has ended';
  return given.map((name) => ({ message: `${name} does not go with a queue`, hint: hintOf(name) }));
}

/** Problems of a run's folder with the files that the run reads, and with its permissions. */
function folderProblems(
  folder: string,
  inputs: { readonly config: string; readonly manifest: string },
  isShared: boolean,
): readonly Problem[] {
  const lost = Object.values(inputs).filter((path) => dirname(path) === folder && isRunFileName(basename(path)));
  const problems: Problem[] = lost.map((path) => ({
    file: path,
    message: 'is read by this run, and would be overwritten by it',
    hint: 'choose another --out',
  }));
  const isPrivate = (runFileMode(folder, true) & 0o077) === 0;
  if (isShared && isPrivate)
    problems.push({
      file: folder,
      message: 'is the folder of a run that only its owner may read: --shared is for new runs',
      hint: 'omit --shared, and use chmod -R go+rX on the folder',
    });
  return problems;
}
