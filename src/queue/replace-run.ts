/** Takes a run out of its queue when the manifest or the models have changed: jobs and results name rows, which are others now. */

import { InputError } from '../errors.ts';
import { lockFolder } from '../files/lock.ts';
import { openJournal } from '../journal/journal.ts';
import { compareRun } from '../journal/open-run.ts';
import { isDone, keyOf, readProgress } from '../journal/resume.ts';
import { runFileMode } from '../journal/run-files.ts';
import { systemClock } from '../limits/clock.ts';
import { comparableStored, isSameRun } from '../plan/stored-definition.ts';
import { closeJournal } from '../run/assemble.ts';
import type { ReadyRun } from '../run/ready-run.ts';
import { createWarnOnce } from '../run/warn-once.ts';
import type { Chunk } from './chunks.ts';
import { GRACE_MS, isIdle, replaceQueue } from './claim.ts';
import type { QueueConnection } from './connect.ts';
import { nextQueue, type RunNames, runNames } from './names.ts';
import { openResultStream, type SentEntry } from './results-stream.ts';
import { type RunDocument, readRunDocument, writeRunState } from './run-document.ts';
import { keepSounds } from './sent-sounds.ts';

const LOOK_MS = 250;

export interface Watcher {
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

/**
 * The queue that a run goes on in, which has the queue `queueId`: another one when it is resumed with changes. What workers
 * have answered is in the journal then, under the rows that it was asked for; the resume moves it as all that is there.
 * @throws {InputError} when the queue holds cells of another version of earsight, or as they were before an earlier change.
 */
export async function queueOfRun(
  connection: QueueConnection,
  queueId: string,
  { prepared, reading, settings }: Pick<ReadyRun, 'prepared' | 'reading' | 'settings'>,
  watcher: Watcher,
): Promise<string> {
  const { redis, prefix, bullmq } = connection;
  const names = runNames(prefix, queueId);
  const document = await readRunDocument(redis, names.run);
  if (document === null || isSameRun(compareRun(document.runIdentity, prepared))) return queueId;
  const { runDefinition } = reading.progress;
  if (runDefinition === null || !isSameRun(comparableStored(runDefinition, document.runIdentity)))
    throw new InputError({
      message: `the queue at ${connection.shown} holds cells of this run as it was before a change`,
      hint: 'give it another queue.prefix: the answers in this one are of rows that the run has not any more',
    });
  // The run is about to be rejected with its differences.
  if (!settings.resumeChanged) return queueId;
  const next = runNames(prefix, nextQueue(queueId));
  const mode = runFileMode(settings.folder, settings.shared);
  const queues = document.runIdentity.models.map(
    (_, index) => new bullmq.Queue<Chunk>(names.cells(index), { connection: redis, prefix }),
  );
  const unlock = lockFolder(settings.folder, mode);
  try {
    watcher.say('the run has changed: what its workers have answered is taken in first');
    await writeRunState(redis, names.run, 'paused');
    const until = systemClock.now() + GRACE_MS;
    while (!(await isIdle(queues)) && systemClock.now() < until) await systemClock.sleep(LOOK_MS, watcher.stop);
    await takeIn(connection, names, document, { folder: settings.folder, mode, ...watcher });
    await replaceQueue(connection, names, queues, next);
  } finally {
    unlock();
    await Promise.all(queues.map((queue) => queue.close()));
  }
  return next.id;
}

async function takeIn(
  connection: QueueConnection,
  names: RunNames,
  { runId, runIdentity }: RunDocument,
  { folder, mode, say, stop }: Watcher & { readonly folder: string; readonly mode: number },
): Promise<void> {
  const { progress, scan } = await readProgress(folder, { sample: [] });
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId, runIdentity },
    clock: systemClock,
    scan,
    mode,
  });
  const warnOnce = createWarnOnce(say);
  const finished = new Set<string>();
  const take = async (received: SentEntry) => {
    const entry = await keepSounds(received, folder, mode, warnOnce);
    if (entry.type === 'turn') journal.append(entry);
    if (entry.type !== 'result') return;
    const key = keyOf(entry.data);
    // A second result of a cell comes from a worker that was taken for dead.
    if (progress.done.has(key) || finished.has(key)) return;
    if (isDone(entry.data)) finished.add(key);
    journal.append(entry);
  };
  try {
    await openResultStream(names).receive(connection.another(), 1, take, () => journal.ready(stop));
  } finally {
    await closeJournal(journal, folder, runId);
  }
}
