/** The coordinator of a run on many machines: it queues the missing cells, and keeps what workers answer in the one journal. */

import type { Queue } from 'bullmq';
import { createSharedReader } from '../collections/shared-reader.ts';
import { asksForSpeech } from '../plan/model-provider.ts';
import { runCell } from '../run/cell.ts';
import { type Cell, keyOfCell } from '../run/cell-context.ts';
import { cellsOf, isDone, type RunContext, type RunPlan } from '../run/open-cells.ts';
import { keepResult } from '../run/run-cells.ts';
import type { Sample } from '../types.ts';
import { type Chunk, type ChunkRow, chunkName, sampleHash } from './chunks.ts';
import { claimQueue, endRun, GRACE_MS, isIdle } from './claim.ts';
import type { QueueConnection } from './connect.ts';
import { BLOCK_MS, createInbox, type Inbox } from './inbox.ts';
import { type RunNames, runNames } from './names.ts';
import { type RunDocument, writeRunDocument, writeRunState } from './run-document.ts';
import { createFigures } from './run-figures.ts';
import { reportRun } from './run-watch.ts';

export interface CoordinatorOptions {
  readonly connection: QueueConnection;
  readonly document: RunDocument;
  /** Id of the run, or of the queue that it goes on in: see `queueOfRun`. */
  readonly queueId: string;
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
/** Of a model whose answers are sounds: Redis holds them until the coordinator has them, also while there is none. */
const MOST_QUEUED_SPOKEN = 200;
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
  const names = runNames(prefix, options.queueId);
  await claimQueue(connection, names);
  await writeRunDocument(redis, names.run, document);
  await redis.hsetnx(names.ledger, 'spent', given.budget?.spentUsd() ?? 0);
  const figures = createFigures(given, document);
  const context: RunContext = { ...given, onResult: figures.onResult };
  const queues = plan.models.map(
    (_, index) => new bullmq.Queue<Chunk>(names.cells(index), { connection: redis, prefix }),
  );
  const inbox = createInbox(plan, context, { ...options, mostQueued: mostQueued(plan) }, names);
  const reader = connection.another();
  const watch = reportRun(plan, context, { ...options, names, figures: figures.now });
  try {
    // In this order: a job that ends meanwhile has its results in the stream before it leaves the queue.
    const queued = await queuedRows(queues, connection, names);
    for (const row of queued) inbox.expect(row);
    const answered = await inbox.takeEarly(reader);
    // Their results may come before the feed has read so far: they must not be queued again then.
    const known = new Set([...queued, ...answered]);
    const shared = createSharedReader(plan.samples);
    const feeds = plan.models.map((_, index) =>
      feed(plan, index, shared.read(), context, { queue: queues[index], inbox, known, chunk: options.chunk }),
    );
    let isFed = false;
    const fed = Promise.all(feeds).finally(() => {
      isFed = true;
    });
    fed.catch(() => {});
    let stoppedAt: number | null = null;
    while (!(isFed && inbox.isEmpty())) {
      if (context.stop.aborted) {
        if (stoppedAt === null) await writeRunState(redis, names.run, 'paused');
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

/** By the index of the model. */
function mostQueued({ models }: RunPlan): readonly number[] {
  return models.map(({ config }) =>
    asksForSpeech({ model: config, params: config.params }) ? MOST_QUEUED_SPOKEN : MOST_QUEUED,
  );
}

interface Feed {
  readonly queue: Queue<Chunk> | undefined;
  readonly inbox: Inbox;
  /** Rows that an earlier coordinator has queued, and rows that were answered while there was none. */
  readonly known: ReadonlySet<number>;
  readonly chunk: number;
}

/** Queues the missing cells of one model. What needs no request gets its result here. */
async function feed(
  plan: RunPlan,
  modelIndex: number,
  samples: AsyncIterable<Sample>,
  context: RunContext,
  { queue, inbox, known, chunk }: Feed,
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
      if (isDone(cell, context) || known.has(cell.rowIndex)) continue;
      if (isUnsent(cell)) await keepResult(cell.rowIndex, keyOfCell(cell), await runCell(cell, context), context);
      else if (rows.push([cell.rowIndex, cell.request.requestHash, sampleHash(sample)]) >= chunk) await add();
    }
  }
  await add();
}

function isUnsent({ request }: Cell): boolean {
  return request.unsupported !== null || request.sample.broken !== undefined;
}
