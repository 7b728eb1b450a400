/** Connects a run to the queue of its workers. */

import { relative } from 'node:path';
import type { Io } from '../io.ts';
import { definitionOfRun } from '../journal/open-run.ts';
import { runFileMode } from '../journal/run-files.ts';
import { storedDefinition } from '../plan/stored-definition.ts';
import type { DriveOptions } from '../run/drive.ts';
import type { ReadyRun } from '../run/ready-run.ts';
import { version } from '../version.ts';
import { connectQueue } from './connect.ts';
import { coordinate } from './coordinate.ts';

/** Returns what asks for the missing cells. @throws {InputError} when the queue cannot be used. */
export async function openCoordinator(
  { prepared, selection, settings, forecast }: ReadyRun,
  say: (line: string) => void,
  { cwd, credential }: Pick<Io, 'cwd' | 'credential'>,
): Promise<NonNullable<DriveOptions['ask']>> {
  const { config, models } = prepared;
  const { queue, folder, shared, maxCostUsd } = settings;
  if (queue === null) throw new Error('the run has no queue');
  const connection = await connectQueue(queue, { credential, say });
  return async (plan, context, { runId }) => {
    try {
      await coordinate(plan, context, {
        ...{ connection, folder, say, chunk: queue.chunk, mode: runFileMode(folder, shared) },
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
    } finally {
      await connection.close();
    }
  };
}
