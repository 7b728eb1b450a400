/** Collects what a dataset says and earsight cannot take over, each thing once with how often it is there. */

import { formatProblem, type Problem } from '../errors.ts';

/** Different things that are kept: a file can have as many as rows. */
const MAX_NOTES = 200;

export interface Notes {
  readonly add: (note: Problem) => void;
  /** In the order of the file, each with its first place. */
  sentences(): readonly string[];
}

/** Notes with the same message are one. */
export function createNotes(): Notes {
  const found = new Map<string, { readonly first: Problem; count: number }>();
  let others = 0;
  return {
    add(note) {
      const known = found.get(note.message);
      if (known !== undefined) known.count += 1;
      else if (found.size < MAX_NOTES) found.set(note.message, { first: note, count: 1 });
      else others += 1;
    },
    sentences: () => [
      ...[...found.values()].map(({ first, count }) =>
        formatProblem(count === 1 ? first : { ...first, message: `${first.message} (${count} times)` }),
      ),
      ...(others === 0 ? [] : [`and ${others} more`]),
    ],
  };
}
