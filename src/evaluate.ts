/** Runs an evaluation for a program: the events of a run as an async iterable. */

import { defined } from './collections/defined.ts';
import type { Config } from './config/program/given-config.ts';
import { addObjects } from './config/user-code.ts';
import { EXIT } from './errors.ts';
import type { Io } from './io.ts';
import type { LimitChange } from './limits/gate.ts';
import type { UserProvider } from './providers/user-provider.ts';
import type { RunInfo, RunReport, Selection } from './report.ts';
import type { Result } from './result.ts';
import { driveRun } from './run/drive.ts';
import { readyRun } from './run/ready-run.ts';
import type { RunListener } from './run/run-listener.ts';
import type { RunOptions } from './run/settings.ts';
import type { UserScorer } from './scorers/user-scorer.ts';

export interface EvaluateOptions extends Omit<Selection, 'config'>, RunOptions {
  /** Path of the configuration, or the configuration itself; default: `earsight.config.yaml` in `cwd` or above. */
  readonly config?: string | Config;
  /** Folder of relative paths and of `results/`; default: the working directory. */
  readonly cwd?: string;
  /** Environment for keys and `${NAME}` references; default: that of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Scorers of your own, which the configuration names. */
  readonly scorers?: readonly UserScorer[];
  /** Providers of your own, which the configuration names. */
  readonly providers?: readonly UserProvider[];
  /** Whether files that the configuration names as scorers or providers may be run; default false. */
  readonly allowCode?: boolean;
  /** Stops sending. Requests in flight may finish, and the tables are written. */
  readonly signal?: AbortSignal;
  /** Called with each warning, one line; default: warnings are dropped. */
  readonly onWarning?: (line: string) => void;
}

export type RunEvent =
  /** Nothing has been sent yet. `done` cells were finished by earlier executions. */
  | { readonly type: 'start'; readonly run: RunInfo; readonly done: number }
  /** A cell is finished and its result is in the journal. */
  | { readonly type: 'result'; readonly result: Result }
  /** The request rate of a model changed, or the model was stopped. */
  | { readonly type: 'limit'; readonly modelId: string; readonly change: LimitChange }
  /** The tables are in `folder`. `troubles`: why the run cannot be judged, one sentence for each model; empty = it can. */
  | {
      readonly type: 'end';
      readonly report: RunReport;
      readonly folder: string;
      readonly files: readonly string[];
      readonly troubles: readonly string[];
    };

/**
 * Runs an evaluation as `earsight run` does and yields its events: `start`, then `result` and `limit`, then `end`. It never
 * asks for confirmation, so set `maxCostUsd` to limit the cost. The run waits for its consumer, so memory does not grow.
 * Leaving the loop stops the run; all paid answers are in the journal.
 * @throws {InputError} with all problems of options, configuration and manifest, before anything is sent;
 *   {IncompleteError} for answers or tables that could not be written.
 *
 * @example
 * import { evaluate } from 'earsight';
 *
 * for await (const event of evaluate({ config: 'earsight.config.yaml', maxCostUsd: 1 })) {
 *   if (event.type === 'result' && event.result.status === 'failed') console.error(event.result.failure.kind);
 *   if (event.type === 'end') console.log(`tables are in ${event.folder}`);
 * }
 */
export async function* evaluate(options: EvaluateOptions = {}): AsyncGenerator<RunEvent, void, void> {
  const { cwd = process.cwd(), env = process.env, signal, onWarning = () => {} } = options;
  const left = new AbortController();
  const stop = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  const silent = { write: () => {} };
  const { scorers = [], providers = [], allowCode = false } = options;
  addObjects(scorers, providers);
  const given = typeof options.config === 'object' ? { config: options.config } : {};
  const io: Io = { stdout: silent, stderr: silent, env, cwd, stop, allowCode, ...given };
  const ready = await readyRun(options, selectionOf(options), io);
  for (const warning of ready.prepared.warnings) onWarning(warning);
  const events = createEventQueue<RunEvent>();
  const running = driveRun(ready, { say: onWarning, listeners: [listener(events.put)] }, io)
    .then(({ report, files, troubles }) =>
      events.put({ type: 'end', report, folder: ready.settings.folder, files, troubles }),
    )
    .finally(events.close);
  // Awaited below; until then Node would report a failure as an unhandled rejection.
  running.catch(() => {});
  try {
    for await (const event of events.items()) yield event;
    await running;
  } finally {
    left.abort(EXIT.interrupted);
    events.close();
    await running.catch(() => {});
  }
}

/** Picks the members of a selection, which is written into `run.json`. */
function selectionOf(options: EvaluateOptions): Selection {
  const { dataset, format, prompt, map, model, endpoint, limit, seed, sample, shard, repeat, ablate, skipBroken } =
    options;
  const config = typeof options.config === 'string' ? options.config : undefined;
  return defined({
    config,
    dataset,
    format,
    prompt,
    map,
    model,
    endpoint,
    limit,
    seed,
    sample,
    shard,
    repeat,
    ablate,
    skipBroken,
  });
}

function listener(put: (event: RunEvent) => Promise<void>): RunListener {
  return {
    onStart: (run, done) => put({ type: 'start', run, done }),
    onResult: (result) => put({ type: 'result', result }),
    onLimit: (modelId, change) => void put({ type: 'limit', modelId, change }),
  };
}

/** Hands items from a producer to a consumer. `put` resolves when its item is taken, or when the consumer has stopped. */
function createEventQueue<T>() {
  const waiting: { readonly item: T; readonly taken: () => void }[] = [];
  let closed = false;
  let wake = () => {};
  return {
    put(item: T): Promise<void> {
      if (closed) return Promise.resolve();
      return new Promise((taken) => {
        waiting.push({ item, taken });
        wake();
      });
    },
    close() {
      closed = true;
      wake();
    },
    async *items(): AsyncGenerator<T> {
      try {
        for (;;) {
          for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
            next.taken();
            yield next.item;
          }
          if (closed) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      } finally {
        closed = true;
        for (const { taken } of waiting.splice(0)) taken();
      }
    },
  };
}
