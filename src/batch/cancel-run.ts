/** Cancels the batches of a run that have not ended. */

import { ProviderError } from '../errors.ts';
import { lockFolder } from '../files/lock.ts';
import type { Io } from '../io.ts';
import { requestsPath } from '../journal/batches/batch-files.ts';
import { type BatchLog, type BatchPart, isPending, openBatchLog } from '../journal/batches/batch-log.ts';
import { runFileMode } from '../journal/run-files.ts';
import type { Clock } from '../limits/clock.ts';
import type { BatchClient } from '../providers/batch/batch-client.ts';
import { problemOf } from './collect-run.ts';
import { isGone, modelOf, type PartState } from './fetch-results.ts';
import type { BatchRun } from './open-batch-run.ts';
import { openClients } from './open-clients.ts';
import { type Patience, patiently } from './patiently.ts';
import { now } from './submit-part.ts';

export interface CancelOptions {
  readonly clock: Pick<Clock, 'sleep' | 'wall'>;
  readonly random: () => number;
  /** Give back the cells of batches that the endpoint does not have. */
  readonly forget: boolean;
}

/** Returns the state of each batch, and why some could not be cancelled. */
export async function cancelRun(
  { directory, setup, shown }: BatchRun,
  { clock, random, forget }: CancelOptions,
  io: Io,
): Promise<{ readonly states: readonly PartState[]; readonly problems: readonly string[] }> {
  const mode = runFileMode(directory);
  const unlock = lockFolder(directory, mode);
  const clients = openClients(setup, io);
  const log = openBatchLog(directory, mode);
  const patience: Patience = { clock, random, signal: io.stop };
  const problems: string[] = [];
  const states: PartState[] = [];
  try {
    for (const part of log.parts()) {
      if (!isPending(part) || part.ended !== null) {
        states.push({ part, state: null, failure: null });
        continue;
      }
      try {
        const client = await clients.of(modelOf(setup.models, part.modelId));
        const state = await cancelPart(part, client, { directory, log, clock, patience });
        states.push({ part: log.parts().find((one) => one.part === part.part) ?? part, state, failure: null });
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        if (forget && isGone(error)) drop(log, part, 'its endpoint does not have it', clock);
        else problems.push(problemOf(part, error, shown));
        states.push({ part: log.parts().find((one) => one.part === part.part) ?? part, state: null, failure: null });
      }
    }
    return { states, problems };
  } finally {
    log.close();
    await clients.close();
    unlock();
  }
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
