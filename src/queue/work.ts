/** A worker: it takes cells from the queue, asks them with the engine of a single machine, and sends the results back. */

import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { createEstimateSources } from '../estimate/estimate-sources.ts';
import { lockFolder } from '../files/lock.ts';
import { readBytesSync } from '../files/open-file.ts';
import type { Io } from '../io.ts';
import { openJournal } from '../journal/journal.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import { emptyProgress, readProgress } from '../journal/resume.ts';
import { openRunFolder } from '../journal/run-folder.ts';
import { soundFile } from '../journal/sounds.ts';
import { systemClock } from '../limits/clock.ts';
import { closeJournal, type Endings, endAll, openContext, openModels, startGrace } from '../run/assemble.ts';
import type { RunContext } from '../run/open-cells.ts';
import { requestsInFlight } from '../run/open-files.ts';
import { seededRandom } from '../run/random.ts';
import { watchModel } from '../run/run-cells.ts';
import { quote } from '../text/quote.ts';
import type { Chunk } from './chunks.ts';
import type { QueueConnection } from './connect.ts';
import { activeRunKey, type RunNames, runNames } from './names.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { type RunDocument, readRunDocument } from './run-document.ts';
import { createSampleCursor } from './sample-cursor.ts';
import { createSharedLedger } from './shared-ledger.ts';
import { createFailure, startWorker } from './start-worker.ts';
import { createCounts, workOnChunk } from './work-on-chunk.ts';
import { withWorkerFiles } from './worker-files.ts';
import { sayAlive } from './worker-info.ts';
import { takeOverStops, withSharedLimits } from './worker-runtimes.ts';
import { modelsWithoutKeys, openSetupOf, samplesOf, settingsOf, type WorkerPlaces } from './worker-setup.ts';

export interface WorkerOptions {
  readonly connection: QueueConnection;
  readonly places: WorkerPlaces;
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
/**
 * Waits for a run, works until it has ended or the process is stopped, and says what it did; null = stopped before a run came.
 * @throws {InputError} when this machine lacks what the run needs.
 */
export async function work(options: WorkerOptions, io: Io): Promise<Work | null> {
  const document = await waitForRun(options, io);
  if (document === null) return null;
  const names = runNames(options.connection.prefix, document.runId);
  const endings: Endings = [];
  try {
    return await workOn(document, names, options, io, endings);
  } finally {
    await endAll(endings.reverse());
  }
}

/** A coordinator claims the queue before it describes its run: a worker that comes in between waits, too. */
async function waitForRun({ connection, say }: WorkerOptions, { stop }: Io): Promise<RunDocument | null> {
  const { redis, prefix, shown } = connection;
  for (let isTold = false; !stop.aborted; isTold = true) {
    const runId = await redis.get(activeRunKey(prefix));
    const document = runId === null ? null : await readRunDocument(redis, runNames(prefix, runId).run);
    if (document !== null) return document;
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
  const { places } = options;
  const opened = await openSetupOf(document, places, io);
  const missing = await modelsWithoutKeys(document, opened, places, io);
  if (missing.size === opened.models.length)
    throw new InputError([...missing].map(([id, reason]) => ({ message: `cannot ask ${quote(id)}: ${reason}` })));
  for (const [id, reason] of missing) say(`leaves ${id} to other workers: ${reason}`);

  const folder = join(options.folder, document.runId);
  openRunFolder(folder);
  const setup = await withWorkerFiles(opened, places, folder, io, endings);
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
    prepared: { ...setup, judges: [] },
    settings: settingsOf(document, folder),
    estimates: createEstimateSources(setup, io.cwd),
    hasPrices: document.hasPrices,
  };
  const inFlight = requestsInFlight(options.concurrency, setup.models, say);
  const asked = { abort: abort.signal, random, inFlight, leftOut: new Set(missing.keys()) };
  const { models: asking } = await openModels(parts, asked, io, endings);
  const runtimes = withSharedLimits(asking, redis, names, systemClock);
  // A row has one result of this worker at most, unless its chunk comes back.
  const progress = emptyProgress();
  const ledger =
    document.maxCostUsd === null
      ? undefined
      : createSharedLedger(redis, names.ledger, document.maxCostUsd, systemClock);
  const own = { journal: publisher.journal, progress, judges: [], stop: io.stop, abort: abort.signal, random, say };
  const withoutStop = await openContext(parts, ledger === undefined ? own : { ...own, ledger }, endings);
  const context = { ...withoutStop, stopping: null };
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

/** What an earlier process of this worker had on its disk goes to the coordinator, which knows what it has. */
async function resend(
  folder: string,
  lines: Iterable<{ readonly offset: number; readonly byteLength: number }>,
  publisher: Publisher,
): Promise<void> {
  const reader = await openJournalReader(folder);
  try {
    for (const { offset, byteLength } of lines) publisher.send(decodeLine(reader.line(offset, byteLength)));
    await publisher.sent();
  } finally {
    reader.close();
  }
}
