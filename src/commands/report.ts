/** `earsight report`: renders any reporter again from a run's journal, offline. */

import { relative } from 'node:path';
import { foldRun } from '../engine/fold.ts';
import { scanJournal } from '../engine/journal-parts.ts';
import { lockFolder } from '../engine/lock.ts';
import { emptyProgress, recall } from '../engine/resume.ts';
import { EXIT } from '../errors.ts';
import { REPORTERS } from '../reporters/registry.ts';
import { terminalTable } from '../reporters/terminal-table.ts';
import { type Command, list, text } from './command.ts';
import { findRun } from './find-run.ts';
import { usesColor } from './io.ts';
import { damageOf } from './journal-damage.ts';
import { writeReports } from './write-reports.ts';

export const reportCommand: Command = {
  usage: 'report <run>',
  describe: "write a run's reports again from its journal; nothing is sent",
  example: ['earsight report latest --reporter markdown', 'the newest run as Markdown'],
  positionals: { run: 'results folder of a run, or "latest"' },
  options: { reporter: { type: 'array', describe: `any of ${Object.keys(REPORTERS).join(', ')} (default: csv)` } },
  async run(args, io) {
    const { directory, info } = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const unlock = lockFolder(directory);
    try {
      const progress = emptyProgress();
      const scan = await scanJournal(directory, (line) => recall(progress, line));
      for (const damage of damageOf(scan)) io.stderr.write(`${damage}\n`);
      // Only a run that goes on needs to know what is done.
      progress.done.clear();
      const report = await foldRun(directory, progress.index, info);
      const names = list(args, 'reporter');
      const files = await writeReports(names.length === 0 ? ['csv'] : names, report, directory);
      io.stdout.write(
        terminalTable(report.summary, report.run, {
          color: usesColor(io.stdout, io.env),
          width: io.stdout.columns ?? 120,
        }),
      );
      io.stderr.write(`${relative(io.cwd, directory) || '.'}: ${files.join(', ')}\n`);
      return EXIT.done;
    } finally {
      unlock();
    }
  },
};
