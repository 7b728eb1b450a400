/** `earsight compare`: compares the models of a run, or two runs, on the same samples. */

import { join, relative } from 'node:path';
import { type Command, flag, number, text } from '../command.ts';
import { compareRuns } from '../compare/compare-runs.ts';
import { pairsCsv } from '../compare/pairs-csv.ts';
import { planComparison } from '../compare/plan-comparison.ts';
import { comparedPreferences } from '../compare/preferences.ts';
import { readRunScores } from '../compare/run-scores.ts';
import { terminalComparison } from '../compare/terminal-comparison.ts';
import { terminalSamples } from '../compare/terminal-samples.ts';
import { EXIT, IncompleteError, InputError } from '../errors.ts';
import { writeFile } from '../files/write-file.ts';
import { type Io, usesColor } from '../io.ts';
import { pendingNote } from '../journal/batches/pending.ts';
import { findRun } from '../journal/find-run.ts';
import { runFileMode } from '../journal/run-files.ts';
import { stoppingWarnings } from '../summary/stopping-text.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { terminalJson } from '../text/terminal-json.ts';
import { askJudge } from './compare/ask-judge.ts';
import { compareSuspects, SUSPECT_OPTIONS, suspectRequest } from './compare/compare-suspects.ts';

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
    ...SUSPECT_OPTIONS,
    judge: {
      type: 'string',
      describe: 'model with role: judge that says which answer is better, A or B, asked in both orders (default: none)',
    },
    rubric: {
      type: 'string',
      describe: 'what makes an answer better, in words for the judge (default: correct, complete, nothing invented)',
    },
    'max-cost': {
      type: 'number',
      describe:
        "stop asking the judge when judges of the run could exceed this many USD (default: the configuration's maxCost)",
    },
    yes: {
      type: 'boolean',
      describe: 'ask the judge without confirmation, whatever the expected cost',
      default: false,
    },
    config: { type: 'string', describe: 'configuration file with the judge (default: that of the run)' },
    dataset: { type: 'string', describe: 'manifest with what was asked (default: that of the run)' },
    json: { type: 'boolean', describe: 'print one JSON document instead of tables', default: false },
  },
  async run(args, io) {
    const show = shownSamples(number(args, 'show') ?? 0);
    const suspects = suspectRequest(args);
    const first = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const second = text(args, 'second');
    if (suspects !== null) return compareSuspects(first, { ...suspects, show }, args, io);
    const other = second === undefined ? null : findRun(second, io.cwd);
    if (other?.directory === first.directory)
      throw new InputError({ message: 'both runs are the same folder', hint: 'name it once to compare its models' });
    for (const { directory } of other === null ? [first] : [first, other]) {
      const pending = pendingNote(directory, relative(io.cwd, directory) || '.');
      if (pending !== null) io.stderr.write(`${escapeTerminal(pending)}\n`);
    }
    const read = async () => {
      const set = text(args, 'set');
      const a = await readRunScores(first.directory, first.info, set);
      const b = other === null ? null : await readRunScores(other.directory, other.info, set);
      return {
        warnings: [a, b].flatMap((run) => (run === null ? [] : [...run.warnings, ...stoppingWarnings(run.info)])),
        plan: planComparison(a, b, text(args, 'against')),
      };
    };
    const { warnings, plan: found } = await read();
    for (const line of warnings) io.stderr.write(`${escapeTerminal(line)}\n`);
    const code = await askJudge({ ...(other ?? first), plan: found }, args, io);
    if (code !== EXIT.done && code !== EXIT.incomplete) return code;
    const plan = text(args, 'judge') === undefined ? found : (await read()).plan;
    const preferences = comparedPreferences(plan);
    const figures = compareRuns(plan);
    const comparison = preferences.length === 0 ? figures : { ...figures, preferences };
    if (flag(args, 'json')) {
      io.stdout.write(`${terminalJson(comparison, 2)}\n`);
    } else {
      io.stdout.write(terminalComparison(comparison));
      if (show > 0) io.stdout.write(await terminalSamples(plan, show, { color: usesColor(io.stdout, io.env) }));
    }
    await writePairs((other ?? first).directory, pairsCsv(plan), io);
    return code;
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
