/** `earsight batch cancel`: cancels the batches of a run that have not ended; what they completed can be collected. */

import { cancelRun } from '../../batch/cancel-run.ts';
import { pendingRequests } from '../../batch/describe-parts.ts';
import { openBatchRun } from '../../batch/open-batch-run.ts';
import { type Arguments, flag, text } from '../../command.ts';
import { EXIT } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { systemClock } from '../../limits/clock.ts';
import { selectionOf } from '../selection.ts';
import { printBatches, printProblems, sayTo } from './output.ts';

export async function cancel(args: Arguments, io: Io): Promise<number> {
  const run = await openBatchRun(text(args, 'run') ?? 'latest', selectionOf(args), io);
  const options = { clock: systemClock, random: Math.random, forget: flag(args, 'forget') };
  const { states, problems } = await cancelRun(run, options, io);
  printBatches(states, run.directory, args, io);
  printProblems(problems, io);
  if (pendingRequests(states) > 0)
    sayTo(args, io)(`what was completed is paid for · take it with: earsight batch collect ${run.shown}`);
  return problems.length > 0 ? EXIT.incomplete : EXIT.done;
}
