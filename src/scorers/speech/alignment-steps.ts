/** Writes an alignment as the steps that reports show. */

import type { AlignmentStep } from '../../result.ts';
import { type Alignment, EDIT } from '../alignment/align.ts';

/** An hour of speech has fewer edits than this unless it failed; a journal line stays small. */
const MAX_STEPS = 4000;

/** undefined when there would be too many to keep. */
export function alignmentSteps(
  { edits }: Alignment,
  reference: readonly string[],
  hypothesis: readonly string[],
  separator: string,
): readonly AlignmentStep[] | undefined {
  const steps: AlignmentStep[] = [];
  let [at, given, equal] = [0, 0, 0];
  const flush = () => {
    if (equal > 0) steps.push(['correct', reference.slice(at - equal, at).join(separator)]);
    equal = 0;
  };
  for (const edit of edits) {
    if (edit === EDIT.correct) {
      [at, given, equal] = [at + 1, given + 1, equal + 1];
      continue;
    }
    flush();
    if (steps.length >= MAX_STEPS) return undefined;
    if (edit === EDIT.substituted) steps.push(['substituted', reference[at] ?? '', hypothesis[given] ?? '']);
    else if (edit === EDIT.deleted) steps.push(['deleted', reference[at] ?? '']);
    else steps.push(['inserted', hypothesis[given] ?? '']);
    if (edit !== EDIT.inserted) at += 1;
    if (edit !== EDIT.deleted) given += 1;
  }
  flush();
  return steps;
}
