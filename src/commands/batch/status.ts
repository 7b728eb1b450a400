/** `earsight batch status`: how far the batches of a run are. Writes nothing. */

import { problemOf } from '../../batch/collect-run.ts';
import { type PartState, partStates } from '../../batch/fetch-results.ts';
import { openBatchRun } from '../../batch/open-batch-run.ts';
import { openClients } from '../../batch/open-clients.ts';
import { type Arguments, text } from '../../command.ts';
import { EXIT } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { systemClock } from '../../limits/clock.ts';
import { selectionOf } from '../selection.ts';
import { printBatches, printProblems, sayTo } from './output.ts';

export async function status(args: Arguments, io: Io): Promise<number> {
  const run = await openBatchRun(text(args, 'run') ?? 'latest', selectionOf(args), io);
  const clients = openClients(run.setup, io);
  let states: readonly PartState[];
  try {
    const { models } = run.setup;
    const patience = { clock: systemClock, random: Math.random, signal: io.stop };
    states = await partStates(run.parts, { models, clients, ...patience });
  } finally {
    await clients.close();
  }
  printBatches(states, run.directory, args, io);
  const problems = states.flatMap(({ part, failure }) =>
    failure === null ? [] : [problemOf(part, failure, run.shown)],
  );
  printProblems(problems, io);
  const isReady = states.some(({ part, state }) => part.closed === null && (part.ended !== null || state?.hasEnded));
  if (isReady) sayTo(args, io)(`batches have ended · collect them with: earsight batch collect ${run.shown}`);
  return problems.length > 0 ? EXIT.incomplete : EXIT.done;
}
