/** `earsight run`: the main job, from the configuration to the comparison. */

import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { foldRun } from '../engine/fold.ts';
import { journalParts } from '../engine/journal-parts.ts';
import { lockFolder } from '../engine/lock.ts';
import { newRunId, openRunFolder, readRunInfo, runFolderName, writeRunInfo } from '../engine/run-folder.ts';
import { EXIT, InputError } from '../errors.ts';
import { escapeTerminal } from '../reporters/escape-terminal.ts';
import type { RunInfo } from '../reporters/report.ts';
import { terminalTable } from '../reporters/terminal-table.ts';
import { type Arguments, type Command, flag, text } from './command.ts';
import type { Estimating } from './estimating.ts';
import { execute } from './execute.ts';
import { createForecaster, type Forecast, forecastLine, mayStart } from './forecast.ts';
import { type Io, usesColor } from './io.ts';
import { checkSetup, openSetup, type Prepared, SELECTION_OPTIONS, type Selection } from './prepare.ts';
import { type RunKnobs, readKnobs } from './run-knobs.ts';
import { selectionOf } from './selection.ts';
import { troubles } from './verdict.ts';
import { version } from './version.ts';
import { writeReports } from './write-reports.ts';

export const runCommand: Command = {
  usage: 'run [config]',
  describe: 'send every sample to every model, keep the answers, write the comparison',
  example: ['earsight run --limit 20', 'a first look before the whole set'],
  positionals: { config: 'configuration file (default: earsight.config.yaml here or above)' },
  options: {
    ...SELECTION_OPTIONS,
    concurrency: { type: 'number', describe: 'requests in flight over all models (default: 256)' },
    out: {
      type: 'string',
      describe: 'results folder (default: results/<UTC time>-<name>); one with a run in it is resumed',
    },
    resume: { type: 'string', describe: 'complete the missing cells of the run in this folder (default: a new run)' },
    'resume-changed': { type: 'boolean', describe: 'go on although manifest or models changed', default: false },
    'max-cost': { type: 'number', describe: 'stop sending before this many USD are spent (default: no limit)' },
    cache: { type: 'boolean', describe: "take answers from earlier runs' identical requests (default: off)" },
    replay: { type: 'string', describe: 'take the answers of this run; nothing is sent (default: off)' },
    'replay-live': { type: 'boolean', describe: 'send what the replayed run has no answer for', default: false },
    trace: {
      type: 'string',
      describe: 'append one JSON line an attempt, without content, to this file (default: none)',
    },
    yes: { type: 'boolean', describe: 'do not ask, whatever the expected cost', default: false },
    json: { type: 'boolean', describe: 'print one JSON document instead of the table', default: false },
    quiet: { type: 'boolean', describe: 'only errors on stderr', default: false },
  },
  async run(args, io) {
    const directory = chosenFolder(args, io);
    const earlier = directory === null || !existsSync(directory) ? null : readRunInfo(directory);
    if (text(args, 'resume') !== undefined) requireJournal(directory);
    const selection: Selection = { ...earlier?.selection, ...selectionOf(args) };
    const requireKeys = text(args, 'replay') === undefined || flag(args, 'replay-live');
    const setup = await openSetup(selection, io, { requireKeys, requireWire: true });
    const knobs = readKnobs(args, io, setup);
    const forecaster = await createForecaster(setup, {
      cwd: io.cwd,
      folder: directory,
      maxCostUsd: knobs.maxCostUsd,
      isReplay: knobs.replay !== undefined && !knobs.replay.live,
    });
    const prepared = await checkSetup(setup, selection, forecaster.look);
    const forecast = forecaster.result();
    const request = { prepared, selection, earlier, knobs, estimates: forecaster.estimating, forecast };
    if (!(await begins(request, args, io))) return io.stop.aborted ? Number(io.stop.reason) : EXIT.input;
    const folder = directory ?? resolve(io.cwd, 'results', runFolderName(Date.now(), prepared.config.name));
    openRunFolder(folder);
    const unlock = lockFolder(folder);
    try {
      return await runIn(folder, request, args, io);
    } finally {
      unlock();
    }
  },
};

/** The folder that was named; null = a new one. */
function chosenFolder(args: Arguments, io: Io): string | null {
  const [out, resume] = [text(args, 'out'), text(args, 'resume')].map((path) =>
    path === undefined ? undefined : resolve(io.cwd, path),
  );
  if (out !== undefined && resume !== undefined && out !== resume) {
    throw new InputError({ message: '--out and --resume name different folders', hint: 'give one of them' });
  }
  return resume ?? out ?? null;
}

function requireJournal(directory: string | null): void {
  if (directory !== null && existsSync(directory) && journalParts(directory).length > 0) return;
  throw new InputError({
    file: directory ?? '',
    message: 'holds no run to resume',
    hint: 'name a folder with a journal.jsonl, or leave --resume out',
  });
}

interface RunRequest {
  readonly prepared: Prepared;
  readonly selection: Selection;
  readonly earlier: RunInfo | null;
  readonly knobs: RunKnobs;
  readonly estimates: Estimating;
  /** null = what it costs was of no interest. */
  readonly forecast: Forecast | null;
}

/** Says what is to be expected, and asks where that is due; nothing has been sent or written yet. */
async function begins({ prepared, knobs, forecast }: RunRequest, args: Arguments, io: Io): Promise<boolean> {
  const say = sayer(args, io);
  for (const warning of prepared.warnings) say(`warning: ${warning}`);
  if (forecast === null) return true;
  const expected = forecastLine(forecast, knobs.maxCostUsd);
  if (expected !== null) say(expected);
  if (flag(args, 'yes') || (await mayStart(forecast, prepared.config.confirmAbove, io))) return true;
  io.stderr.write('not started: nothing was sent\n');
  return false;
}

function sayer(args: Arguments, io: Io): (line: string) => void {
  return (line) => {
    if (!flag(args, 'quiet')) io.stderr.write(`${escapeTerminal(line)}\n`);
  };
}

async function runIn(folder: string, request: RunRequest, args: Arguments, io: Io): Promise<number> {
  const { prepared, earlier, estimates, forecast } = request;
  const [quiet, say] = [flag(args, 'quiet'), sayer(args, io)];
  const startedAt = performance.now();
  const begun = describeRun(folder, request);
  const executed = await execute(
    {
      ...{ folder, prepared, runId: begun.runId, ...request.knobs, quiet, say },
      estimates,
      keepsEstimates: forecast !== null,
      onStart: () => writeRunInfo(folder, begun),
    },
    io,
  );
  const wallMs = (earlier?.wallMs ?? 0) + Math.round(performance.now() - startedAt);
  const ended = { ...begun, finishedAt: new Date().toISOString(), wallMs };
  const report = await foldRun(folder, executed.index, ended);
  writeRunInfo(folder, report.run);
  const files = await writeReports(prepared.config.reporters, report, folder);
  if (flag(args, 'json'))
    io.stdout.write(`${JSON.stringify({ run: report.run, summary: report.summary, folder }, null, 2)}\n`);
  else {
    io.stdout.write(
      terminalTable(report.summary, report.run, {
        color: usesColor(io.stdout, io.env),
        width: io.stdout.columns ?? 120,
      }),
    );
  }
  say(`${relative(io.cwd, folder) || '.'}: ${files.join(', ')}`);
  if (io.stop.aborted) {
    say(`stopped · earsight run --resume ${relative(io.cwd, folder) || '.'} goes on`);
    return Number(io.stop.reason);
  }
  const wrong = [...executed.stops, ...troubles(report, prepared.config.maxErrorRate)];
  for (const line of wrong) io.stderr.write(`${escapeTerminal(line)}\n`);
  return wrong.length > 0 ? EXIT.incomplete : EXIT.done;
}

function describeRun(folder: string, { prepared, selection, earlier }: RunRequest): RunInfo {
  const { config, models, repeat, sampleCount, source, datasetHash } = prepared;
  const wallNow = Date.now();
  return {
    format: 'earsight-run',
    formatVersion: 1,
    runId: earlier?.runId ?? newRunId(runFolderName(wallNow, config.name)),
    name: config.name,
    earsightVersion: version(),
    nodeVersion: process.versions.node,
    createdAt: earlier?.createdAt ?? new Date(wallNow).toISOString(),
    finishedAt: null,
    wallMs: earlier?.wallMs ?? 0,
    dataset: { path: relative(folder, source.path), sha256: datasetHash, samples: sampleCount },
    models: models.map(({ id, provider, model }) => ({ id, provider, model })),
    repeat,
    counts: { completed: 0, failed: 0, skipped: 0, missing: sampleCount * models.length * repeat },
    selection: { ...selection },
    config: config.raw,
  };
}
