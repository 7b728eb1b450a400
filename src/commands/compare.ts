/** `earsight compare`: compares the models of a run, or two runs, on the same samples. */

import { join, relative } from 'node:path';
import { type Command, flag, number, text } from '../command.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import { pairsCsv } from '../compare/pairs-csv.ts';
import { planComparison } from '../compare/plan-comparison.ts';
import { readRunScores } from '../compare/run-scores.ts';
import { terminalComparison } from '../compare/terminal-comparison.ts';
import { terminalSamples } from '../compare/terminal-samples.ts';
import { EXIT, IncompleteError, InputError } from '../errors.ts';
import { writeFile } from '../files/write-file.ts';
import { type Io, usesColor } from '../io.ts';
import { findRun } from '../journal/find-run.ts';
import { runFileMode } from '../journal/run-files.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { terminalJson } from '../text/terminal-json.ts';

export const compareCommand: Command = {
  example: ['earsight compare latest --show 3', 'the newest run, with the three samples that differ most'],
  positionals: {
    run: 'results folder of a run, or "latest"',
    second: 'results folder of a second run, or "latest"; its models are B (default: the models of one run)',
  },
  options: {
    against: {
      type: 'string',
      describe:
        'model that the others are compared with (default: the first one; with two runs the same model of the first)',
    },
    show: { type: 'number', describe: 'print so many samples where models differ most, with both answers', default: 0 },
    set: {
      type: 'string',
      describe: 'scores to compare: run, or a name that earsight score gave (default: the newest)',
    },
    json: { type: 'boolean', describe: 'print one JSON document instead of tables', default: false },
  },
  async run(args, io) {
    const show = shownSamples(number(args, 'show') ?? 0);
    const first = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const second = text(args, 'second');
    const other = second === undefined ? null : findRun(second, io.cwd);
    if (other?.directory === first.directory)
      throw new InputError({ message: 'both runs are the same folder', hint: 'name it once to compare its models' });
    const set = text(args, 'set');
    const runs = [await readRunScores(first.directory, first.info, set)];
    if (other !== null) runs.push(await readRunScores(other.directory, other.info, set));
    for (const { warnings } of runs) for (const warning of warnings) io.stderr.write(`${escapeTerminal(warning)}\n`);
    const [a, b = null] = runs;
    if (a === undefined) return EXIT.input;
    const plan = planComparison(a, b, text(args, 'against'));
    const comparison = compareRuns(plan);
    if (flag(args, 'json')) {
      io.stdout.write(`${terminalJson(comparison, 2)}\n`);
    } else {
      io.stdout.write(terminalComparison(comparison));
      if (show > 0) io.stdout.write(await terminalSamples(plan, show, { color: usesColor(io.stdout, io.env) }));
    }
    await writePairs((other ?? first).directory, pairsCsv(plan), io);
    return EXIT.done;
  },
};

/** More samples than anybody reads on a terminal; pairs.csv has all. */
const MOST_SHOWN = 1000;

function shownSamples(show: number): number {
  if (Number.isInteger(show) && show >= 0 && show <= MOST_SHOWN) return show;
  throw new InputError({ message: `--show is ${show}`, hint: `give a whole number from 0 to ${MOST_SHOWN}` });
}

/** The comparison has been printed before, so that it is not lost when the folder is not writable. */
async function writePairs(directory: string, content: AsyncIterable<string>, io: Io): Promise<void> {
  const name = 'pairs.csv';
  const path = join(directory, name);
  try {
    await writeFile(path, content, { mode: runFileMode(directory) });
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new IncompleteError(`${name} could not be written (${cause.message})`, { cause });
  }
  io.stderr.write(`${escapeTerminal(relative(io.cwd, path))}\n`);
}
