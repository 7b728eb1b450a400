/** Reads the selection of samples and models from the command line. */

import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { type Arguments, flag, list, number, text } from '../command.ts';
import { configsIn } from '../config/find-config.ts';
import { isGlob } from '../dataset/glob.ts';
import { InputError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Selection } from '../report.ts';

/** Options that were not given are absent, so that a resumed run takes them from the earlier one. */
export function selectionOf(args: Arguments): Selection {
  const model = list(args, 'model');
  const sample = list(args, 'sample');
  return defined({
    config: text(args, 'config'),
    dataset: text(args, 'dataset'),
    format: text(args, 'format'),
    prompt: text(args, 'prompt'),
    map: text(args, 'map'),
    model: model.length === 0 ? undefined : model,
    endpoint: text(args, 'endpoint'),
    limit: number(args, 'limit'),
    seed: number(args, 'seed'),
    sample: sample.length === 0 ? undefined : sample,
    shard: text(args, 'shard'),
    repeat: number(args, 'repeat'),
    ablate: text(args, 'ablate'),
    skipBroken: args['skip-broken'] === undefined ? undefined : flag(args, 'skip-broken'),
  });
}

/**
 * A folder in the place of the configuration is the configuration in it, or else a dataset of media, as a pattern of file
 * names is; which one is said. @throws {InputError} for such a dataset beside `--dataset`.
 */
export async function withFolder(
  selection: Selection,
  { cwd }: Pick<Io, 'cwd'>,
  say: (line: string) => void,
): Promise<Selection> {
  const { config: folder, ...rest } = selection;
  if (folder === undefined) return selection;
  const path = resolve(cwd, folder);
  const isPattern = isGlob(path);
  if (!isPattern && !isFolder(path)) return selection;
  const [found, another] = isPattern ? [] : await configsIn(path);
  if (found !== undefined) {
    // Two of them are a problem of their own.
    const config = join(folder, basename(found));
    if (another === undefined) say(`${folder}: uses the configuration in it, ${config}`);
    return another === undefined ? { ...rest, config } : selection;
  }
  if (rest.dataset !== undefined)
    throw new InputError({
      file: folder,
      message: `is a ${isPattern ? 'pattern of file names' : 'folder without a configuration'}, and --dataset names the samples`,
      hint: 'leave out one of them',
    });
  say(
    isPattern
      ? `${folder}: is a pattern, and its files are the dataset`
      : `${folder}: holds no configuration, and is read as a dataset`,
  );
  return { ...rest, dataset: folder };
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** The parts of a selection that decide which cells a run has. */
const PARTS = [
  'model',
  'limit',
  'seed',
  'sample',
  'shard',
  'repeat',
  'ablate',
] as const satisfies readonly (keyof Selection)[];

/** What a resumed run took over from its first execution, and how to get the rest; null = nothing. */
export function takenOver(chosen: Selection, used: Selection): string | null {
  const taken = PARTS.filter((name) => chosen[name] === undefined && used[name] !== undefined);
  const names = used.limit === undefined ? taken.filter((name) => name !== 'seed') : taken;
  if (names.length === 0) return null;
  const given = names.map((name) => `--${name} ${[used[name]].flat().join(' ')}`).join(' ');
  // More samples by the same seed include those that the run has.
  const more = names.filter((name) => name !== 'seed' || names.length === 1);
  const needed = more.map((name) => `--${name}`).join(' and ');
  return `its run was started with ${given}, and this is used again · for more, give another ${needed} and --resume-changed`;
}
