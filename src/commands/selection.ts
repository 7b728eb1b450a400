/** Reads the selection of samples and models from the command line. */

import { defined } from '../collections/defined.ts';
import { type Arguments, flag, list, number, text } from '../command.ts';
import type { Selection } from '../plan/prepare.ts';

/** Options that were not given are absent, so that a resumed run takes them from the earlier one. */
export function selectionOf(args: Arguments): Selection {
  const model = list(args, 'model');
  const sample = list(args, 'sample');
  return defined({
    config: text(args, 'config'),
    dataset: text(args, 'dataset'),
    model: model.length === 0 ? undefined : model,
    limit: number(args, 'limit'),
    sample: sample.length === 0 ? undefined : sample,
    shard: text(args, 'shard'),
    repeat: number(args, 'repeat'),
    skipBroken: args['skip-broken'] === undefined ? undefined : flag(args, 'skip-broken'),
  });
}
