/** `earsight show`: prints one sample, or all failures, whole. Reads the journal and writes nothing. */

import { relative } from 'node:path';
import { type Command, flag, list, text } from '../command.ts';
import { EXIT, InputError, type Problem } from '../errors.ts';
import { usesColor } from '../io.ts';
import { pendingNote } from '../journal/batches/pending.ts';
import { findRun } from '../journal/find-run.ts';
import { damageWarnings } from '../journal/journal-damage.ts';
import { readProgress } from '../journal/resume.ts';
import { RUN_SET } from '../report.ts';
import { DIFF_LABEL, resultLines, sampleLines } from '../reporters/terminal/result-lines.ts';
import type { Result } from '../result.ts';
import { readResults } from '../summary/fold.ts';
import { createMediaNotes } from '../summary/media-notes.ts';
import { usedSet } from '../summary/score-sets.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { diffLegend } from '../text/shown-diff.ts';

export const showCommand: Command = {
  example: ['earsight show latest --failed', 'every failure of the newest run with its reason'],
  positionals: { run: 'results folder of a run, or "latest"', sample: 'id of a sample (default: all, with --failed)' },
  options: {
    failed: { type: 'boolean', describe: 'print only cells that failed or were skipped', default: false },
    model: { type: 'array', describe: 'print only these models (default: all)' },
  },
  async run(args, io) {
    const { directory, info } = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const sample = text(args, 'sample');
    const failed = flag(args, 'failed');
    const models = list(args, 'model');
    const problems = selectionProblems(
      { sample, failed, models },
      info.models.map(({ id }) => id),
    );
    if (problems.length > 0) throw new InputError(problems);
    const { progress, scan } = await readProgress(directory, info.selection);
    for (const damage of damageWarnings(scan)) io.stderr.write(`${damage}\n`);
    const pending = pendingNote(directory, relative(io.cwd, directory) || '.');
    if (pending !== null) io.stderr.write(`${escapeTerminal(pending)}\n`);
    progress.done.clear();
    const set = usedSet(progress.scoreSets, undefined);
    const ofSet = set === RUN_SET ? [] : [`  scores     ${set}`];
    const notesOf = createMediaNotes(directory, info);
    const color = usesColor(io.stdout, io.env);
    let shown: Result | null = null;
    let hasDiff = false;
    for await (const result of readResults(directory, progress, info)) {
      io.stop.throwIfAborted();
      if (sample !== undefined && result.sampleId !== sample) continue;
      if (failed && result.status === 'completed') continue;
      if (models.length > 0 && !models.includes(result.modelId)) continue;
      const style = { color, notes: await notesOf(result) };
      const head =
        shown?.sampleId === result.sampleId ? [] : [...sampleLines(result.sampleId, result.sample, style), ...ofSet];
      if (shown !== null) io.stdout.write('\n');
      const lines = resultLines(result, style);
      io.stdout.write(`${[...head, ...(head.length > 0 ? [''] : []), ...lines].join('\n')}\n`);
      hasDiff ||= lines.some((line) => line.startsWith(DIFF_LABEL));
      shown = result;
    }
    if (hasDiff) io.stdout.write(`\ndiff: ${diffLegend('in the target', 'in the answer', color)}\n`);
    if (shown === null) nothing(sample, failed);
    return EXIT.done;
  },
};

interface ShowSelection {
  readonly sample: string | undefined;
  readonly failed: boolean;
  readonly models: readonly string[];
}

function selectionProblems({ sample, failed, models }: ShowSelection, known: readonly string[]): readonly Problem[] {
  const unknown = models.filter((id) => !known.includes(id));
  return [
    ...unknown.map((id) => ({ message: `the run has no model ${quote(id)}`, hint: suggest(id, known) })),
    ...(sample === undefined && !failed
      ? [{ message: 'nothing to show', hint: 'name a sample, or give --failed for all failures' }]
      : []),
  ];
}

/** @throws {InputError} when nothing of the kind is in the run: an empty answer would look like a sample without results. */
function nothing(sample: string | undefined, failed: boolean): void {
  if (sample === undefined) return;
  const what = failed ? 'no failure of the sample' : 'no result of the sample';
  throw new InputError({ message: `the run holds ${what} ${quote(sample)}`, hint: 'results.csv has all ids' });
}
