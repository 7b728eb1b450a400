/** Edits and shifts of blocks that turn an answer into a reference, as Tercom counts them. */

import { createBeam } from './ter-beam.ts';

/** Tercom's bounds on a shift. */
const MAX_SHIFT_SIZE = 10;
const MAX_SHIFT_DISTANCE = 50;
/** sacreBLEU's bound on what is tried for one pair. */
const MAX_CANDIDATES = 1000;

/**
 * Shifts blocks of the answer, always the one that saves the most edits, until none saves any; then counts shifts and
 * edits (sacreBLEU 2.6 `translation_edit_rate`, after Snover et al. 2006). Not the least number of edits with shifts,
 * which is hard to find, but the same number as the reference's.
 */
export function terEdits(hypothesis: readonly string[], reference: readonly string[]): number {
  if (reference.length === 0) return hypothesis.length;
  const beam = createBeam(reference, hypothesis.length);
  let [words, shifts, tried] = [hypothesis, 0, 0];
  for (;;) {
    const best = bestShift(words, reference, beam, tried);
    tried = best.tried;
    if (tried >= MAX_CANDIDATES || best.saved <= 0) break;
    shifts += 1;
    words = best.words;
  }
  return shifts + beam.align(words).distance;
}

interface Shift {
  readonly saved: number;
  readonly length: number;
  readonly start: number;
  readonly target: number;
  readonly words: readonly string[];
}

function bestShift(
  words: readonly string[],
  reference: readonly string[],
  beam: ReturnType<typeof createBeam>,
  before: number,
) {
  const { distance, trace } = beam.align(words);
  const { positions, wrongReference, wrongHypothesis } = toPositions(trace);
  let tried = before;
  let best: Shift | undefined;
  for (const { start, at, length } of equalBlocks(words, reference)) {
    const isRight = !anyOf(wrongHypothesis, start, length) || !anyOf(wrongReference, at, length);
    const aligned = positions[at] ?? 0;
    if (isRight || (start <= aligned && aligned < start + length)) continue;
    let previous = -1;
    for (let offset = -1; offset < length; offset += 1) {
      if (at + offset >= positions.length) break;
      const target = at + offset === -1 ? 0 : (positions[at + offset] ?? 0) + 1;
      if (target === previous) continue;
      previous = target;
      const moved = shifted(words, start, length, target);
      const saved = distance - beam.align(moved, Math.min(start, target)).distance;
      const shift = { saved, length, start, target, words: moved };
      tried += 1;
      if (best === undefined || isBetter(shift, best)) best = shift;
    }
    if (tried >= MAX_CANDIDATES) break;
  }
  return { saved: best?.saved ?? 0, words: best?.words ?? words, tried };
}

/** More edits saved, then the longer block, the earlier one, the earlier target; words decide what is left. */
function isBetter(a: Shift, b: Shift): boolean {
  const differences = [a.saved - b.saved, a.length - b.length, b.start - a.start, b.target - a.target];
  const first = differences.find((difference) => difference !== 0);
  if (first !== undefined) return first > 0;
  const at = a.words.findIndex((word, index) => word !== b.words[index]);
  return at !== -1 && (a.words[at] ?? '') > (b.words[at] ?? '');
}

/** Blocks that stand in both, from every pair of places that is not too far apart. */
function* equalBlocks(words: readonly string[], reference: readonly string[]) {
  for (let start = 0; start < words.length; start += 1) {
    const first = Math.max(0, start - MAX_SHIFT_DISTANCE);
    for (let at = first; at < Math.min(reference.length, start + MAX_SHIFT_DISTANCE + 1); at += 1)
      for (
        let length = 1;
        length <= MAX_SHIFT_SIZE && start + length <= words.length && at + length <= reference.length;
        length += 1
      ) {
        if (words[start + length - 1] !== reference[at + length - 1]) break;
        yield { start, at, length };
      }
  }
}

function anyOf(flags: readonly boolean[], from: number, length: number): boolean {
  for (let at = from; at < from + length; at += 1) if (flags[at] === true) return true;
  return false;
}

/** For each word of the reference the last word of the answer aligned with it or before it; and which words are wrong. */
function toPositions(trace: string) {
  const positions: number[] = [];
  const [wrongReference, wrongHypothesis]: [boolean[], boolean[]] = [[], []];
  let position = -1;
  for (const edit of trace) {
    if (edit !== 'd') position += 1;
    if (edit !== 'i') positions.push(position);
    if (edit !== 'd') wrongHypothesis.push(edit !== ' ');
    if (edit !== 'i') wrongReference.push(edit !== ' ');
  }
  return { positions, wrongReference, wrongHypothesis };
}

function shifted(words: readonly string[], start: number, length: number, target: number): readonly string[] {
  const block = words.slice(start, start + length);
  if (target < start)
    return [...words.slice(0, target), ...block, ...words.slice(target, start), ...words.slice(start + length)];
  const end = target > start + length ? target : length + target;
  return [...words.slice(0, start), ...words.slice(start + length, end), ...block, ...words.slice(end)];
}
