/** Reads the selection of samples and models from the command line. */

import { defined } from '../collections/defined.ts';
import { type Arguments, flag, list, number, text } from '../command.ts';
import type { Selection } from '../report.ts';

/** Options that were not given are absent, so that a resumed run takes them from the earlier one. */
export function selectionOf(args: Arguments): Selection {
  const model = list(args, 'model');
  const sample = list(args, 'sample');
  return defined({
    config: text(args, 'config'),
    dataset: text(args, 'dataset'),
    format: text(args, 'format'),
    model: model.length === 0 ? undefined : model,
    limit: number(args, 'limit'),
    sample: sample.length === 0 ? undefined : sample,
    shard: text(args, 'shard'),
    repeat: number(args, 'repeat'),
    skipBroken: args['skip-broken'] === undefined ? undefined : flag(args, 'skip-broken'),
  });
}

/** The parts of a selection that decide which cells a run has. */
const PARTS = ['model', 'limit', 'sample', 'shard', 'repeat'] as const satisfies readonly (keyof Selection)[];

/** What a resumed run took over from its first execution, and how to get the rest; null = nothing. */
export function takenOver(chosen: Selection, used: Selection): string | null {
  const taken = PARTS.filter((name) => chosen[name] === undefined && used[name] !== undefined);
  if (taken.length === 0) return null;
  const given = taken.map((name) => `--${name} ${[used[name]].flat().join(' ')}`).join(' ');
  const needed = taken.map((name) => `--${name}`).join(' and ');
  return `its run was started with ${given}, and this is used again · for more, give another ${needed} and --resume-changed`;
}
