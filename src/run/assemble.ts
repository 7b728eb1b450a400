/** Opens everything that a run needs (clients, media, journal, limits, budget) and closes it in reverse order. */

import { setMaxListeners } from 'node:events';
import { defined } from '../collections/defined.ts';
import { createSourceLoader } from '../dataset/media-loader.ts';
import { IncompleteError } from '../errors.ts';
import { createCellEstimates } from '../estimate/cell-estimates.ts';
import type { Io } from '../io.ts';
import type { Journal } from '../journal/journal.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import { openRun } from '../journal/open-run.ts';
import { openReplay, type Replay } from '../journal/replay.ts';
import { rescueLines } from '../journal/rescue.ts';
import type { FinishedCells, Progress } from '../journal/resume.ts';
import { runFileMode } from '../journal/run-files.ts';
import { systemClock } from '../limits/clock.ts';
import { createTimeouts } from '../limits/timers.ts';
import { withLocalEndpoint } from '../local/local-endpoint.ts';
import type { PreparedSetup } from '../plan/prepare.ts';
import type { RunInfo } from '../report.ts';
import type { Result } from '../result.ts';
import type { ModelConfig } from '../types.ts';
import { createBudget } from './budget.ts';
import { openCache } from './cache.ts';
import type { CellContext, ModelRuntime } from './cell-context.ts';
import { createCellPricer } from './cell-pricer.ts';
import { type Asker, createAsker } from './judging/asker.ts';
import { createRunJudging } from './judging/run-judging.ts';
import type { Ledger } from './ledger.ts';
import { createManifestChanges, type ManifestChanges } from './manifest-changes.ts';
import { createRuntimes, type Sending } from './model-runtimes.ts';
import type { RunContext, RunPlan } from './open-cells.ts';
import { requestsInFlight } from './open-files.ts';
import { seededRandom } from './random.ts';
import type { ReadyRun } from './ready-run.ts';
import { createScoring } from './scoring.ts';
import { createSounds } from './sounds.ts';
import { openStopping } from './stopping/open-stopping.ts';
import { openTrace } from './trace.ts';
import { createWarnOnce } from './warn-once.ts';

/** How long requests in flight may take to finish after the first signal. */
const GRACE_MS = 10_000;

/** A run with all of its parts open. */
export interface AssembledRun {
  readonly plan: RunPlan;
  readonly context: RunContext;
  readonly progress: Progress;
  /** Changes of the manifest that were found while it was read again. */
  readonly changes: ManifestChanges;
  /** Reads a finished result by its cell key; null = every row index is current, and nothing needs to be moved. */
  readonly readFinished: ((key: string) => Result | null) | null;
}

/** What decides how cells are asked. */
export interface RunParts extends Pick<ReadyRun, 'settings' | 'estimates'> {
  readonly prepared: Pick<PreparedSetup, 'config' | 'source' | 'models' | 'judges'>;
  /** Whether answers without reported tokens are priced by an estimate. */
  readonly hasPrices: boolean;
}

/** Clean-up steps in the order of opening; they run in reverse order, each of them even if others fail. */
export type Endings = (() => unknown)[];

/**
 * Opens everything, calls `use`, and closes everything again.
 * @throws {InputError} for the journal of a different run; {IncompleteError} when answers could not be written, after
 *   trying to save them elsewhere.
 */
export async function assemble<T>(
  ready: ReadyRun,
  { run, say }: { readonly run: RunInfo; readonly say: (line: string) => void },
  io: Io,
  use: (assembled: AssembledRun) => Promise<T>,
): Promise<T> {
  const { prepared, settings } = ready;
  const inFlight = requestsInFlight(settings.concurrency, [...prepared.models, ...prepared.judges], say);
  const { journal, progress, finished } = await openRun({
    ...settings,
    prepared,
    selection: ready.selection,
    mode: runFileMode(settings.folder, settings.shared),
    reading: ready.reading,
    runId: run.runId,
    say,
  });
  const { seed } = prepared.config;
  const random = seed === undefined ? Math.random : seededRandom(seed);
  const abort = new AbortController();
  // Every request in flight adds a listener: many listeners are not a leak here.
  setMaxListeners(0, io.stop, abort.signal);
  const endings: Endings = [() => closeJournal(journal, settings.folder, run.runId), startGrace(io.stop, abort, say)];
  const changes = createManifestChanges();
  try {
    const parts = { ...ready, hasPrices: ready.forecast !== null };
    const { models, judges } = await openModels(parts, { abort: abort.signal, random, inFlight }, io, endings);
    const context = await openContext(
      parts,
      { journal, progress, judges, stop: io.stop, abort: abort.signal, random, say },
      endings,
    );
    const all = () => prepared.samples(changes.report);
    const stopping = await openStopping(ready, progress, run);
    const samples = () => stopping?.samples(all) ?? all();
    const plan = { samples, models, repeat: prepared.repeat };
    const readFinished = finished === null ? null : await openFinished(settings.folder, finished, endings);
    return await use({ plan, context: { ...context, stopping }, progress, changes, readFinished });
  } finally {
    await endAll(endings.reverse());
  }
}

/**
 * Creates a client for each model and judge, which may share a quota, and the embedded endpoint where one is needed. A replay
 * that sends nothing needs none for its models.
 */
export async function openModels(
  { prepared: { config, source, models, judges }, settings: { replay, queue } }: RunParts,
  { abort, random, inFlight, leftOut = new Set() }: ModelParts,
  { credential, versionOf }: Pick<Io, 'credential' | 'versionOf'>,
  endings: Endings,
): Promise<{ readonly models: readonly ModelRuntime[]; readonly judges: readonly ModelRuntime[] }> {
  const isPure = queue !== null || (replay !== null && !replay.live);
  const asked = isPure ? judges : [...models, ...judges];
  const endpoint = await withLocalEndpoint(asked);
  endings.push(endpoint.close);
  const context = {
    env: config.env,
    media: createSourceLoader(source, defined({ signal: abort, versionOf })),
    ...(credential === undefined ? {} : { credential }),
  };
  const all = isPure ? [...models, ...endpoint.models] : endpoint.models;
  const ofJudges = new Set(judges.map(({ id }) => id));
  const sends = ({ id }: ModelConfig): Sending => {
    if (leftOut.has(id)) return 'never';
    if (!isPure) return 'always';
    return ofJudges.has(id) ? 'ifPossible' : 'never';
  };
  const runtimes = await createRuntimes(all, context, { sends, random, inFlight });
  endings.push(() => Promise.all(runtimes.map(({ client }) => client.close?.())));
  return { models: runtimes.slice(0, models.length), judges: runtimes.slice(models.length) };
}

interface ModelParts {
  readonly abort: AbortSignal;
  readonly random: () => number;
  readonly inFlight: number;
  /** Ids of models that this process does not ask. */
  readonly leftOut?: ReadonlySet<string>;
}

export interface ContextParts {
  readonly journal: Journal;
  readonly progress: Progress;
  readonly judges: readonly ModelRuntime[];
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  readonly random: () => number;
  readonly say: (line: string) => void;
  /** Of several processes; absent = of this one. */
  readonly ledger?: Ledger;
}

export async function openContext(
  {
    prepared,
    settings: { folder, cacheFolder, replay, tracePath, maxCostUsd, shared },
    estimates,
    hasPrices,
  }: RunParts,
  { journal, progress, judges, stop, abort, random, say, ledger }: ContextParts,
  endings: Endings,
): Promise<Omit<RunContext, 'stopping'>> {
  const earlier =
    replay === null ? null : await openReplay(replay.folder, { onlyFinished: replay.live, onDamage: say });
  if (earlier !== null) endings.push(earlier.close);
  const warnOnce = createWarnOnce(say);
  const trace = tracePath === null ? null : openTrace(tracePath, say, { shared });
  if (trace !== null) endings.push(trace.close);
  const cellEstimates = createCellEstimates(estimates, progress.lengths);
  const { index, spentUsd, judgeSpentUsd } = progress;
  const asking = {
    clock: systemClock,
    random,
    journal,
    // What was replayed was not estimated.
    price: createCellPricer(cellEstimates.of, hasPrices && replay?.live !== false, estimates.facts),
    facts: estimates.facts,
    stop,
    timeouts: createTimeouts(systemClock, abort),
    cache: cacheFolder === null ? null : openCache(cacheFolder, undefined, shared),
    sounds: createSounds(folder, warnOnce, runFileMode(folder, shared)),
    warnOnce,
    budget: maxCostUsd === null ? null : createBudget(maxCostUsd, spentUsd + judgeSpentUsd, cellEstimates, ledger),
    ...(trace === null ? {} : { onAttempt: trace.write }),
  };
  const { scorers } = prepared.config;
  const asker = openAsker(asking, { judges, directory: folder, progress, earlier });
  const judging = asker && createRunJudging({ ...asking, ...progress, judges, asker, scorers, directory: folder });
  if (judging !== null) endings.push(judging.close);
  return {
    ...asking,
    // An answer is in the journal before a judge is asked about it.
    scoring: createScoring(scorers, asker?.recall),
    judging,
    earlierTurns: progress.turns,
    replay: earlier === null || replay === null ? null : { from: earlier, folder: replay.folder, live: replay.live },
    done: progress.done,
    failed: progress.failed,
    again: progress.again,
    index,
  };
}

/** null = no scorer asks a judge. */
function openAsker(
  asking: Omit<CellContext, 'scoring' | 'earlierTurns' | 'replay'>,
  {
    judges,
    directory,
    progress,
    earlier,
  }: {
    readonly judges: readonly ModelRuntime[];
    readonly directory: string;
    readonly progress: Pick<Progress, 'judgements'>;
    readonly earlier: Replay | null;
  },
): Asker | null {
  if (judges.length === 0) return null;
  // What a judge replies is read by the scorer that asked, and no judge has turns or is replayed cell by cell.
  const context = { ...asking, scoring: createScoring([]), earlierTurns: new Map(), replay: null };
  const { judgements } = progress;
  const replayed = earlier === null ? {} : { replayed: earlier.judgement };
  return createAsker({ runtimes: judges, context, directory, judgements, ...replayed });
}

/** Opens the finished cells of a run whose dataset or models changed, so that they can get new row indexes. */
async function openFinished(
  folder: string,
  finished: FinishedCells,
  endings: Endings,
): Promise<(key: string) => Result | null> {
  const reader = await openJournalReader(folder);
  endings.push(reader.close);
  return (key) => {
    const line = finished.get(key);
    if (line === undefined) return null;
    const entry = decodeLine(reader.line(line.offset, line.byteLength));
    return entry.type === 'result' ? entry.data : null;
  };
}

/** After a stop, requests in flight may finish for a while; then they are aborted. Returns what ends the wait. */
export function startGrace(stop: AbortSignal, abort: AbortController, say: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    say(`stopping · requests in flight have ${GRACE_MS / 1000} s to finish; a second signal stops at once`);
    timer = setTimeout(() => abort.abort(stop.reason), GRACE_MS);
  };
  stop.addEventListener('abort', begin, { once: true });
  return () => {
    stop.removeEventListener('abort', begin);
    clearTimeout(timer);
  };
}

/** Runs all steps, also when one of them fails. @throws the last failure. */
export async function endAll(endings: readonly (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const end of endings)
    await Promise.resolve()
      .then(end)
      .catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures.at(-1);
}

/** Closes the journal; paid answers that could not be written to it are saved elsewhere. */
export async function closeJournal(journal: Journal, folder: string, runId: string): Promise<void> {
  try {
    await journal.close();
  } catch (error) {
    const lines = journal.unwritten();
    if (lines.length === 0) throw error;
    const rescue = rescueLines(runId, lines);
    const rescued = rescue === null ? 'could not be saved anywhere and are lost' : `are saved in ${rescue}`;
    throw new IncompleteError(`the journal in ${folder} could not be written; ${lines.length} lines ${rescued}`, {
      cause: error,
      hint: `free some disk space${rescue === null ? '' : ', append that file to journal.jsonl'}, then run again with --resume`,
    });
  }
}
