/** Puts clients, media, journal and engine together, runs the missing cells, and takes everything down again. */

import { setMaxListeners } from 'node:events';
import type { ResultIndex } from '../collections/result-index.ts';
import { createMediaLoader } from '../dataset/media-loader.ts';
import { IncompleteError } from '../errors.ts';
import { createCellEstimates } from '../estimate/cell-estimates.ts';
import type { EstimateContext } from '../estimate/estimate-cell.ts';
import type { Io } from '../io.ts';
import type { Journal } from '../journal/journal.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-parts.ts';
import { openRun } from '../journal/open-run.ts';
import { openReplay } from '../journal/replay.ts';
import { rescueLines } from '../journal/rescue.ts';
import type { FinishedCells, Progress } from '../journal/resume.ts';
import { systemClock } from '../limits/clock.ts';
import { createCutOff } from '../limits/cut-off.ts';
import { withLocalEndpoint } from '../local/local-endpoint.ts';
import type { Prepared } from '../plan/prepare.ts';
import type { RunInfo } from '../report.ts';
import type { Result } from '../result.ts';
import type { ModelConfig } from '../types.ts';
import { createBudgeting } from './budget.ts';
import { openCache } from './cache.ts';
import type { ModelRuntime } from './cell-context.ts';
import { createManifestChanges } from './manifest-changes.ts';
import { createRuntimes } from './model-runtimes.ts';
import { requestsInFlight } from './open-files.ts';
import { createPricing } from './price-cell.ts';
import { seededRandom } from './random.ts';
import { placeFinished, type RunContext, runCells } from './run-cells.ts';
import type { RunListener } from './run-listener.ts';
import { createScoring } from './scoring.ts';
import { openTrace } from './trace.ts';

/** What is in flight at the first signal may take this long to finish. */
const GRACE_MS = 10_000;

export interface Execution {
  readonly folder: string;
  readonly prepared: Prepared;
  readonly run: RunInfo;
  readonly concurrency?: number;
  readonly resumeChanged: boolean;
  /** Folder of the response cache. */
  readonly cache?: string;
  /** Folder of the run whose answers are taken; `live` sends what is not there. */
  readonly replay?: { readonly folder: string; readonly runId: string; readonly live: boolean };
  readonly trace?: string;
  readonly maxCostUsd?: number;
  readonly estimates: EstimateContext;
  /** Whether results carry what was expected of them. */
  readonly keepsEstimates: boolean;
  readonly say: (line: string) => void;
  /** `onEnd` is left to whoever has the figures. */
  readonly listeners: readonly RunListener[];
}

export interface Executed {
  /** Newest result of each cell. */
  readonly index: ResultIndex;
  /** Models to which nothing more was sent, and a manifest that changed on the way, one sentence each. */
  readonly stops: readonly string[];
}

/** @throws {IncompleteError} when answers could not be written; they are rescued first. */
export async function execute(execution: Execution, io: Io): Promise<Executed> {
  const { prepared, say, listeners } = execution;
  const inFlight = requestsInFlight(execution.concurrency, prepared.models, say);
  const { journal, progress, kept } = await openRun({ ...execution, runId: execution.run.runId });
  const { seed } = prepared.config;
  const random = seed === undefined ? Math.random : seededRandom(seed);
  const abort = new AbortController();
  // Every request in flight listens: many listeners are no leak here.
  setMaxListeners(0, io.stop, abort.signal);
  const endings: (() => unknown)[] = [startGrace(io.stop, abort, say)];
  const stops: string[] = [];
  /** Failed cells that the budget kept from being asked again, by model. */
  const left = new Map<string, number>();
  const changes = createManifestChanges();
  try {
    const endpoint = await withLocalEndpoint(sends(execution) ? prepared.models : []);
    endings.push(endpoint.close);
    const runtimes = await makeRuntimes(
      execution,
      sends(execution) ? endpoint.models : prepared.models,
      { abort: abort.signal, random, inFlight },
      io,
    );
    endings.push(() => Promise.all(runtimes.map(({ client }) => client.close?.())));
    const context = await makeContext(
      execution,
      { journal, progress, stop: io.stop, abort: abort.signal, random },
      endings,
    );
    const plan = { samples: () => prepared.samples(changes.report), models: runtimes, repeat: prepared.repeat };
    const recall = kept === null ? null : await recallFrom(execution.folder, kept, endings);
    const done = recall === null ? progress.done.size : await placeFinished(plan, recall, context);
    for (const listener of listeners) await listener.onStart?.(execution.run, done);
    await runCells(plan, {
      ...context,
      onLeft: ({ modelId, failure }) => {
        if (failure.kind === 'budget') left.set(modelId, (left.get(modelId) ?? 0) + 1);
      },
      onResult: async (result) => {
        for (const listener of listeners) await listener.onResult?.(result);
      },
      onLimit: (modelId, change) => {
        if (change.type === 'stop') stops.push(`${modelId}: ${change.reason}`);
        for (const listener of listeners) listener.onLimit?.(modelId, change);
      },
    });
  } finally {
    await endAll([...endings.reverse(), () => closeJournal(journal, execution)]);
  }
  progress.done.clear();
  for (const [modelId, count] of left)
    stops.push(
      `${modelId}: the budget was reached, ${count} failed cells were not asked again · raise --max-cost, then --resume`,
    );
  return { index: progress.index, stops: [...stops, ...changes.sentences()] };
}

/** Whether anything may be sent at all. */
function sends({ replay }: Execution): boolean {
  return replay === undefined || replay.live;
}

async function makeRuntimes(
  execution: Execution,
  models: readonly ModelConfig[],
  { abort, random, inFlight }: Pick<Running, 'abort' | 'random' | 'inFlight'>,
  io: Io,
): Promise<readonly ModelRuntime[]> {
  const { config, source } = execution.prepared;
  const context = {
    env: config.env,
    media: createMediaLoader({
      signal: abort,
      allowRemoteMedia: source.allowRemoteMedia ?? false,
      ...(source.maxMediaBytes === undefined ? {} : { maxMediaBytes: source.maxMediaBytes }),
    }),
    ...(io.credential === undefined ? {} : { credential: io.credential }),
  };
  return createRuntimes(models, context, { sends: sends(execution), random, inFlight });
}

interface Running {
  readonly journal: Journal;
  readonly progress: Progress;
  /** Most requests at a time, over all models. */
  readonly inFlight: number;
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  readonly random: () => number;
}

async function makeContext(
  { prepared, cache, replay, trace, maxCostUsd, estimates, keepsEstimates, say }: Execution,
  { journal, progress, stop, abort, random }: Omit<Running, 'inFlight'>,
  endings: (() => unknown)[],
): Promise<RunContext> {
  const earlier = replay === undefined ? null : await openReplay(replay.folder, { onlyFinished: replay.live });
  const tracing = trace === undefined ? null : openTrace(trace, say);
  const estimateOf = createCellEstimates(estimates);
  if (earlier !== null) endings.push(earlier.close);
  if (tracing !== null) endings.push(tracing.close);
  return {
    clock: systemClock,
    random,
    journal,
    scoring: createScoring(prepared.config.scorers),
    price: createPricing(estimateOf, keepsEstimates),
    stop,
    cutOff: createCutOff(systemClock, abort),
    earlierTurns: progress.turns,
    cache: cache === undefined ? null : openCache(cache),
    replay: earlier === null ? null : { from: earlier, live: replay?.live ?? false },
    budget: maxCostUsd === undefined ? null : createBudgeting(maxCostUsd, progress.spentUsd, estimateOf),
    done: progress.done,
    failed: progress.failed,
    index: progress.index,
    ...(tracing === null ? {} : { onAttempt: tracing.write }),
  };
}

/** Finished cells of a run whose manifest changed are read back to be given their new places. */
async function recallFrom(
  folder: string,
  kept: FinishedCells,
  endings: (() => unknown)[],
): Promise<(key: string) => Result | null> {
  const reader = await openJournalReader(folder);
  endings.push(reader.close);
  return (key) => {
    const place = kept.get(key);
    if (place === undefined) return null;
    const entry = decodeLine(reader.line(place.offset, place.byteLength));
    return entry.type === 'result' ? entry.data : null;
  };
}

/** After a stop, what is in flight may finish for a while; then it is cut off. Returns what ends the watch. */
function startGrace(stop: AbortSignal, abort: AbortController, say: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    say(`stopping · what is in flight may take ${GRACE_MS / 1000} s to finish; a second signal leaves at once`);
    timer = setTimeout(() => abort.abort(stop.reason), GRACE_MS);
  };
  stop.addEventListener('abort', begin, { once: true });
  return () => {
    stop.removeEventListener('abort', begin);
    clearTimeout(timer);
  };
}

/** One that fails never keeps the others from ending. @throws the last failure. */
async function endAll(endings: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of endings)
    await Promise.resolve()
      .then(end)
      .catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures.at(-1);
}

/** Paid answers that the disk never took are put elsewhere before we leave. */
async function closeJournal(journal: Journal, { folder, run: { runId } }: Execution): Promise<void> {
  try {
    await journal.close();
  } catch (error) {
    const lines = journal.unwritten();
    if (lines.length === 0) throw error;
    const rescue = rescueLines(runId, lines);
    const found = rescue === null ? 'had room nowhere and are lost' : `are in ${rescue}`;
    throw new IncompleteError(`the journal in ${folder} could not be written; ${lines.length} lines ${found}`, {
      cause: error,
      hint: `free some space${rescue === null ? '' : ', append them to journal.jsonl'}, then --resume`,
    });
  }
}
