/** `earsight score`: scores the kept answers of a run again, with other scorers or targets; only judges are asked. */

import { relative, resolve } from 'node:path';
import { type Arguments, type Command, flag, list, number, text } from '../command.ts';
import { reportComparison } from '../compare/report-comparison.ts';
import { DEFAULTS } from '../config/defaults.ts';
import { EXIT, InputError } from '../errors.ts';
import { forecastLine, mayStart } from '../estimate/forecast.ts';
import { lockFolder } from '../files/lock.ts';
import { type Io, styleOf } from '../io.ts';
import { findRun } from '../journal/find-run.ts';
import { damageWarnings } from '../journal/journal-damage.ts';
import { recordedModels } from '../journal/recorded-routes.ts';
import { readProgress } from '../journal/resume.ts';
import { runFileMode } from '../journal/run-files.ts';
import { retirementWarnings } from '../models/retirement.ts';
import { terminalTable } from '../reporters/terminal/terminal-table.ts';
import { judgeSentence, judgeTroubles } from '../run/judging/judge-troubles.ts';
import type { Judging } from '../run/judging/ready-judges.ts';
import { scoreLabels } from '../run/rescore/label-scores.ts';
import { readLabels } from '../run/rescore/read-labels.ts';
import { rescoreRun, type StoredRun } from '../run/rescore/ready-rescore.ts';
import { nextSetName, type RescoreCounts } from '../run/rescore/rescore.ts';
import { foldRun } from '../summary/fold.ts';
import { createReportMedia } from '../summary/report-media.ts';
import { writeReports } from '../summary/write-reports.ts';
import { counted } from '../text/counted.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import type { ScorerConfig } from '../types.ts';

export const scoreCommand: Command = {
  example: ['earsight score latest --dataset corrected.csv', 'score the newest run against corrected targets'],
  positionals: { run: 'results folder of a run, or "latest"' },
  options: {
    config: { type: 'string', describe: 'configuration file with the scorers (default: that of the run)' },
    dataset: { type: 'string', describe: 'manifest with the targets (default: that of the run)' },
    scorer: {
      type: 'array',
      describe:
        'scorers of samples without their own: a name, an assertion, or JSON such as {"name":"wer","normalizer":"basic"} (default: those of the configuration)',
    },
    labels: {
      type: 'string',
      describe: 'labels.jsonl of the blind mode of report.html: adds the score "human" (default: none)',
    },
    'max-cost': {
      type: 'number',
      describe:
        "stop asking judges of this run before they cost this many USD in all (default: the configuration's maxCost)",
    },
    yes: { type: 'boolean', describe: 'ask judges without confirmation, whatever the expected cost', default: false },
    as: { type: 'string', describe: 'name of the new set of scores (default: rescore-1, rescore-2 and so on)' },
  },
  async run(args, io) {
    const { directory, info } = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const mode = runFileMode(directory);
    const unlock = lockFolder(directory, mode);
    try {
      const reading = await readProgress(directory, info.selection);
      for (const damage of damageWarnings(reading.scan)) io.stderr.write(`${damage}\n`);
      return await score({ directory, info, reading, mode }, args, io);
    } finally {
      unlock();
    }
  },
};

/** What was scored, and which reports are written then. */
interface Scored {
  readonly remarks: readonly string[];
  /** Judges left answers unscored: run it again. */
  readonly isIncomplete?: boolean;
  readonly reporters: readonly string[];
}

async function score(run: StoredRun, args: Arguments, io: Io): Promise<number> {
  const { directory, info, mode } = run;
  const labels = text(args, 'labels');
  const scored = labels === undefined ? await scoreAgain(run, args, io) : await addLabels(run, labels, args, io);
  if (scored === null) {
    io.stderr.write(io.stop.aborted ? 'stopped: the run has no new scores\n' : 'not started: nothing was sent\n');
    return io.stop.aborted ? Number(io.stop.reason) : EXIT.input;
  }
  const { progress } = await readProgress(directory, info.selection);
  progress.done.clear();
  const warnings = retirementWarnings(recordedModels(progress.runDefinition, info), (io.now ?? Date.now)());
  const report = await foldRun(directory, progress, info, { warnings });
  const media = createReportMedia(directory, report.run, 'thumbs');
  const comparison = () => reportComparison(directory, report.run);
  const files = await writeReports(scored.reporters, { ...report, media, comparison }, directory, mode);
  io.stdout.write(terminalTable(report, styleOf(io.stdout, io.env)));
  for (const line of scored.remarks) io.stderr.write(`${escapeTerminal(line)}\n`);
  io.stderr.write(`${escapeTerminal(`${relative(io.cwd, directory) || '.'}: ${files.join(', ')}`)}\n`);
  return scored.isIncomplete === true ? EXIT.incomplete : EXIT.done;
}

async function scoreAgain(run: StoredRun, args: Arguments, io: Io): Promise<Scored | null> {
  const { progress } = run.reading;
  const name = text(args, 'as') ?? nextSetName(progress);
  const scorers = list(args, 'scorer').map(scorerOf);
  const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
  const judging: Judging = {
    maxCostUsd: number(args, 'max-cost') ?? null,
    say,
    async mayAsk(forecast, { confirmAbove, maxCostUsd }) {
      const expected = forecastLine(forecast, maxCostUsd);
      if (expected !== null) say(expected);
      return flag(args, 'yes') || mayStart(forecast, confirmAbove, io);
    },
  };
  const choice = { config: text(args, 'config'), dataset: text(args, 'dataset'), name, judging };
  const { prepared, counts } = await rescoreRun(run, scorers.length === 0 ? choice : { ...choice, scorers }, io);
  if (counts === null) return null;
  return {
    remarks: remarks(counts, progress.index.size(), name),
    reporters: prepared.config.reporters,
    isIncomplete: counts.judges !== null && judgeTroubles(counts.judges, prepared.config.maxErrorRate).length > 0,
  };
}

/** Labels need neither scorers nor the manifest: other options would be without effect. */
async function addLabels(run: StoredRun, file: string, args: Arguments, io: Io): Promise<Scored | null> {
  const { progress } = run.reading;
  if (
    text(args, 'config') !== undefined ||
    text(args, 'dataset') !== undefined ||
    list(args, 'scorer').length > 0 ||
    number(args, 'max-cost') !== undefined
  )
    throw new InputError({
      message: '--labels cannot be used with --config, --dataset, --scorer or --max-cost',
      hint: 'run score twice: once for the labels, once for the scorers',
    });
  const labels = readLabels(resolve(io.cwd, file), file);
  const name = text(args, 'as') ?? nextSetName(progress);
  const scoredAt = new Date((io.now ?? Date.now)()).toISOString();
  const counts = await scoreLabels(run, labels, { name, scoredAt, dataset: run.info.dataset.path }, io.stop);
  if (counts === null) return null;
  const unknown = labels.cells - counts.labelled;
  return {
    remarks: [
      `${name}: ${counts.labelled} of ${counted(counts.cells, 'cell has a label', 'cells have labels')}`,
      ...(unknown > 0
        ? [`${counted(unknown, 'label is of a cell', 'labels are of cells')} without an answer in this run`]
        : []),
    ],
    reporters: DEFAULTS.reporters,
  };
}

function remarks({ cells, changed, unknown, judges }: RescoreCounts, all: number, name: string): readonly string[] {
  return [
    `${name}: ${cells} of ${all} cells have scores; ${judges === null ? 'nothing was sent' : judgeSentence(judges)}`,
    ...(changed === 0
      ? []
      : [
          `${changed === 1 ? '1 sample asks' : `${changed} samples ask`} something else than the run did: the answers are not scored`,
        ]),
    ...(unknown === 0
      ? []
      : [
          `${unknown === 1 ? '1 sample of the manifest has' : `${unknown} samples of the manifest have`} no result in the run`,
        ]),
  ];
}

/** A name or an assertion, or a JSON object with options. @throws {InputError} for an object that is none. */
function scorerOf(written: string): ScorerConfig {
  if (!written.trimStart().startsWith('{')) return { name: written };
  try {
    const config: unknown = JSON.parse(written);
    if (isRecord(config) && typeof config['name'] === 'string') return { ...config, name: config['name'] };
  } catch {
    // Reported below.
  }
  throw new InputError({
    message: `--scorer ${quote(written)} is not a JSON object with a name`,
    hint: 'for example \'{"name": "wer", "normalizer": "basic"}\'',
  });
}
