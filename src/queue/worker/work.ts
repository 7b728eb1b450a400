/** A worker: it takes cells from the queue, asks them with the engine of a single machine, and sends the results back. */

import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { openRunFolder } from '../../journal/run-folder.ts';
import { systemClock } from '../../limits/clock.ts';
import type { Setup } from '../../plan/prepare.ts';
import { type Endings, endAll, startGrace } from '../../run/assemble.ts';
import type { RunContext } from '../../run/open-cells.ts';
import { watchModel } from '../../run/run-cells.ts';
import { quote } from '../../text/quote.ts';
import type { Chunk } from '../chunks.ts';
import type { QueueConnection } from '../connect.ts';
import { activeRunKey, type RunNames, runNames } from '../names.ts';
import { type RunDocument, readRunDocument } from '../run-document.ts';
import { followRun } from './follow-run.ts';
import { createHalt } from './halt.ts';
import { createFailure, makeWorker } from './make-worker.ts';
import { openEngine, openPublisher } from './open-engine.ts';
import { createSampleCursor } from './sample-cursor.ts';
import { createCounts, workOnChunk } from './work-on-chunk.ts';
import { withWorkerFiles } from './worker-files.ts';
import { modelsWithoutKeys, openSetupOf, samplesOf, type WorkerPlaces } from './worker-setup.ts';

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

/** How often a worker looks whether there is a run. */
const LOOK_MS = 1000;

/**
 * Waits for a run, works until it has ended or the process is stopped, and says what it did; null = stopped before a run came.
 * @throws {InputError} when this machine lacks what the run needs.
 */
export async function work(options: WorkerOptions, io: Io): Promise<Work | null> {
  for (let done = 0; ; ) {
    const found = await waitForRun(options, io);
    if (found === null) return null;
    const endings: Endings = [];
    try {
      const work = await workOn(found.document, found.names, options, io, endings);
      done += work.done;
      if (!work.isReplaced) return { runId: found.document.runId, done };
      options.say('the run has changed');
    } finally {
      await endAll(endings.reverse());
    }
  }
}

interface FoundRun {
  readonly document: RunDocument;
  readonly names: RunNames;
}

/** A coordinator claims the queue before it describes its run: a worker that comes in between waits, too. */
async function waitForRun({ connection, say }: WorkerOptions, { stop }: Io): Promise<FoundRun | null> {
  const { redis, prefix, shown } = connection;
  for (let isTold = false; !stop.aborted; isTold = true) {
    const queueId = await redis.get(activeRunKey(prefix));
    const names = queueId === null ? null : runNames(prefix, queueId);
    const document = names === null ? null : await readRunDocument(redis, names.run);
    if (names !== null && document !== null) return { document, names };
    if (!isTold) say(`waiting for a run in the queue at ${shown}`);
    await systemClock.sleep(LOOK_MS, stop);
  }
  return null;
}

async function workOn(
  document: RunDocument,
  names: RunNames,
  options: WorkerOptions,
  io: Io,
  endings: Endings,
): Promise<{ readonly done: number; readonly isReplaced: boolean }> {
  const { connection, places, say } = options;
  const opened = await openSetupOf(document, places, io);
  const missing = await requireSomeKey(document, opened, places, io);
  for (const [id, { message }] of missing) say(`leaves ${id} to other workers: ${message}`);
  const folder = join(options.folder, names.id);
  openRunFolder(folder);
  const setup = await withWorkerFiles(opened, places, folder, io, endings);
  const abort = new AbortController();
  setMaxListeners(0, io.stop, abort.signal);
  const publisher = await openPublisher(document, names, folder, connection.redis, endings);
  endings.push(startGrace(io.stop, abort, say));
  const { runtimes, context } = await openEngine(
    { document, names, setup, folder, publisher, connection, abort: abort.signal },
    { ...options, leftOut: new Set(missing.keys()) },
    io,
    endings,
  );
  const counted = createCounts();
  const listened: RunContext = { ...context, onResult: counted.add };
  for (const runtime of runtimes) watchModel(runtime, listened);
  const failure = createFailure(io.stop);
  const halt = createHalt(io.stop);
  const asked = runtimes.flatMap((runtime, modelIndex) =>
    missing.has(runtime.config.id) ? [] : [{ runtime, modelIndex }],
  );
  const workers = asked.map(({ runtime, modelIndex }) => {
    const cursor = createSampleCursor((isWanted) => samplesOf(setup, isWanted), setup.source.displayPath);
    endings.push(cursor.close);
    const parts = { runtime, setup, cursor, publisher, counted, redis: connection.redis, names };
    const process = (chunk: string, rows: Chunk['rows']) =>
      workOnChunk({ ...parts, chunk, rows, context: { ...listened, stop: halt.signal() } });
    return makeWorker(connection, names, { runtime, modelIndex, process, failure });
  });
  endings.push(() => Promise.all(workers.map((worker) => worker.close())));
  const models = asked.map(({ runtime }) => runtime.config.id);
  say(`works on ${document.runId}: ${models.join(', ')}`);
  const reasons = Object.fromEntries([...missing].map(([id, { message }]) => [id, message]));
  const info = () => ({ models, missing: reasons, inFlight: counted.open(), done: counted.done() });
  const isReplaced = await followRun({ connection, names, runtimes, workers, halt, failure, info, say });
  await Promise.all(workers.map((worker) => worker.close()));
  await publisher.sent();
  failure.raise();
  return { done: counted.done(), isReplaced };
}

/** The models that others must ask. @throws {InputError} when there is a key for none. */
async function requireSomeKey(document: RunDocument, setup: Setup, places: WorkerPlaces, io: Io) {
  const missing = await modelsWithoutKeys(document, setup, places, io);
  if (missing.size < setup.models.length) return missing;
  throw new InputError(
    // The line is one of the coordinator's configuration.
    [...missing].map(([id, { file: _file, line: _line, column: _column, message, ...rest }]) => ({
      ...rest,
      message: `cannot ask ${quote(id)}: ${message}`,
    })),
  );
}
