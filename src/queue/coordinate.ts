/** The coordinator of a run on many machines: it queues the missing cells, and keeps what workers answer in the one journal. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { createSharedReader } from '../collections/shared-reader.ts';
import { InputError } from '../errors.ts';
import { isDone as isFinalResult, keyOf } from '../journal/resume.ts';
import { writeSound } from '../journal/sounds.ts';
import { runCell } from '../run/cell.ts';
import { type Cell, keyOfCell } from '../run/cell-context.ts';
import { cellsOf, isDone, type RunContext, type RunPlan } from '../run/open-cells.ts';
import { keepResult } from '../run/run-cells.ts';
import type { Sample } from '../types.ts';
import { type Chunk, type ChunkRow, chunkName, sampleHash } from './chunks.ts';
import type { QueueConnection } from './connect.ts';
import { activeRunKey, endedRunKey, type RunNames, runNames } from './names.ts';
import { type ReceivedEntry, receiveEntries } from './results-stream.ts';
import { type RunDocument, type RunState, writeRunDocument } from './run-document.ts';
import { createFigures } from './run-figures.ts';
import { reportRun } from './run-watch.ts';

export interface CoordinatorOptions {
  readonly connection: QueueConnection;
  readonly document: RunDocument;
  /** Cells a job. */
  readonly chunk: number;
  /** Absolute folder of the run. */
  readonly folder: string;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
  readonly say: (line: string) => void;
}

/** Cells of a model in the queue; the others wait in the manifest, so that Redis stays small. */
const MOST_QUEUED = 2000;
/** How long workers may finish what they have in hand after a stop. */
const GRACE_MS = 10_000;
/** The longest wait for results before the state of the run is looked at. */
const BLOCK_MS = 500;
/** What is known of a run that has ended is kept for so long: all workers see the end, and `status` shows it. */
const ENDED_TTL_S = 3600;
/** A job is tried again as often as workers leave: each cell then ends by itself. */
const MOST_TRIES = 1_000_000;

/**
 * Queues every missing cell and resolves when all have a result, or some time after a stop. Cells that are in the queue from
 * an earlier coordinator are not queued again.
 * @throws {InputError} when the queue holds another run.
 */
export async function coordinate(plan: RunPlan, given: RunContext, options: CoordinatorOptions): Promise<void> {
  const { connection, document } = options;
  const { redis, prefix, bullmq } = connection;
  const names = runNames(prefix, document.runId);
  await claimQueue(connection, document.runId, names);
  await writeRunDocument(redis, names.run, document);
  await redis.hsetnx(names.ledger, 'spent', given.budget?.spentUsd() ?? 0);
  const figures = createFigures(given, document);
  const context: RunContext = { ...given, onResult: figures.onResult };
  const queues = plan.models.map(
    (_, index) => new bullmq.Queue<Chunk>(names.cells(index), { connection: redis, prefix }),
  );
  const inbox = createInbox(plan, context, options, names);
  const reader = connection.another();
  const watch = reportRun(plan, context, { ...options, names, figures: figures.now });
  try {
    // In this order: a job that ends meanwhile has its results in the stream before it leaves the queue.
    for (const row of await queuedRows(queues, connection, names)) inbox.expect(row);
    const answered = await inbox.takeEarly(reader);
    const shared = createSharedReader(plan.samples);
    const feeds = plan.models.map((_, index) =>
      feed(plan, index, shared.read(), context, { queue: queues[index], inbox, answered, chunk: options.chunk }),
    );
    let isFed = false;
    const fed = Promise.all(feeds).finally(() => {
      isFed = true;
    });
    fed.catch(() => {});
    let stoppedAt: number | null = null;
    while (!(isFed && inbox.isEmpty())) {
      if (context.stop.aborted) {
        if (stoppedAt === null) await setState(connection, names, 'paused');
        stoppedAt ??= context.clock.now();
        if (context.clock.now() - stoppedAt > GRACE_MS || (await isIdle(queues))) break;
      }
      await inbox.receive(reader, BLOCK_MS);
    }
    await inbox.receive(reader, 1);
    await fed;
    // It looks at the stops once more, which the end removes.
    await watch.close();
    if (inbox.isEmpty() && !context.stop.aborted) await endRun(connection, names, queues);
  } finally {
    await watch.close();
    await Promise.all(queues.map((queue) => queue.close()));
  }
}

/** One run at a time has the workers of a prefix. */
async function claimQueue({ redis, prefix, shown }: QueueConnection, runId: string, names: RunNames): Promise<void> {
  const isNew = (await redis.set(activeRunKey(prefix), runId, 'NX')) !== null;
  // What `status` shows of a run that has ended must not stop its models when it is resumed.
  if (isNew) await redis.del(names.ledger, names.stops);
  const active = await redis.get(activeRunKey(prefix));
  if (active !== null) requireOwnQueue(active, runId, shown);
}

/** @throws {InputError} when the queue holds another run. */
export function requireOwnQueue(active: string, runId: string | null, shown: string): void {
  if (active === runId) return;
  throw new InputError({
    message: `the queue at ${shown} holds the run ${active}, which has not ended`,
    hint: 'resume that run first, or give this one another queue.prefix',
  });
}

async function setState({ redis }: QueueConnection, { run }: RunNames, state: RunState): Promise<void> {
  await redis.hset(run, { state });
}

/**
 * Rows that are still to be answered in jobs of an earlier coordinator, which workers may have in hand. The others have a result
 * in the journal or in the stream: nobody sends it again.
 */
async function queuedRows(
  queues: readonly Queue<Chunk>[],
  { redis }: QueueConnection,
  names: RunNames,
): Promise<readonly number[]> {
  const rows = queues.map(async (queue, modelIndex) => {
    const jobs = await queue.getJobs(['waiting', 'active', 'delayed', 'prioritized', 'wait']);
    const open = jobs.map(async (job) => {
      // A job may leave the queue while it is read.
      const finished = new Set(await redis.smembers(names.finished(chunkName(modelIndex, job?.id))));
      return (job?.data.rows ?? []).map(([row]) => row).filter((row) => !finished.has(String(row)));
    });
    return (await Promise.all(open)).flat();
  });
  return (await Promise.all(rows)).flat();
}

async function isIdle(queues: readonly Queue<Chunk>[]): Promise<boolean> {
  const active = await Promise.all(queues.map((queue) => queue.getActiveCount()));
  return active.every((count) => count === 0);
}

async function endRun(connection: QueueConnection, names: RunNames, queues: readonly Queue<Chunk>[]): Promise<void> {
  const { redis, prefix } = connection;
  await setState(connection, names, 'ended');
  await Promise.all(queues.map((queue) => queue.obliterate({ force: true })));
  await redis.set(endedRunKey(prefix), names.id, 'EX', ENDED_TTL_S);
  await redis.del(names.results, activeRunKey(prefix));
  for (const key of [names.run, names.workers, names.ledger, names.stops]) await redis.expire(key, ENDED_TTL_S);
}

type Inbox = ReturnType<typeof createInbox>;

/** Takes in what workers send: each cell once. */
function createInbox(plan: RunPlan, context: RunContext, { folder, mode }: CoordinatorOptions, names: RunNames) {
  /** Rows in the queue that have no result yet. */
  const expected = new Set<number>();
  const counts = plan.models.map(() => 0);
  const modelOf = (row: number) => Math.floor(row / plan.repeat) % plan.models.length;
  /** Rows whose newest result is not final: an answer that comes late takes its place. */
  const open = new Set<number>();
  /** Rows with a final result, while they are noted. */
  let answered: Set<number> | null = null;
  let lastId = '0';
  let kept: string[] = [];
  let wake = () => {};

  const settle = (row: number) => {
    if (!expected.delete(row)) return;
    const model = modelOf(row);
    counts[model] = (counts[model] ?? 0) - 1;
    wake();
  };
  const take = async ({ entry, sounds }: ReceivedEntry) => {
    for (const { sound, base64 } of sounds)
      await writeSound(folder, sound, [Buffer.from(base64, 'base64')], mode).catch(() => {});
    if (entry.type === 'turn') context.journal.append(entry);
    if (entry.type !== 'result') return;
    // A second result of a cell comes from a worker that was taken for dead.
    const isFinal = isFinalResult(entry.data);
    const isNew = expected.has(entry.cell) || !context.index.has(entry.cell) || (isFinal && open.has(entry.cell));
    if (isFinal) answered?.add(entry.cell);
    if (isFinal) open.delete(entry.cell);
    else open.add(entry.cell);
    if (isNew) await keepResult(entry.cell, keyOf(entry.data), entry.data, context);
    settle(entry.cell);
  };
  /** Takes in all that is there; waits for the first entry. Entries leave Redis when they are on the disk. */
  const receive = async (reader: QueueConnection['redis'], blockMs: number) => {
    for (let wait = blockMs; ; wait = 1) {
      const entries = await receiveEntries(reader, names, lastId, wait);
      await context.journal.ready(context.stop);
      if (kept.length > 0) await reader.xdel(names.results, ...kept);
      kept = entries.map(({ id }) => id);
      for (const one of entries) if ('entry' in one) await take(one);
      lastId = entries.at(-1)?.id ?? lastId;
      if (entries.length === 0) return;
    }
  };
  return {
    receive,
    /** Takes in what workers sent while there was no coordinator, and returns the rows that need not be asked. */
    async takeEarly(reader: QueueConnection['redis']): Promise<ReadonlySet<number>> {
      const rows = new Set<number>();
      answered = rows;
      await receive(reader, 1);
      answered = null;
      return rows;
    },
    expect(row: number) {
      if (expected.has(row)) return;
      expected.add(row);
      const model = modelOf(row);
      counts[model] = (counts[model] ?? 0) + 1;
    },
    isExpected: (row: number) => expected.has(row),
    isEmpty: () => expected.size === 0,
    /** Resolves when the model has room in the queue. */
    async room(modelIndex: number) {
      while ((counts[modelIndex] ?? 0) >= MOST_QUEUED && !context.stop.aborted)
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          sleep(BLOCK_MS),
        ]);
    },
  };
}

interface Feed {
  readonly queue: Queue<Chunk> | undefined;
  readonly inbox: Inbox;
  /** Rows that were answered while there was no coordinator. */
  readonly answered: ReadonlySet<number>;
  readonly chunk: number;
}

/** Queues the missing cells of one model. What needs no request gets its result here. */
async function feed(
  plan: RunPlan,
  modelIndex: number,
  samples: AsyncIterable<Sample>,
  context: RunContext,
  { queue, inbox, answered, chunk }: Feed,
): Promise<void> {
  if (queue === undefined) return;
  let rows: ChunkRow[] = [];
  const add = async () => {
    if (rows.length === 0) return;
    const full = rows;
    rows = [];
    for (const [row] of full) inbox.expect(row);
    await queue.add('cells', { rows: full }, { attempts: MOST_TRIES, removeOnComplete: true });
    await inbox.room(modelIndex);
  };
  for await (const sample of samples) {
    for (const cell of cellsOf(sample, modelIndex, plan)) {
      if (context.stop.aborted) return;
      if (isDone(cell, context) || inbox.isExpected(cell.rowIndex) || answered.has(cell.rowIndex)) continue;
      if (isUnsent(cell)) await keepResult(cell.rowIndex, keyOfCell(cell), await runCell(cell, context), context);
      else if (rows.push([cell.rowIndex, cell.request.requestHash, sampleHash(sample)]) >= chunk) await add();
    }
  }
  await add();
}

function isUnsent({ request }: Cell): boolean {
  return request.unsupported !== null || request.sample.broken !== undefined;
}
