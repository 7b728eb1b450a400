/** How an answer differs from its target: by the alignment that a scorer kept, otherwise word by word. */

import type { AlignmentStep, Score } from '../../result.ts';
import { type DiffPart, wordDiff } from '../../text/word-diff.ts';

export interface AnswerDiff {
  /** Name of the scorer that aligned the words; null = they were compared as they are. */
  readonly scorer: string | null;
  /** `removed` is only in the target, `added` only in the answer. */
  readonly parts: readonly DiffPart[];
}

/** More targets are not compared: each takes up to a tenth of a second. */
const MOST_TARGETS = 20;

/** Characters of equal text that are shown between two differences. */
const MAX_SAME = 240;

/** null where nothing is to be seen: no target, an answer that equals one, or no word in common with any. */
export function answerDiff(
  targets: readonly string[],
  answer: string,
  scores: readonly Score[] = [],
): AnswerDiff | null {
  if (targets.length === 0 || targets.includes(answer)) return null;
  const aligned = scores.find(({ alignment }) => alignment !== undefined);
  const diff =
    aligned?.alignment === undefined
      ? { scorer: null, parts: nearest(targets, answer) }
      : { scorer: aligned.scorer, parts: alignmentParts(aligned.alignment) };
  const hasCommonWord = diff.parts.some(({ kind, text }) => kind === 'same' && /[\p{L}\p{N}]/u.test(text));
  const differs = diff.parts.some(({ kind }) => kind !== 'same');
  return hasCommonWord && differs ? { ...diff, parts: diff.parts.map(shortened) } : null;
}

/** The difference to the target that has the least of it. */
function nearest(targets: readonly string[], answer: string): readonly DiffPart[] {
  let best: readonly DiffPart[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const target of targets.slice(0, MOST_TARGETS)) {
    const parts = wordDiff(target, answer);
    const changed = parts.reduce((sum, { kind, text }) => sum + (kind === 'same' ? 0 : text.length), 0);
    if (changed < least) [best, least] = [parts, changed];
  }
  return best;
}

function alignmentParts(steps: readonly AlignmentStep[]): readonly DiffPart[] {
  return steps.flatMap((step, index): readonly DiffPart[] => {
    const gap: readonly DiffPart[] = index === 0 ? [] : [{ kind: 'same', text: ' ' }];
    const removed = { kind: 'removed', text: step[1] } as const;
    if (step[0] === 'substituted') return [...gap, removed, { kind: 'added', text: step[2] }];
    if (step[0] === 'deleted') return [...gap, removed];
    return [...gap, { kind: step[0] === 'inserted' ? 'added' : 'same', text: step[1] }];
  });
}

/** Long equal text keeps its start and its end. */
function shortened(part: DiffPart): DiffPart {
  if (part.kind !== 'same' || part.text.length <= MAX_SAME) return part;
  const half = MAX_SAME / 2;
  const head = part.text.slice(0, half).replace(/[\uD800-\uDBFF]$/u, '');
  const tail = part.text.slice(-half).replace(/^[\uDC00-\uDFFF]/u, '');
  return { kind: 'same', text: `${head} … ${tail}` };
}
