/** Takes one part from its file to its batch, from whatever step an interrupted submission left it at. */

import { rmSync, statSync } from 'node:fs';
import { ProviderError } from '../errors.ts';
import { requestsPath } from '../journal/batches/batch-files.ts';
import type { BatchLog, BatchPart } from '../journal/batches/batch-log.ts';
import type { Clock } from '../limits/clock.ts';
import type { BatchClient, PartFile } from '../providers/batch/batch-client.ts';
import { type Patience, patiently } from './patiently.ts';

export interface PartContext extends Patience {
  readonly directory: string;
  readonly log: BatchLog;
  readonly clock: Pick<Clock, 'sleep' | 'wall'>;
}

/** Azure checks an uploaded file before a batch can be made of it. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const MOST_WAITS = 60;

/**
 * Uploads the part unless that was done, and creates its batch. `mayBeThere`: an earlier process may have done either without
 * noting it, so both are looked for first.
 * @throws {ProviderError} when the vendor does not take it; the part stays as it is.
 */
export async function submitPart(
  part: BatchPart,
  client: BatchClient,
  context: PartContext,
  mayBeThere: boolean,
): Promise<void> {
  const { directory, log, signal, clock } = context;
  const path = requestsPath(directory, part.part);
  const { name, requests, byteLength, writtenMs } = part;
  const file: PartFile = { name, path, requests, byteLength, writtenMs };
  const fileId = await uploaded(file, part, client, context, mayBeThere);
  const others = new Set(log.parts().flatMap(({ batchId }) => batchId ?? []));
  const { id } = await patiently(async (attempt) => {
    // After a failure, the request may have arrived all the same.
    const found = mayBeThere || attempt > 0 ? await client.find(file, fileId, others, signal) : null;
    if (found !== null) return found;
    if (client.files === null) requireWhole(file);
    return client.create(file, fileId, signal);
  }, context);
  log.append({ type: 'created', part: part.part, at: now(clock), batchId: id });
  rmSync(path, { force: true });
}

/** @throws {ProviderError} when the file of requests is not what was written. */
function requireWhole({ path, byteLength }: PartFile): void {
  if (statSync(path, { throwIfNoEntry: false })?.size === byteLength) return;
  throw new ProviderError('bad_request', 'its file of requests is gone or was changed', {
    hint: 'give its cells back with earsight batch cancel, then submit again',
  });
}

/** The id of the part's file at the vendor; null where there are no files. */
async function uploaded(
  file: PartFile,
  { part, fileId: known }: BatchPart,
  { files }: BatchClient,
  context: PartContext,
  mayBeThere: boolean,
): Promise<string | null> {
  if (files === null) return null;
  const { log, clock, signal } = context;
  if (known !== null && (await waitUntilReady(known))) return known;
  const fileId = await patiently(async (attempt) => {
    const found = mayBeThere || attempt > 0 ? await files.find(file, signal) : null;
    if (found !== null) return found;
    requireWhole(file);
    return files.upload(file, signal);
  }, context);
  log.append({ type: 'uploaded', part, at: now(clock), fileId });
  if (!(await waitUntilReady(fileId)))
    throw new ProviderError('invalid_response', 'the uploaded file is not there any more');
  return fileId;

  /** False when the file was deleted. */
  async function waitUntilReady(id: string): Promise<boolean> {
    try {
      for (let wait = 0; wait < MOST_WAITS; wait += 1) {
        if (await patiently(() => files?.isReady(id, signal) ?? Promise.resolve(true), context)) return true;
        await clock.sleep(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** wait), signal);
        signal.throwIfAborted();
      }
    } catch (error) {
      if (error instanceof ProviderError && error.details.status === 404) return false;
      throw error;
    }
    throw new ProviderError('timeout', 'the uploaded file is still being checked', {
      hint: 'run earsight batch submit again later',
    });
  }
}

export function now(clock: Pick<Clock, 'wall'>): string {
  return new Date(clock.wall()).toISOString();
}
