/** A worker: it takes cells from the queue, asks them with the engine of a single machine, and sends the results back. */

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Worker } from 'bullmq';
import { loadConfig } from '../config/load-config.ts';
import { readManifest } from '../dataset/read-manifest.ts';
import { InputError } from '../errors.ts';
import { createEstimateSources } from '../estimate/estimate-sources.ts';
import { lockFolder } from '../files/lock.ts';
import { readBytesSync } from '../files/open-file.ts';
import type { Io } from '../io.ts';
import { openJournal } from '../journal/journal.ts';
import { decodeLine, type JournalEntry } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import { emptyProgress, readProgress } from '../journal/resume.ts';
import { openRunFolder } from '../journal/run-folder.ts';
import { soundFile } from '../journal/sounds.ts';
import { systemClock } from '../limits/clock.ts';
import { openSetup, type Setup } from '../plan/prepare.ts';
import type { Result } from '../result.ts';
import { closeJournal, type Endings, endAll, openContext, openModels, startGrace } from '../run/assemble.ts';
import { type Cell, type ModelRuntime, makeCell } from '../run/cell-context.ts';
import type { RunContext } from '../run/open-cells.ts';
import { requestsInFlight } from '../run/open-files.ts';
import { seededRandom } from '../run/random.ts';
import { askCells, watchModel } from '../run/run-cells.ts';
import type { RunSettings } from '../run/settings.ts';
import { quote } from '../text/quote.ts';
import type { Sample } from '../types.ts';
import { type Chunk, cellOfRow } from './chunks.ts';
import type { QueueConnection } from './connect.ts';
import { activeRunKey, type RunNames, runNames } from './names.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { type RunDocument, readRunDocument } from './run-document.ts';
import { createSampleCursor, type SampleCursor } from './sample-cursor.ts';
import { createSharedLedger } from './shared-ledger.ts';
import { sayAlive } from './worker-info.ts';
import { takeOverStops, withSharedLimits } from './worker-runtimes.ts';

export interface WorkerOptions {
  readonly connection: QueueConnection;
  /** A manifest here, relative to the working directory; absent = where the run says. */
  readonly dataset: string | undefined;
  /** Requests in flight over all models; undefined = as many as the system allows, up to the default. */
  readonly concurrency: number | undefined;
  /** Absolute; the journals of this worker are below it. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** What a worker did. */
export interface Work {
  readonly runId: string;
  /** Cells that it has a result of. */
  readonly done: number;
}

/** How often a worker says that it is alive, and looks whether the run goes on. */
const BEAT_MS = 1000;
/** The longest that BullMQ waits for a worker that says nothing before others take over its chunk: below 30 s with the check. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 7500;
/** A chunk may change hands as often as workers die. */
const MOST_STALLED = 1_000_000;

/**
 * Waits for a run, works until it has ended or the process is stopped, and says what it did; null = stopped before a run came.
 * @throws {InputError} when this machine lacks what the run needs.
 */
export async function work(options: WorkerOptions, io: Io): Promise<Work | null> {
  const runId = await waitForRun(options, io);
  if (runId === null) return null;
  const names = runNames(options.connection.prefix, runId);
  const document = await readRunDocument(options.connection.redis, names.run);
  if (document === null)
    throw new InputError({
      message: `the queue holds nothing of the run ${runId}`,
      hint: 'start the coordinator again with --resume',
    });
  const endings: Endings = [];
  try {
    return await workOn(document, names, options, io, endings);
  } finally {
    await endAll(endings.reverse());
  }
}

async function waitForRun({ connection, say }: WorkerOptions, { stop }: Io): Promise<string | null> {
  const { redis, prefix, shown } = connection;
  for (let isTold = false; !stop.aborted; isTold = true) {
    const runId = await redis.get(activeRunKey(prefix));
    if (runId !== null) return runId;
    if (!isTold) say(`waiting for a run in the queue at ${shown}`);
    await systemClock.sleep(BEAT_MS, stop);
  }
  return null;
}

async function workOn(
  document: RunDocument,
  names: RunNames,
  options: WorkerOptions,
  io: Io,
  endings: Endings,
): Promise<Work> {
  const { connection, say } = options;
  const { redis } = connection;
  const setup = await openSetupOf(document, options, io);
  requireManifest(setup);
  const missing = await modelsWithoutKeys(document, setup, options, io);
  if (missing.size === setup.models.length)
    throw new InputError([...missing].map(([id, reason]) => ({ message: `cannot ask ${quote(id)}: ${reason}` })));
  for (const [id, reason] of missing) say(`leaves ${id} to other workers: ${reason}`);

  const folder = join(options.folder, document.runId);
  openRunFolder(folder);
  endings.push(lockFolder(folder, 0o600));
  const { progress: earlier, scan } = await readProgress(folder, { sample: [] });
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId: document.runId, runIdentity: document.runIdentity },
    clock: systemClock,
    scan,
    mode: 0o600,
  });
  const abort = new AbortController();
  setMaxListeners(0, io.stop, abort.signal);
  endings.push(() => closeJournal(journal, folder, document.runId), startGrace(io.stop, abort, say));
  const publisher = createPublisher({
    redis,
    names,
    journal,
    soundOf: (sound) => readBytesSync(join(folder, soundFile(sound))).toString('base64'),
  });
  await resend(folder, earlier.index.entries(), publisher);

  const { seed } = setup.config;
  const random = seed === undefined ? Math.random : seededRandom(seed);
  const parts = {
    prepared: setup,
    settings: settingsOf(document, folder),
    estimates: createEstimateSources(setup, io.cwd),
    hasPrices: document.hasPrices,
  };
  const inFlight = requestsInFlight(options.concurrency, setup.models, say);
  const runtimes = withSharedLimits(
    await openModels(parts, { abort: abort.signal, random, inFlight, leftOut: new Set(missing.keys()) }, io, endings),
    redis,
    names,
    systemClock,
  );
  // A row has one result of this worker at most, unless its chunk comes back.
  const progress = emptyProgress();
  const ledger =
    document.maxCostUsd === null
      ? undefined
      : createSharedLedger(redis, names.ledger, document.maxCostUsd, systemClock);
  const own = { journal: publisher.journal, progress, stop: io.stop, abort: abort.signal, random, say };
  const context = await openContext(parts, ledger === undefined ? own : { ...own, ledger }, endings);
  const counted = createCounts();
  const listened: RunContext = { ...context, onResult: counted.add };
  for (const runtime of runtimes) watchModel(runtime, listened);
  const failure = createFailure(io.stop);
  const workers = runtimes.flatMap((runtime, modelIndex) => {
    if (missing.has(runtime.config.id)) return [];
    const cursor = createSampleCursor((isWanted) => samplesOf(setup, isWanted), setup.source.displayPath);
    const process = (chunk: string, rows: Chunk['rows']) =>
      workOnChunk({ chunk, rows, runtime, setup, cursor, context: listened, publisher, counted, redis, names });
    return [startWorker(connection, names, { runtime, modelIndex, process, failure })];
  });
  endings.push(() => Promise.all(workers.map((worker) => worker.close())));
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`;
  const startedAt = Date.now();
  const models = runtimes.map(({ config }) => config.id).filter((model) => !missing.has(model));
  say(`works on ${document.runId}: ${models.join(', ')}`);
  while (!failure.signal.aborted) {
    const info = {
      id,
      startedAt,
      models,
      missing: Object.fromEntries(missing),
      inFlight: counted.open(),
      done: counted.done(),
    };
    await sayAlive(redis, names.workers, info);
    await takeOverStops(runtimes, redis, names);
    const state = await redis.hget(names.run, 'state');
    if (state === 'ended' || state === null) break;
    for (const worker of workers) {
      if (state === 'paused' && !worker.isPaused()) await worker.pause(true);
      else if (state === 'running' && worker.isPaused()) worker.resume();
    }
    await systemClock.sleep(BEAT_MS, failure.signal);
  }
  await Promise.all(workers.map((worker) => worker.close()));
  await publisher.sent();
  await redis.hdel(names.workers, id);
  failure.raise();
  return { runId: document.runId, done: counted.done() };
}

/** The configuration comes from the queue; its paths start where the same file is, or would be, on this machine. */
async function openSetupOf(document: RunDocument, options: WorkerOptions, io: Io): Promise<Setup> {
  const { shard, limit, sample, ...selection } = document.selection;
  const own = options.dataset === undefined ? {} : { dataset: options.dataset };
  return openSetup({ ...selection, config: document.configPath, ...own }, io, {
    requireKeys: false,
    requireWire: true,
    isOnlyPass: true,
    document: document.config,
  });
}

function requireManifest({ source }: Setup): void {
  if (statSync(source.path, { throwIfNoEntry: false }) !== undefined) return;
  throw new InputError({
    file: source.displayPath,
    message: 'is not on this machine',
    hint: 'share the folder with the coordinator, or name the same manifest with --dataset',
  });
}

/** The models that this machine has no key for, with the reason. */
async function modelsWithoutKeys(
  document: RunDocument,
  { models }: Setup,
  { dataset }: WorkerOptions,
  { cwd, env, allowCode }: Io,
): Promise<ReadonlyMap<string, string>> {
  const missing = new Map<string, string>();
  for (const { id } of models)
    await loadConfig(document.configPath, {
      ...{ cwd, env, allowCode, document: document.config, models: [id] },
      ...(dataset === undefined ? {} : { dataset }),
    }).catch((error: unknown) => {
      if (!(error instanceof InputError)) throw error;
      missing.set(id, error.problems.map(({ message }) => message).join('; '));
    });
  return missing;
}

function settingsOf({ maxCostUsd }: RunDocument, folder: string): RunSettings {
  return {
    folder,
    concurrency: undefined,
    queue: null,
    resumeChanged: false,
    shared: false,
    cacheFolder: null,
    replay: null,
    tracePath: null,
    maxCostUsd,
  };
}

/** What an earlier process of this worker had on its disk goes to the coordinator, which knows what it has. */
async function resend(
  folder: string,
  lines: Iterable<{ readonly offset: number; readonly byteLength: number }>,
  publisher: Publisher,
): Promise<void> {
  const reader = await openJournalReader(folder);
  try {
    for (const { offset, byteLength } of lines)
      publisher.send(decodeLine(reader.line(offset, byteLength)) as JournalEntry);
    await publisher.sent();
  } finally {
    reader.close();
  }
}

/** Defects are errors here: the coordinator has checked the same manifest. */
function samplesOf(setup: Setup, isWanted: (index: number) => boolean): AsyncIterable<Sample> {
  const raise = (problem: ConstructorParameters<typeof InputError>[0]) => {
    throw new InputError(problem);
  };
  return readManifest(setup.source, raise, {
    uniqueIds: false,
    isOnlyPass: true,
    keepBroken: setup.skipBroken,
    isWanted,
  });
}

/** Cells in hand, and cells with a result. */
function createCounts() {
  let open = 0;
  let done = 0;
  return {
    open: () => open,
    done: () => done,
    begin(cells: number) {
      open += cells;
    },
    end(cells: number) {
      open -= cells;
    },
    add: (_: Result) => {
      done += 1;
    },
  };
}

/** The first error of a chunk ends the worker: another machine may have what this one lacks. */
function createFailure(stop: AbortSignal) {
  const controller = new AbortController();
  let error: unknown = null;
  if (stop.aborted) controller.abort();
  stop.addEventListener('abort', () => controller.abort(), { once: true });
  return {
    signal: controller.signal,
    set(first: unknown) {
      error ??= first;
      controller.abort();
    },
    raise() {
      if (error !== null) throw error;
    },
  };
}

interface WorkerParts {
  readonly runtime: ModelRuntime;
  readonly modelIndex: number;
  readonly process: (chunk: string, rows: Chunk['rows']) => Promise<void>;
  readonly failure: ReturnType<typeof createFailure>;
}

function startWorker(
  { bullmq, redis, prefix }: QueueConnection,
  names: RunNames,
  { runtime, modelIndex, process, failure }: WorkerParts,
): Worker<Chunk> {
  const { cellSlots } = runtime.gate;
  const chunks = () => 1 + Math.ceil(cellSlots.count() / 20);
  const worker = new bullmq.Worker<Chunk>(
    names.cells(modelIndex),
    async (job) => {
      try {
        await process(String(job.id), job.data.rows);
      } catch (error) {
        // Thrown again: the chunk goes back into the queue.
        if (!(error instanceof Unfinished)) failure.set(error);
        throw error;
      }
    },
    {
      connection: redis,
      prefix,
      concurrency: chunks(),
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MOST_STALLED,
    },
  );
  worker.on('error', () => {});
  cellSlots.onChange(() => {
    worker.concurrency = chunks();
  });
  return worker;
}

/** A chunk that the end of the worker has cut short. */
class Unfinished extends Error {}

interface ChunkWork {
  readonly chunk: string;
  readonly rows: Chunk['rows'];
  readonly runtime: ModelRuntime;
  readonly setup: Setup;
  readonly cursor: SampleCursor;
  readonly context: RunContext;
  readonly publisher: Publisher;
  readonly counted: ReturnType<typeof createCounts>;
  readonly redis: QueueConnection['redis'];
  readonly names: RunNames;
}

/** Asks the cells of a chunk that have no result yet. @throws {InputError} when a sample here is another one. */
async function workOnChunk({
  chunk,
  rows,
  runtime,
  setup,
  cursor,
  context,
  publisher,
  counted,
  redis,
  names,
}: ChunkWork) {
  const finished = new Set(await redis.smembers(names.finished(chunk)));
  const open = rows.filter(([row]) => !finished.has(String(row)));
  const place = (row: number) => cellOfRow(row, setup.models.length, setup.repeat);
  const samples = await cursor.get(open.map(([row]) => place(row).sample));
  const cells = open.map(([row, requestHash], index): Cell => {
    const sample = samples[index];
    if (sample === undefined) throw new Error(`no sample for row ${row}`);
    const cell = makeCell(sample, runtime, place(row).repeat, row);
    if (cell.request.requestHash !== requestHash) throw otherRequest(setup, sample);
    return cell;
  });
  for (const { rowIndex } of cells) publisher.belongs(rowIndex, chunk);
  counted.begin(cells.length);
  try {
    const last = async (isFree: (cell: Cell) => boolean) =>
      cells.findLast((cell) => cell.request.unsupported === null && isFree(cell)) ?? null;
    await askCells(runtime, asyncIterable(cells), context, last);
    await publisher.sent();
  } finally {
    counted.end(cells.length);
  }
  if (cells.some(({ rowIndex }) => !publisher.isSent(rowIndex))) throw new Unfinished('the worker was stopped');
  publisher.forget(cells.map(({ rowIndex }) => rowIndex));
  await redis.del(names.finished(chunk));
}

async function* asyncIterable<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function otherRequest({ source }: Setup, { id, line }: Sample): InputError {
  return new InputError({
    file: source.displayPath,
    line,
    message: `sample ${quote(id)} is another request here than at the coordinator`,
    hint: 'the manifest, a medium, or a variable that is part of the request differs: make them the same',
  });
}

/** A path as the coordinator has it. */
export function configPathOf(path: string, cwd: string): string {
  return relative(cwd, resolve(cwd, path));
}
