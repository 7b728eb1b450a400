/** Collects the batches of a run: results of those that have ended come into the folder first, then into the journal. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProviderError } from '../errors.ts';
import type { Io } from '../io.ts';
import { batchesFolder, cellsPath } from '../journal/batches/batch-files.ts';
import { type BatchLog, type BatchPart, isPending, readBatchParts } from '../journal/batches/batch-log.ts';
import type { Clock } from '../limits/clock.ts';
import { driveRun, type FinishedRun } from '../run/drive.ts';
import type { ReadyRun } from '../run/ready-run.ts';
import { type CollectedPart, collectCells, isForeign } from './collect-cells.ts';
import { fetchResults, isGone, type PartState, partStates } from './fetch-results.ts';
import type { BatchRun } from './open-batch-run.ts';
import { type BatchClients, openClients } from './open-clients.ts';
import { now } from './submit-part.ts';
import { withLog } from './with-log.ts';

/** Azure asks for a minute between two looks. */
const FIRST_LOOK_MS = 60_000;
const LONGEST_LOOK_MS = 10 * 60_000;
const LOOK_GROWTH = 1.5;

export interface FetchRunOptions {
  readonly clock: Pick<Clock, 'sleep' | 'wall'>;
  readonly random: () => number;
  /** Until all batches have ended. */
  readonly wait: boolean;
  readonly say: (line: string) => void;
}

/** The state of each batch, and why some cannot be read. */
export interface FetchedRun {
  readonly states: readonly PartState[];
  readonly problems: readonly string[];
}

/** Copies the results of all batches that have ended. */
export async function fetchRun(run: BatchRun, options: FetchRunOptions, io: Io): Promise<FetchedRun> {
  const clients = openClients(run.setup, io);
  try {
    return await withLog(run.directory, (log, mode) => lookUntilEnded(run, options, { log, mode, clients }, io.stop));
  } finally {
    await clients.close();
  }
}

async function lookUntilEnded(
  { directory, setup: { models }, shown }: BatchRun,
  { clock, random, wait, say }: FetchRunOptions,
  { log, mode, clients }: { readonly log: BatchLog; readonly mode: number; readonly clients: BatchClients },
  signal: AbortSignal,
): Promise<FetchedRun> {
  const options = { directory, log, clock, random, clients, models, signal };
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(LONGEST_LOOK_MS, LOOK_GROWTH * lookMs)) {
    const problems: string[] = [];
    const states = await partStates(log.parts(), options);
    for (const { part, state, failure } of states)
      try {
        if (failure !== null) throw failure;
        if (state?.hasEnded === true) await fetchResults(part, state, options, mode);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        problems.push(problemOf(part, error, shown));
      }
    const waiting = states.filter(({ state }) => state !== null && !state.hasEnded);
    if (!wait || waiting.length === 0 || signal.aborted) {
      // With what was noted since.
      const parts = log.parts();
      return { states: states.map((state, index) => ({ ...state, part: parts[index] ?? state.part })), problems };
    }
    say(`${waiting.length} of ${states.length} batches have not ended · next look in ${Math.round(lookMs / 1000)} s`);
    await clock.sleep(lookMs, signal);
  }
}

export function problemOf({ part, modelId, batchId }: BatchPart, error: ProviderError, shown: string): string {
  const name = `${modelId}: batch ${batchId ?? part}`;
  if (isGone(error))
    return `${name} is not known at this endpoint (${error.message}) · use the endpoint and the key that it was made with; if it was deleted, earsight batch cancel ${shown} --forget gives its cells back`;
  const hint = error.details.hint === undefined ? '' : ` · ${error.details.hint}`;
  return `${name} could not be read: ${error.message}${hint}`;
}

/** Parts whose results are in the folder and not yet in the journal. */
export function readyParts(parts: readonly BatchPart[]): readonly BatchPart[] {
  return parts.filter((part) => isPending(part) && part.ended !== null);
}

/** Puts fetched results into the journal, and writes the reports. `collected` null = it was stopped before the end. */
export async function collectRun(
  ready: ReadyRun,
  say: (line: string) => void,
  io: Io,
): Promise<{ readonly finished: FinishedRun; readonly collected: readonly CollectedPart[] | null }> {
  const { folder } = ready.settings;
  const clients = openClients(ready.prepared, io);
  let collected: readonly CollectedPart[] | null = null;
  try {
    const finished = await driveRun(
      { ...ready, settings: { ...ready.settings, queue: null } },
      {
        say,
        listeners: [],
        async ask(plan, context, run) {
          collected = await collectCells(plan, context, run, { folder, parts: readBatchParts(folder), clients });
        },
      },
      io,
    );
    return { finished, collected };
  } finally {
    await clients.close();
  }
}

/**
 * Closes the parts whose cells all have their results, now that the journal is on the disk. Returns what is left over, one
 * sentence each.
 */
export function closeParts(
  directory: string,
  collected: readonly CollectedPart[],
  clock: Pick<Clock, 'wall'>,
): Promise<readonly string[]> {
  return withLog(directory, (log) => {
    const sentences: string[] = [];
    for (const one of collected) {
      const { part, answered, failed, seen, matched, unread } = one;
      if (part.ended === null || !isPending(part)) continue;
      const step = { part: part.part, at: now(clock) };
      const name = `${part.modelId}: batch ${part.batchId}`;
      if (isForeign(one)) {
        log.append({ ...step, type: 'dropped', reason: 'its results are of other requests' });
        sentences.push(`${name} has results of other requests only: its cells are to be submitted again`);
        continue;
      }
      if (seen < part.requests)
        sentences.push(
          `${name}: ${part.requests - seen} of its requests are of no cell of this run any more; their results stay in batches/`,
        );
      log.append({ ...step, type: 'collected', answered, failed });
      const isIncomplete = matched < part.requests && unread > 0;
      if (isIncomplete)
        sentences.push(`${name}: lines of its results that could not be read: ${unread} · they stay in batches/`);
      if (isIncomplete || seen < part.requests) continue;
      for (const { file } of part.ended.results) rmSync(join(batchesFolder(directory), file), { force: true });
      rmSync(cellsPath(directory, part.part), { force: true });
    }
    return sentences;
  });
}
