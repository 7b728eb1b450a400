/** Reads a selection from the command line. */

import { type Arguments, list, number, text } from '../command.ts';
import type { Selection } from '../plan/prepare.ts';

/** What was given; what was not is absent, so that a resumed run can fill it in. */
export function selectionOf(args: Arguments): Selection {
  const [config, dataset, shard] = [text(args, 'config'), text(args, 'dataset'), text(args, 'shard')];
  const [limit, repeat] = [number(args, 'limit'), number(args, 'repeat')];
  const [model, sample] = [list(args, 'model'), list(args, 'sample')];
  return {
    ...(config === undefined ? {} : { config }),
    ...(dataset === undefined ? {} : { dataset }),
    ...(model.length === 0 ? {} : { model }),
    ...(limit === undefined ? {} : { limit }),
    ...(sample.length === 0 ? {} : { sample }),
    ...(shard === undefined ? {} : { shard }),
    ...(repeat === undefined ? {} : { repeat }),
  };
}
