/** `earsight report`: writes the reports of a run again from its journal, offline. */

import { relative, resolve } from 'node:path';
import { type Arguments, type Command, list, text } from '../command.ts';
import { EXIT, InputError } from '../errors.ts';
import { lockFolder } from '../files/lock.ts';
import { readBaseline } from '../gate/baseline-file.ts';
import type { NamedBaseline } from '../gate/pair-samples.ts';
import { comparisonOf } from '../gate/report-baseline.ts';
import { type Io, styleOf } from '../io.ts';
import { pendingNote } from '../journal/batches/pending.ts';
import { findRun } from '../journal/find-run.ts';
import { damageWarnings } from '../journal/journal-damage.ts';
import { recordedModels } from '../journal/recorded-routes.ts';
import { readProgress } from '../journal/resume.ts';
import { runFileMode } from '../journal/run-files.ts';
import { retirementWarnings } from '../models/retirement.ts';
import type { RunReport } from '../report.ts';
import { REPORTERS } from '../reporters/registry.ts';
import { terminalTable } from '../reporters/terminal/terminal-table.ts';
import { withCurrentScores } from '../run/rescore/current-scores.ts';
import { codecWarnings } from '../summary/codec-warnings.ts';
import { foldRun } from '../summary/fold.ts';
import { createReportMedia } from '../summary/report-media.ts';
import { createSpellingNotes } from '../summary/spelling-notes.ts';
import { stoppingWarnings } from '../summary/stopping-text.ts';
import { maxErrorRateOf, troubles } from '../summary/troubles.ts';
import { writeReports } from '../summary/write-reports.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { EMBED_MEDIA, embedMediaOf } from './embed-media.ts';

export const reportCommand: Command = {
  example: ['earsight report latest --reporter markdown', 'the newest run as Markdown'],
  positionals: { run: 'results folder of a run, or "latest"' },
  options: {
    reporter: {
      type: 'array',
      describe: `reports to write, any of ${Object.keys(REPORTERS).join(', ')} (default: csv)`,
    },
    set: { type: 'string', describe: 'scores to show: run, or a name that earsight score gave (default: the newest)' },
    baseline: {
      type: 'string',
      describe: 'baseline that report.html compares each model with (default: the models with the first one)',
    },
    'embed-media': EMBED_MEDIA,
  },
  async run(args, io) {
    const { baseline } = baselineChoice(args, io);
    const embed = embedMediaOf(args);
    const { directory, info } = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const mode = runFileMode(directory);
    const unlock = lockFolder(directory, mode);
    try {
      const stored = await readProgress(directory, info.selection);
      for (const damage of damageWarnings(stored.scan)) io.stderr.write(`${damage}\n`);
      const names = list(args, 'reporter');
      // Tables of no results have at least their headers; a page would show nothing.
      if (names.includes('html') && stored.progress.index.size() === 0)
        throw new InputError({
          file: relative(io.cwd, directory) || '.',
          message: 'the run has no results',
          hint: 'complete it with earsight run --resume',
        });
      const set = text(args, 'set');
      const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
      const { progress } = await withCurrentScores({ directory, info, reading: stored, mode }, set, say, io);
      // Only a resumed run needs the set of finished cells: free its memory.
      progress.done.clear();
      const models = recordedModels(progress.runDefinition, info);
      const warnings = [
        ...stoppingWarnings(info),
        ...retirementWarnings(models, (io.now ?? Date.now)()),
        ...codecWarnings(info),
      ];
      for (const warning of warnings) say(`warning: ${warning}`);
      const pending = pendingNote(directory, relative(io.cwd, directory) || '.');
      if (pending !== null) say(pending);
      const report = await foldRun(directory, progress, info, { warnings, set });
      const files = await writeReports(
        names.length === 0 ? ['csv'] : names,
        {
          ...report,
          warnings: [...troubles(report, maxErrorRateOf(info.config)), ...warnings],
          media: createReportMedia(directory, report.run, embed),
          ...comparisonOf(report, directory, { baseline, set }),
        },
        directory,
        mode,
      );
      io.stdout.write(terminalTable(report, styleOf(io.stdout, io.env)));
      for (const line of await spellingNotes(report)) say(line);
      io.stderr.write(`${escapeTerminal(`${relative(io.cwd, directory) || '.'}: ${files.join(', ')}`)}\n`);
      return EXIT.done;
    } finally {
      unlock();
    }
  },
};

/** Only the page has a place for it. @throws {InputError} for a file that cannot be read, and without the reporter `html`. */
function baselineChoice(args: Arguments, { cwd }: Io): { readonly baseline: NamedBaseline | null } {
  const file = text(args, 'baseline');
  if (file === undefined) return { baseline: null };
  if (!list(args, 'reporter').includes('html'))
    throw new InputError({ message: '--baseline is for report.html', hint: 'add --reporter html' });
  return { baseline: { ...readBaseline(resolve(cwd, file), file), file } };
}

/** The same sentences as at the end of the run; the answers are read again only where there is a word error rate. */
async function spellingNotes({ units = new Map(), results }: RunReport): Promise<readonly string[]> {
  if (![...units.values()].includes('wer')) return [];
  const notes = createSpellingNotes();
  for await (const result of results()) await notes.onResult(result);
  return notes.sentences();
}
