/** Cancels the batches of a run that have not ended. */

import { ProviderError } from '../errors.ts';
import type { Io } from '../io.ts';
import { requestsPath } from '../journal/batches/batch-files.ts';
import { type BatchLog, type BatchPart, isPending } from '../journal/batches/batch-log.ts';
import type { Clock } from '../limits/clock.ts';
import type { BatchClient, BatchState } from '../providers/batch/batch-client.ts';
import { type FetchedRun, problemOf } from './collect-run.ts';
import { isGone, modelOf, type PartState } from './fetch-results.ts';
import type { BatchRun } from './open-batch-run.ts';
import { type BatchClients, openClients } from './open-clients.ts';
import { type Patience, patiently } from './patiently.ts';
import { now } from './submit-part.ts';
import { withLog } from './with-log.ts';

export interface CancelOptions {
  readonly clock: Pick<Clock, 'sleep' | 'wall'>;
  readonly random: () => number;
  /** Give back the cells of batches that the endpoint does not have. */
  readonly forget: boolean;
}

/** Returns the state of each batch, and why some could not be cancelled. */
export async function cancelRun(run: BatchRun, options: CancelOptions, io: Io): Promise<FetchedRun> {
  const clients = openClients(run.setup, io);
  try {
    return await withLog(run.directory, (log) => cancelParts(run, options, { log, clients }, io.stop));
  } finally {
    await clients.close();
  }
}

async function cancelParts(
  { directory, setup: { models }, shown }: BatchRun,
  { clock, random, forget }: CancelOptions,
  { log, clients }: { readonly log: BatchLog; readonly clients: BatchClients },
  signal: AbortSignal,
): Promise<FetchedRun> {
  const context = { directory, log, clock, patience: { clock, random, signal } };
  const problems: string[] = [];
  const states: PartState[] = [];
  for (const part of log.parts()) {
    let state: BatchState | null = null;
    try {
      if (isPending(part) && part.ended === null)
        state = await cancelPart(part, await clients.of(modelOf(models, part.modelId)), context);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (forget && isGone(error)) drop(log, part, 'its endpoint does not have it', clock);
      else problems.push(problemOf(part, error, shown));
    }
    states.push({ part, state, failure: null });
  }
  // With what was noted since.
  const parts = log.parts();
  return { states: states.map((state, index) => ({ ...state, part: parts[index] ?? state.part })), problems };
}

interface CancelContext {
  readonly directory: string;
  readonly log: BatchLog;
  readonly clock: Pick<Clock, 'wall'>;
  readonly patience: Patience;
}

async function cancelPart(part: BatchPart, client: BatchClient, { directory, log, clock, patience }: CancelContext) {
  const { signal } = patience;
  const batchId = part.batchId ?? (await batchOf(part, client, { directory, log, clock, patience }));
  if (batchId === null) {
    drop(log, part, 'cancelled before its batch was created', clock);
    return null;
  }
  const state = await patiently(() => client.state(batchId, signal), patience);
  return state.hasEnded || state.status.startsWith('cancel')
    ? state
    : patiently(() => client.cancel(batchId, signal), patience);
}

/** A submission may have been interrupted between the creation of the batch and the note of it. */
async function batchOf(
  part: BatchPart,
  client: BatchClient,
  { directory, log, clock, patience }: CancelContext,
): Promise<string | null> {
  const file = { ...part, path: requestsPath(directory, part.part) };
  const others = new Set(log.parts().flatMap(({ batchId }) => batchId ?? []));
  const found = await patiently(() => client.find(file, part.fileId, others, patience.signal), patience);
  if (found === null) return null;
  log.append({ type: 'created', part: part.part, at: now(clock), batchId: found.id });
  return found.id;
}

function drop(log: BatchLog, { part }: BatchPart, reason: string, clock: Pick<Clock, 'wall'>): void {
  log.append({ type: 'dropped', part, at: now(clock), reason });
}
