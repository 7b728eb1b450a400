/** `earsight compare RUN --suspects`: targets that are probably wrong, and the manifest with those corrected that the user accepts. */

import { lstatSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { defined } from '../../collections/defined.ts';
import { type Arguments, flag, list, type OptionSpec, text } from '../../command.ts';
import { findSuspects, heardModels, type Suspect } from '../../compare/suspects.ts';
import { terminalSuspects } from '../../compare/terminal-suspects.ts';
import { convertManifest } from '../../dataset/convert/convert-manifest.ts';
import { EXIT, InputError, type Problem } from '../../errors.ts';
import { realPath } from '../../files/real-path.ts';
import type { Io } from '../../io.ts';
import { readProgress } from '../../journal/resume.ts';
import { openSetup } from '../../plan/prepare.ts';
import { withRecorded } from '../../plan/recorded-selection.ts';
import type { RunInfo } from '../../report.ts';
import { foldRun } from '../../summary/fold.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { suggest } from '../../text/nearest-name.ts';
import { quote } from '../../text/quote.ts';
import { terminalJson } from '../../text/terminal-json.ts';
import { scoreCommand } from '../score.ts';

export const SUSPECT_OPTIONS = {
  suspects: {
    type: 'boolean',
    describe: 'list samples whose target is probably wrong: reliable models agree, and not with it',
    default: false,
  },
  write: {
    type: 'string',
    describe:
      'with --suspects: write the manifest with corrected targets to this .jsonl, and score the run by it (default: none)',
  },
  accept: {
    type: 'array',
    describe: "with --write: samples whose target becomes the models' answer (default: none)",
  },
} as const satisfies Record<string, OptionSpec>;

/** Suspects on a terminal: the first tenth, within these bounds. */
const SHOWN = { share: 0.1, least: 10, most: 50 } as const;

interface SuspectRequest {
  /** Manifest to write, as the user wrote it; null = none. */
  readonly write: string | null;
  readonly accepted: readonly string[];
}

/** null = nothing is asked. @throws {InputError} with all problems of the options. */
export function suspectRequest(args: Arguments): SuspectRequest | null {
  const [write, accepted] = [text(args, 'write'), list(args, 'accept')];
  const problems: Problem[] = [];
  if (!flag(args, 'suspects')) {
    const alone = [...(write === undefined ? [] : ['--write']), ...(accepted.length === 0 ? [] : ['--accept'])];
    if (alone.length > 0)
      throw new InputError(alone.map((name) => ({ message: `${name} needs --suspects`, hint: 'add --suspects' })));
    return null;
  }
  for (const name of ['second', 'against', 'judge'] as const)
    if (text(args, name) !== undefined)
      problems.push({
        message: `--suspects is about one run, and ${name === 'second' ? 'two are' : `--${name} is`} given`,
        hint: 'omit one of them',
      });
  if ((write === undefined) !== (accepted.length === 0))
    problems.push({
      message: write === undefined ? '--accept needs --write' : '--write needs --accept',
      hint: 'for example --write corrected.jsonl --accept s12 s40',
    });
  if (problems.length > 0) throw new InputError(problems);
  return { write: write ?? null, accepted };
}

/** @throws {InputError} for a run of one model, ids that are not doubted, and a file that cannot be written. */
export async function compareSuspects(
  { directory, info }: { readonly directory: string; readonly info: RunInfo },
  { write, accepted, show }: SuspectRequest & { readonly show: number },
  args: Arguments,
  io: Io,
): Promise<number> {
  if (heardModels(info.models).length < 2)
    throw new InputError({
      file: directory,
      message: 'the run has one model only: nobody agrees with it or contradicts it',
      hint: 'run a second model on the same samples',
    });
  const { progress } = await readProgress(directory, info.selection);
  const set = text(args, 'set');
  const found = await findSuspects(await foldRun(directory, progress, info, { warnings: [], ...defined({ set }) }));
  const isJson = flag(args, 'json');
  if (write === null) {
    const tenth = Math.ceil(SHOWN.share * found.samples);
    const shown = show > 0 ? show : Math.min(SHOWN.most, Math.max(SHOWN.least, tenth));
    io.stdout.write(isJson ? `${terminalJson(found, 2)}\n` : terminalSuspects(found, shown));
    return EXIT.done;
  }
  const corrections = correctionsOf(found.suspects, accepted);
  await writeCorrected({ directory, info }, { write, corrections }, args, io);
  io.stderr.write(`${escapeTerminal(`${write}: ${accepted.length} of ${found.samples} targets corrected`)}\n`);
  if (isJson) io.stdout.write(`${terminalJson({ ...found, written: write, corrected: [...corrections.keys()] }, 2)}\n`);
  const scored = isJson ? { ...io, stdout: io.stderr } : io;
  return scoreCommand.run(defined({ run: directory, dataset: write, config: text(args, 'config') }), scored);
}

/** The new target by the id of a sample. */
function correctionsOf(suspects: readonly Suspect[], accepted: readonly string[]): ReadonlyMap<string, string> {
  const answers = new Map(suspects.map(({ sampleId, answer }) => [sampleId, answer.trim()]));
  const unknown = accepted.filter((id) => !answers.has(id));
  if (unknown.length > 0)
    throw new InputError(
      unknown.map((id) => ({
        message: `--accept ${quote(id)}: the models do not doubt the target of such a sample`,
        hint: suggest(id, [...answers.keys()]),
      })),
    );
  return new Map(accepted.map((id) => [id, answers.get(id) ?? '']));
}

/** As `convert` does, from the manifest of the run, or of `--dataset`. */
async function writeCorrected(
  { directory, info }: { readonly directory: string; readonly info: RunInfo },
  { write, corrections }: { readonly write: string; readonly corrections: ReadonlyMap<string, string> },
  args: Arguments,
  io: Io,
): Promise<void> {
  const path = join(realPath(dirname(resolve(io.cwd, write))), basename(write));
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    throw new InputError({ file: write, message: 'already exists', hint: 'name another file' });
  const { model: _, endpoint: _endpoint, ...recorded } = info.selection;
  const chosen = defined({ config: text(args, 'config'), dataset: text(args, 'dataset') });
  const options = { config: 'with --config', dataset: 'with --dataset' };
  const selection = await withRecorded(chosen, recorded, { directory, cwd: io.cwd, options });
  const { source, skipBroken } = await openSetup(selection, io, { requireKeys: false });
  const seen = new Set<string>();
  await convertManifest(source, {
    ...{ path, displayPath: write, force: false, copyMedia: false, skipBroken },
    change: (sample) => {
      const target = corrections.get(sample.id);
      if (target === undefined) return sample;
      seen.add(sample.id);
      return { ...sample, target: [target] };
    },
  });
  const gone = [...corrections.keys()].filter((id) => !seen.has(id));
  if (gone.length === 0) return;
  rmSync(path);
  throw new InputError({
    file: source.displayPath,
    message: `has no sample ${gone.map(quote).join(', ')}`,
    hint: 'name the manifest of the run with --dataset',
  });
}
