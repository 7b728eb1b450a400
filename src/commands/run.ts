/** `earsight run`: sends every sample to every model and writes the comparison. */

import { relative } from 'node:path';
import { defined } from '../collections/defined.ts';
import { type Arguments, type Command, flag, list, number, text } from '../command.ts';
import { verdictsOfReport } from '../compare/report-verdicts.ts';
import { stressOfRun } from '../compare/stress/stress-of-run.ts';
import { stressVerdicts } from '../compare/stress/terminal-stress.ts';
import { verdictLines } from '../compare/terminal-comparison.ts';
import { EXIT, InputError } from '../errors.ts';
import { forecastLine, mayStart, usdPerCell } from '../estimate/forecast.ts';
import { GATE_OPTIONS } from '../gate/gate-options.ts';
import { comparisonOf } from '../gate/report-baseline.ts';
import { columnsOf, type Io, isLive, rowsOf, styleOf, usesColor } from '../io.ts';
import { systemClock } from '../limits/clock.ts';
import { SELECTION_OPTIONS } from '../plan/selection-options.ts';
import { createProgress, type Progress } from '../progress/progress.ts';
import type { Coordinator } from '../queue/open-coordinator.ts';
import type { RunReport } from '../report.ts';
import { terminalTable } from '../reporters/terminal/terminal-table.ts';
import { driveRun } from '../run/drive.ts';
import { type ReadyRun, readyRun } from '../run/ready-run.ts';
import type { RunOptions } from '../run/settings.ts';
import { createSpellingNotes } from '../summary/spelling-notes.ts';
import { savingOf, stoppingLines } from '../summary/stopping-text.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { terminalJson } from '../text/terminal-json.ts';
import { wrapText } from '../text/wrap-text.ts';
import { EMBED_MEDIA, embedMediaOf } from './embed-media.ts';
import {
  type JudgingPlan,
  judgedLines,
  judgedMembers,
  judgeFinished,
  judgingPlan,
  requireBaselineFits,
} from './judge-finished.ts';
import { QUEUE_AUTH, queueAuthOf } from './queue-auth.ts';
import { selectionOf, takenOver, withFolder } from './selection.ts';

export const runCommand: Command = {
  example: ['earsight run --limit 20', 'try 20 samples before the whole set'],
  positionals: {
    config:
      'configuration file, a folder with one or with media, or a glob in quotes (default: earsight.config.yaml in this folder or one above)',
  },
  options: {
    ...SELECTION_OPTIONS,
    'stop-when-decided': {
      type: 'boolean',
      describe:
        'ask samples in random order, and stop when each model is better, worse or as good as the first one, and those of --ablate or under stress as themselves (default: off)',
    },
    margin: {
      type: 'number',
      describe:
        'with --stop-when-decided: models are as good when they differ by at most this, e.g. 0.02 (default: none)',
    },
    concurrency: { type: 'number', describe: 'most requests in flight over all models (default: 256)' },
    out: {
      type: 'string',
      describe: 'results folder (default: results/<UTC time>-<name>); a run that is in it is resumed',
    },
    resume: {
      type: 'string',
      describe: 'complete the missing cells of the run in this folder, or of the latest (default: a new run)',
    },
    again: {
      type: 'array',
      describe: 'with --resume: ask these samples once more, or all cells that "failed" (default: none)',
    },
    'resume-changed': {
      type: 'boolean',
      describe: 'continue although the manifest or the models changed',
      default: false,
    },
    'max-cost': { type: 'number', describe: 'stop sending before this many USD are spent (default: no limit)' },
    cache: { type: 'boolean', describe: 'reuse the answers to identical requests of earlier runs (default: off)' },
    replay: { type: 'string', describe: 'use the answers of this run; no model is asked (default: off)' },
    'replay-live': {
      type: 'boolean',
      describe: 'with --replay: send the requests that the replayed run has no answer to',
      default: false,
    },
    trace: {
      type: 'string',
      describe: 'append one JSON line per attempt, without content, to this file (default: none)',
    },
    queue: {
      type: 'string',
      describe:
        "redis:// URL: earsight worker, on any machines, asks the models (default: the configuration's, or none)",
    },
    'queue-auth': {
      ...QUEUE_AUTH,
      describe:
        "how Redis knows this machine: password (as the URL says) or entra (a token of Entra ID) (default: the configuration's, or password)",
    },
    shared: {
      type: 'boolean',
      describe: 'let others read the new folder, as the umask says (default: only its owner may)',
      default: false,
    },
    'embed-media': EMBED_MEDIA,
    ...GATE_OPTIONS,
    'fail-on': {
      type: 'array',
      describe:
        "exit code 1 when this holds for a model, e.g. 'score<0.9', with metrics of summary.csv (default: none)",
    },
    yes: { type: 'boolean', describe: 'do not ask for confirmation, whatever the expected cost', default: false },
    json: { type: 'boolean', describe: 'print one JSON document instead of the table', default: false },
    quiet: { type: 'boolean', describe: 'print only errors on stderr', default: false },
  },
  async run(args, io) {
    const before = lineWriter(args, (line) => io.stderr.write(`${line}\n`));
    requireNoBaseline(args);
    const plan = judgingPlan(args, io);
    const ready = await readyRun(runOptionsOf(args), await withFolder(selectionOf(args), io, before), io);
    await requireBaselineFits(ready, plan);
    if (!(await confirmStart(ready, args, io, before))) return io.stop.aborted ? Number(io.stop.reason) : EXIT.input;
    const spelling = createSpellingNotes();
    const progress = progressOf(ready, io);
    const listeners = flag(args, 'quiet') ? [] : [progress.listener, spelling];
    const say = lineWriter(args, progress.print);
    const coordinator = await coordinatorOf(ready, say, io);
    const options = { say, listeners, compare: comparing(plan), ...defined({ ask: coordinator?.ask }) };
    const { report, files, waits, troubles } = await driveRun(ready, options, io).finally(() => {
      progress.close();
      return coordinator?.close();
    });
    const folder = relative(io.cwd, ready.settings.folder) || '.';
    const verdicts = await verdictsOfReport(report);
    const { run, summary } = report;
    const saving = run.stopping === undefined ? {} : { saving: savingOf(report) };
    const stress = await stressOfRun(ready.settings.folder, run);
    const curves = stress.length === 0 ? {} : { stress };
    const document = { run, summary, verdicts: verdicts.verdicts, ...curves, ...saving, folder: ready.settings.folder };
    const print = (more: object) => io.stdout.write(`${terminalJson({ ...document, ...more }, 2)}\n`);
    if (!flag(args, 'json')) {
      const style = styleOf(io.stdout, io.env);
      io.stdout.write(terminalTable(report, style));
      // A verdict for a fixed number of samples would be wrong after a stop at the right moment.
      const early = stoppingLines(report).map(escapeTerminal);
      const verdict = early.length > 0 ? early : [...verdictLines(verdicts), ...stressVerdicts(stress)];
      const lines = style.wraps ? verdict.flatMap((line) => wrapText(line, style.width)) : verdict;
      if (lines.length > 0) io.stdout.write(`\n${lines.join('\n')}\n`);
    }
    for (const line of [...waits, ...spelling.sentences()]) say(line);
    say(`${folder}: ${files.join(', ')}`);
    if (io.stop.aborted) {
      if (flag(args, 'json')) print({});
      say(`stopped · continue with: earsight run --resume ${folder}${repeatedOptions(args)}`);
      return Number(io.stop.reason);
    }
    // What is missing is said before any verdict.
    for (const line of troubles) io.stderr.write(`${escapeTerminal(line)}\n`);
    const judged = await judgeFinished(report, ready, plan, args, { say, io });
    if (flag(args, 'json')) print(judgedMembers(judged));
    else for (const line of judgedLines(judged)) io.stdout.write(`${escapeTerminal(line)}\n`);
    return troubles.length > 0 && !io.stop.aborted ? EXIT.incomplete : judged.exitCode;
  },
};

/** A baseline has all samples, and a run that stops early has them not. */
function requireNoBaseline(args: Arguments): void {
  if (flag(args, 'stop-when-decided') && text(args, 'baseline') !== undefined)
    throw new InputError({
      message: '--stop-when-decided does not go with --baseline',
      hint: 'omit one of them: a baseline is compared on the same samples',
    });
}

/** Reports compare with the baseline. Where that cannot be, the gate says why after the reports are written. */
function comparing({ choice }: JudgingPlan) {
  return (report: RunReport, folder: string) => {
    try {
      return comparisonOf(report, folder, choice);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return comparisonOf(report, folder, { baseline: null });
    }
  };
}

/** Options that must be repeated when the run is resumed: without them it would send or spend more than this run. */
function repeatedOptions(args: Arguments): string {
  const queue = text(args, 'queue');
  const queueAuth = queueAuthOf(args);
  const replay = text(args, 'replay');
  const maxCostUsd = number(args, 'max-cost');
  const endpoint = text(args, 'endpoint');
  return [
    queue === undefined ? '' : ` --queue ${withoutLogin(queue)}`,
    queueAuth === undefined ? '' : ` --queue-auth ${queueAuth}`,
    replay === undefined ? '' : ` --replay ${replay}`,
    endpoint === undefined ? '' : ` --endpoint ${endpoint}`,
    flag(args, 'replay-live') ? ' --replay-live' : '',
    maxCostUsd === undefined ? '' : ` --max-cost ${maxCostUsd}`,
    flag(args, 'cache') ? ' --cache' : '',
  ].join('');
}

/** A password in a URL is not shown. */
function withoutLogin(url: string): string {
  return url.replace(/(?<=\/\/).*(?=@)/, '***');
}

function runOptionsOf(args: Arguments): RunOptions {
  return defined({
    out: text(args, 'out'),
    resume: text(args, 'resume'),
    again: args['again'] === undefined ? undefined : list(args, 'again'),
    stopWhenDecided: args['stop-when-decided'] === undefined ? undefined : flag(args, 'stop-when-decided'),
    margin: number(args, 'margin'),
    resumeChanged: flag(args, 'resume-changed'),
    replay: text(args, 'replay'),
    replayLive: flag(args, 'replay-live'),
    trace: text(args, 'trace'),
    queue: text(args, 'queue'),
    queueAuth: queueAuthOf(args),
    shared: flag(args, 'shared'),
    embedMedia: embedMediaOf(args),
    concurrency: number(args, 'concurrency'),
    maxCostUsd: number(args, 'max-cost'),
    cache: args['cache'] === undefined ? undefined : flag(args, 'cache'),
  });
}

/** null = this process asks the models, and the packages of a queue are not loaded. */
async function coordinatorOf(ready: ReadyRun, say: (line: string) => void, io: Io): Promise<Coordinator | null> {
  if (ready.settings.queue === null) return null;
  const { openCoordinator } = await import('../queue/entry.ts');
  return openCoordinator(ready, say, io);
}

/** Of a terminal that does not tell. */
const USUAL_SIZE = { width: 80, rows: 24 };

function progressOf({ forecast, settings: { maxCostUsd } }: ReadyRun, { stderr, env }: Io): Progress {
  return createProgress({
    write: (text) => stderr.write(text),
    live: isLive(stderr, env),
    color: usesColor(stderr, env),
    size: () => ({ width: columnsOf(stderr, USUAL_SIZE.width), rows: rowsOf(stderr, USUAL_SIZE.rows) }),
    now: systemClock.now,
    every(ms, onTick) {
      const timer = setInterval(onTick, ms).unref();
      return () => clearInterval(timer);
    },
    ...(forecast === null ? {} : { expectedUsd: usdPerCell(forecast) }),
    maxCostUsd,
  });
}

/** Prints warnings and the forecast, and asks for confirmation where needed. Nothing has been sent or written yet. */
async function confirmStart(ready: ReadyRun, args: Arguments, io: Io, say: (line: string) => void): Promise<boolean> {
  const { prepared, settings, forecast } = ready;
  for (const warning of prepared.warnings) say(`warning: ${warning}`);
  for (const note of startNotes(ready, args, io)) say(note);
  if (forecast === null) return true;
  const expected = forecastLine(forecast, settings.maxCostUsd);
  if (expected !== null) say(expected);
  if (flag(args, 'yes') || (await mayStart(forecast, prepared.config.confirmAbove, io))) return true;
  io.stderr.write('not started: nothing was sent\n');
  return false;
}

/** What is special about this run: a selection of an earlier one, a replay, cells that are asked again. */
function startNotes({ prepared, selection, settings, again }: ReadyRun, args: Arguments, io: Io): readonly string[] {
  const { folder, replay } = settings;
  const taken = takenOver(selectionOf(args), selection);
  const onlyJudges = prepared.judges.length > 0 ? 'only judges are asked, what has no reply there' : 'nothing is sent';
  const sending = replay?.live === true ? 'only requests without an answer there are sent' : onlyJudges;
  return [
    ...(taken === null ? [] : [`${relative(io.cwd, folder) || '.'}: ${taken}`]),
    ...(replay === null ? [] : [`a replay of ${replay.runId}: ${sending}`]),
    ...(args['again'] === undefined ? [] : [`finished cells to ask again: ${again.length}`]),
  ];
}

function lineWriter(args: Arguments, print: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!flag(args, 'quiet')) print(escapeTerminal(line));
  };
}
