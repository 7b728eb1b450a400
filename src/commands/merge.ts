/** `earsight merge`: makes one run of the shards of a run. */

import { relative, resolve } from 'node:path';
import { type Command, flag, list, text } from '../command.ts';
import { reportComparison } from '../compare/report-comparison.ts';
import { verdictsOfReport } from '../compare/report-verdicts.ts';
import { stressOfRun } from '../compare/stress/stress-of-run.ts';
import { stressVerdicts } from '../compare/stress/terminal-stress.ts';
import { verdictLines } from '../compare/terminal-comparison.ts';
import { EXIT, InputError } from '../errors.ts';
import { maxErrorRateOf } from '../gate/set-baseline.ts';
import { styleOf } from '../io.ts';
import { runFileMode } from '../journal/run-files.ts';
import { runFolderName } from '../journal/run-folder.ts';
import { REPORTERS } from '../reporters/registry.ts';
import { terminalTable } from '../reporters/terminal/terminal-table.ts';
import { mergeRuns } from '../run/merge/merge-runs.ts';
import { createReportMedia } from '../summary/report-media.ts';
import { troubles } from '../summary/troubles.ts';
import { reporterNamed, writeReports } from '../summary/write-reports.ts';
import { counted } from '../text/counted.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';

/** As a run writes them without configuration. */
const REPORTS = ['csv', 'html', 'markdown'];

export const mergeCommand: Command = {
  example: ['earsight merge shards/* --out results/whole', 'the shards that eight machines ran, as one run'],
  positionals: { runs: 'results folders of the shards, or of other runs of the same samples and models' },
  options: {
    out: { type: 'string', describe: 'new results folder (default: results/<UTC time>-merged)' },
    reporter: {
      type: 'array',
      describe: `reports to write, any of ${Object.keys(REPORTERS).join(', ')} (default: ${REPORTS.join(', ')})`,
    },
    json: { type: 'boolean', describe: 'print one JSON document instead of the table', default: false },
  },
  async run(args, io) {
    const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
    const out = text(args, 'out') ?? `results/${runFolderName((io.now ?? Date.now)(), 'merged')}`;
    if (out === '') throw new InputError({ message: '--out needs a non-empty value', hint: 'give a path' });
    const folder = resolve(io.cwd, out);
    const chosen = list(args, 'reporter');
    const names = chosen.length === 0 ? REPORTS : chosen;
    names.forEach(reporterNamed);
    const merged = await mergeRuns(list(args, 'runs'), folder, io.cwd);
    const { report, duplicates, duplicatesUsd, missingShards, warnings } = merged;
    const { run, summary } = report;
    const media = createReportMedia(folder, run, 'thumbs');
    const comparison = () => reportComparison(folder, run);
    const files = await writeReports(names, { ...report, media, comparison }, folder, runFileMode(folder));
    const verdicts = await verdictsOfReport(report);
    const stress = await stressOfRun(folder, run);
    if (flag(args, 'json')) {
      const document = { run, summary, verdicts: verdicts.verdicts, folder, duplicates, missingShards };
      io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    } else {
      io.stdout.write(terminalTable(report, styleOf(io.stdout, io.env)));
      for (const line of ['', ...verdictLines(verdicts), ...stressVerdicts(stress)]) io.stdout.write(`${line}\n`);
    }
    for (const warning of warnings) say(`warning: ${warning}`);
    if (duplicates > 0)
      say(
        `${duplicates} answers of cells that an earlier run has are left out; they cost $${duplicatesUsd.toFixed(2)}`,
      );
    say(`${relative(io.cwd, folder) || '.'}: ${files.join(', ')}`);
    const reasons = [
      ...missingReasons(run.counts.missing, missingShards, out),
      ...troubles(report, maxErrorRateOf(run)),
    ];
    for (const reason of reasons) say(reason);
    return reasons.length > 0 ? EXIT.incomplete : EXIT.done;
  },
};

/** What has no result at all: a shard that was not given, or did not end. */
function missingReasons(missing: number, shards: readonly string[], out: string): readonly string[] {
  if (missing === 0) return [];
  const which = shards.length === 0 ? '' : ` (no run is shard ${shards.join(', ')})`;
  return [
    `${counted(missing, 'cell has', 'cells have')} no result${which} · merge with those shards, or run them with earsight run --resume ${out}`,
  ];
}
