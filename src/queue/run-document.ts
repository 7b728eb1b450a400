/** What a coordinator tells its workers of a run: everything that decides a request, and no secret. */

import type { Redis } from 'ioredis';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { RunDefinition } from '../plan/request-hash.ts';
import type { Selection } from '../report.ts';
import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import { version } from '../version.ts';

export interface RunDocument {
  readonly runId: string;
  /** Of earsight: another version may plan another request for the same sample. */
  readonly version: string;
  /** The configuration as written, as JSON: secrets stay `${ENV}` references. */
  readonly config: string;
  /** Folder that the paths of the configuration start in, relative to the working directory. */
  readonly folder: string;
  readonly selection: Selection;
  /** As the coordinator's journal has it. */
  readonly runIdentity: RunDefinition;
  /** USD; null = no limit. */
  readonly maxCostUsd: number | null;
  /** Whether answers without reported tokens are priced by an estimate. */
  readonly hasPrices: boolean;
}

const DOCUMENT = z.looseObject({
  runId: z.string(),
  version: z.string(),
  config: z.string(),
  folder: z.string(),
  selection: z.looseObject({}),
  runIdentity: z.looseObject({}),
  maxCostUsd: z.number().nullable(),
  hasPrices: z.boolean(),
});

/** How far a run is, as its coordinator says every second. */
export interface RunFigures {
  readonly total: number;
  /** Cells with a result, those of earlier executions included. */
  readonly done: number;
  /** Cells that failed in this execution, by kind. */
  readonly failed: Readonly<Record<string, number>>;
  /** Of this execution. */
  readonly tokens: number;
  /** USD, of this execution, as far as prices are known. */
  readonly costUsd: number;
  /** Milliseconds of this execution. */
  readonly elapsedMs: number;
}

/**
 * `running`, `paused` = nothing more is to be sent, `ended` = every cell has a result, `replaced` = the manifest or the models
 * have changed, and the run goes on in another queue.
 */
export type RunState = 'running' | 'paused' | 'ended' | 'replaced';

export async function writeRunDocument(redis: Redis, key: string, document: RunDocument): Promise<void> {
  await redis.hset(key, { document: JSON.stringify(document), state: 'running' satisfies RunState });
}

export async function writeRunState(redis: Redis, key: string, state: RunState): Promise<void> {
  await redis.hset(key, { state });
}

/** @throws {InputError} for the document of another version. */
export async function readRunDocument(redis: Redis, key: string): Promise<RunDocument | null> {
  const text = await redis.hget(key, 'document');
  if (text === null) return null;
  const value: unknown = JSON.parse(text);
  // Another version may have another document.
  const recorded =
    isRecord(value) && typeof value['version'] === 'string' ? quote(value['version']) : 'another version';
  if (recorded !== quote(version()) || !DOCUMENT.safeParse(value).success)
    throw new InputError({
      message: `the run in the queue is of earsight ${recorded}, this is ${version()}`,
      hint: 'use the same version on all machines',
    });
  return JSON.parse(text) as RunDocument;
}
