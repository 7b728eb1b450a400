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
import { requireOwnQueue } from './claim.ts';
import { connectQueue } from './connect.ts';
import { coordinate } from './coordinate.ts';
import { activeRunKey } from './names.ts';
import { queueOfRun } from './replace-run.ts';

export interface Coordinator {
  /** Has workers ask for the missing cells. */
  readonly ask: NonNullable<DriveOptions['ask']>;
  close(): Promise<void>;
}

/** @throws {InputError} when the queue cannot be used. */
export async function openCoordinator(
  ready: ReadyRun,
  say: (line: string) => void,
  { cwd, credential, stop }: Pick<Io, 'cwd' | 'credential' | 'stop'>,
): Promise<Coordinator> {
  const { prepared, selection, settings, forecast, earlier } = ready;
  const { config, models } = prepared;
  const { queue, folder, shared, maxCostUsd } = settings;
  if (queue === null) throw new Error('the run has no queue');
  const connection = await connectQueue(queue, { credential, say });
  let queueId: string | null = null;
  try {
    // Before anything is written.
    const active = await connection.redis.get(activeRunKey(queue.prefix));
    if (active !== null) {
      requireOwnQueue(active, (await journalRunId(folder)) ?? earlier?.runId ?? null, connection.shown);
      queueId = await queueOfRun(connection, active, ready, { say, stop });
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
  const ask: Coordinator['ask'] = (plan, context, { runId }) =>
    coordinate(plan, context, {
      connection,
      queueId: queueId ?? runId,
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
