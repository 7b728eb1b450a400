/** `earsight batch collect`: takes the answers of batches that have ended into the run, and writes its reports. */

import { relative } from 'node:path';
import { closeParts, collectRun, fetchRun, readyParts } from '../../batch/collect-run.ts';
import { pendingRequests } from '../../batch/describe-parts.ts';
import type { PartState } from '../../batch/fetch-results.ts';
import { openBatchRun } from '../../batch/open-batch-run.ts';
import { type Arguments, flag, text } from '../../command.ts';
import { verdictsOfReport } from '../../compare/report-verdicts.ts';
import { EXIT } from '../../errors.ts';
import { type Io, styleOf } from '../../io.ts';
import { readBatchParts } from '../../journal/batches/batch-log.ts';
import { systemClock } from '../../limits/clock.ts';
import { terminalTable } from '../../reporters/terminal/terminal-table.ts';
import type { FinishedRun } from '../../run/drive.ts';
import { readyRun } from '../../run/ready-run.ts';
import { counted } from '../../text/counted.ts';
import { selectionOf } from '../selection.ts';
import { printBatches, printProblems, sayTo } from './output.ts';

export async function collect(args: Arguments, io: Io): Promise<number> {
  const say = sayTo(args, io);
  const run = await openBatchRun(text(args, 'run') ?? 'latest', selectionOf(args), io);
  const options = { clock: systemClock, random: Math.random, wait: flag(args, 'wait'), say };
  const fetched = await fetchRun(run, options, io);
  const problems = [...fetched.problems];
  let finished: FinishedRun | null = null;
  if (!io.stop.aborted && readyParts(readBatchParts(run.directory)).length > 0) {
    const resume = { resume: run.directory, resumeChanged: flag(args, 'resume-changed'), batch: true as const };
    const ready = await readyRun(resume, selectionOf(args), io);
    const done = await collectRun(ready, say, io);
    finished = done.finished;
    if (done.collected !== null) problems.push(...(await closeParts(run.directory, done.collected, systemClock)));
    problems.push(...finished.troubles);
  }
  const parts = readBatchParts(run.directory);
  const states = fetched.states.map((state, index): PartState => ({ ...state, part: parts[index] ?? state.part }));
  await print(finished, states, run.directory, args, io);
  printProblems(problems, io);
  if (io.stop.aborted) return Number(io.stop.reason);
  const waiting = pendingRequests(states);
  if (waiting > 0)
    say(
      `${counted(waiting, 'request')} in batches without results yet · collect again: earsight batch collect ${run.shown}`,
    );
  return waiting > 0 || problems.length > 0 ? EXIT.incomplete : EXIT.done;
}

/** The batches; before them the table of the run, when answers were collected. */
async function print(
  finished: FinishedRun | null,
  states: readonly PartState[],
  folder: string,
  args: Arguments,
  io: Io,
): Promise<void> {
  if (finished === null) {
    printBatches(states, folder, args, io);
    return;
  }
  const { report, files } = finished;
  if (flag(args, 'json')) {
    const { run, summary } = report;
    const { verdicts } = await verdictsOfReport(report);
    printBatches(states, folder, args, io, { run, summary, verdicts });
    return;
  }
  io.stdout.write(`${terminalTable(report, styleOf(io.stdout, io.env))}\n`);
  printBatches(states, folder, args, io);
  sayTo(args, io)(`${relative(io.cwd, folder) || '.'}: ${files.join(', ')}`);
}
