/** `earsight batch submit`: makes batches of the missing cells of a run. */

import { relative } from 'node:path';
import { runArguments } from '../../batch/open-batch-run.ts';
import { planSubmission, type Submission, submitRun } from '../../batch/submit-run.ts';
import { defined } from '../../collections/defined.ts';
import { type Arguments, flag, number, text } from '../../command.ts';
import { EXIT } from '../../errors.ts';
import { forecastLine, mayStart } from '../../estimate/forecast.ts';
import type { Io } from '../../io.ts';
import { isPending, readBatchParts } from '../../journal/batches/batch-log.ts';
import { runDirectory } from '../../journal/find-run.ts';
import { readyRun } from '../../run/ready-run.ts';
import { counted } from '../../text/counted.ts';
import { selectionOf, takenOver, withFolder } from '../selection.ts';
import { printBatches, printProblems, sayTo } from './output.ts';

export async function submit(args: Arguments, io: Io): Promise<number> {
  const say = sayTo(args, io);
  const options = defined({
    out: runDirectory(text(args, 'run') ?? '', io.cwd),
    maxCostUsd: number(args, 'max-cost'),
    resumeChanged: flag(args, 'resume-changed'),
    shared: flag(args, 'shared'),
    batch: true as const,
  });
  const ready = await readyRun(options, await withFolder(selectionOf(args), io, say), io);
  const submission = await planSubmission(ready, flag(args, 'rest-live'));
  const folder = relative(io.cwd, ready.settings.folder) || '.';
  const shown = runArguments(folder, selectionOf(args));
  if (!(await confirmSubmission(submission, folder, args, io)))
    return io.stop.aborted ? Number(io.stop.reason) : EXIT.input;
  const { finished, problems } = await submitRun(submission, say, io);
  const parts = readBatchParts(ready.settings.folder);
  printBatches(
    parts.map((part) => ({ part, state: null, failure: null })),
    ready.settings.folder,
    args,
    io,
  );
  const waiting = parts.filter(isPending).reduce((sum, { requests }) => sum + requests, 0);
  if (waiting > 0) say(`${counted(waiting, 'request')} by batch · collect them with: earsight batch collect ${shown}`);
  // Earlier failures wait in a batch now.
  const troubles = flag(args, 'rest-live') ? finished.troubles : [];
  printProblems([...troubles, ...problems], io);
  if (problems.length > 0) say(`what is missing is sent by: earsight batch submit ${shown}`);
  if (io.stop.aborted) return Number(io.stop.reason);
  return troubles.length + problems.length > 0 ? EXIT.incomplete : EXIT.done;
}

/** Prints warnings, what goes which way and the forecast, and asks where that is needed. Nothing has been sent yet. */
async function confirmSubmission(
  { ready, byModel, obstacles, notes, unfinished }: Submission,
  folder: string,
  args: Arguments,
  io: Io,
): Promise<boolean> {
  const say = sayTo(args, io);
  const { prepared, forecast, selection } = ready;
  for (const warning of [...prepared.warnings, ...notes]) say(`warning: ${warning}`);
  const taken = takenOver(selectionOf(args), selection);
  if (taken !== null) say(`${folder}: ${taken}`);
  const cells = [...byModel.values()].reduce((sum, count) => sum + count, 0);
  if (cells > 0) say(`by batch: ${[...byModel].map(([id, count]) => `${id} ${counted(count, 'cell')}`).join(', ')}`);
  for (const line of obstacles) say(`${line}; asked the ordinary way`);
  if (prepared.judges.length > 0)
    say(`judges are asked when the answers are collected: ${prepared.judges.map(({ id }) => id).join(', ')}`);
  if (unfinished > 0) say(`${counted(unfinished, 'part')} of an interrupted submission is completed first`);
  if (cells === 0 && obstacles.length === 0 && unfinished === 0)
    say('no cell is left to submit: each has its result, or waits in a batch');
  if (forecast === null) return true;
  // Limits say nothing of how long a batch takes.
  const models = forecast.models.map((model) => (byModel.has(model.id) ? { ...model, minutes: null } : model));
  const expected = forecastLine({ ...forecast, models }, null);
  if (expected !== null) say(`${expected} · with the batch discount where one is known`);
  if (flag(args, 'yes') || (await mayStart(forecast, prepared.config.confirmAbove, io))) return true;
  io.stderr.write('not started: nothing was sent\n');
  return false;
}
