/** Connects a run to the queue of its workers. */

import { relative } from 'node:path';
import type { Io } from '../io.ts';
import { journalRunId } from '../journal/journal-scan.ts';
import { definitionOfRun } from '../journal/open-run.ts';
import { runFileMode } from '../journal/run-files.ts';
import { storedDefinition } from '../plan/stored-definition.ts';
import type { DriveOptions } from '../run/drive.ts';
import type { ReadyRun } from '../run/ready-run.ts';
import { version } from '../version.ts';
import { connectQueue } from './connect.ts';
import { coordinate, requireOwnQueue } from './coordinate.ts';
import { activeRunKey } from './names.ts';

export interface Coordinator {
  /** Has workers ask for the missing cells. */
  readonly ask: NonNullable<DriveOptions['ask']>;
  close(): Promise<void>;
}

/** @throws {InputError} when the queue cannot be used. */
export async function openCoordinator(
  { prepared, selection, settings, forecast, earlier }: ReadyRun,
  say: (line: string) => void,
  { cwd, credential }: Pick<Io, 'cwd' | 'credential'>,
): Promise<Coordinator> {
  const { config, models } = prepared;
  const { queue, folder, shared, maxCostUsd } = settings;
  if (queue === null) throw new Error('the run has no queue');
  const connection = await connectQueue(queue, { credential, say });
  try {
    // Before anything is written.
    const active = await connection.redis.get(activeRunKey(queue.prefix));
    if (active !== null)
      requireOwnQueue(active, (await journalRunId(folder)) ?? earlier?.runId ?? null, connection.shown);
  } catch (error) {
    await connection.close();
    throw error;
  }
  const ask: Coordinator['ask'] = (plan, context, { runId }) =>
    coordinate(plan, context, {
      connection,
      folder,
      say,
      chunk: queue.chunk,
      mode: runFileMode(folder, shared),
      document: {
        runId,
        version: version(),
        config: JSON.stringify(config.raw),
        folder: relative(cwd, config.directory),
        selection,
        runIdentity: storedDefinition(definitionOfRun(prepared), models, config.filledIn),
        maxCostUsd,
        hasPrices: forecast !== null,
      },
    });
  return { ask, close: connection.close };
}
