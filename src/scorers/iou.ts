/** Scorer `iou`: how well bounding boxes cover those of the target. */

import { z } from 'zod';
import { type Box, overlap, readBoxes, scaledLike } from './boxes/boxes.ts';
import { bestOf, defineScorer, type Judgement, type ScoreInput, UNREADABLE, unscored } from './scorer.ts';

const options = z.strictObject({
  format: z
    .enum(['xyxy', 'xywh', 'yxyx'])
    .default('xyxy')
    .describe('order of four numbers: two corners, or a corner with width and height'),
  at: z.number().min(0).max(1).default(0.5).describe('overlap from which a box counts as found'),
  scale: z
    .number()
    .positive()
    .exactOptional()
    .describe(
      "what the answer's coordinates run to, e.g. 1000; the target's are then pixels or shares of meta.width and meta.height",
    ),
});

type Options = z.output<typeof options>;

/**
 * The mean intersection over union of the best one-to-one pairs, over the larger number of boxes; `parts.found` is the
 * share of the target's boxes with at least the overlap `at`.
 */
export const iou = defineScorer({
  description: 'intersection over union of bounding boxes, in JSON or as four numbers',
  version: 1,
  unit: 'iou',
  options,
  targetProblem(target, { format }) {
    const wrong = target.find((text) => readBoxes(text, format).length === 0);
    return wrong === undefined ? undefined : `the target ${JSON.stringify(wrong.slice(0, 60))} has no box`;
  },
  create: (settings) => (input) => {
    const given = readBoxes(input.answer, settings.format);
    return bestOf(input.target.map((text) => judge(given, readBoxes(text, settings.format), input, settings)));
  },
});

function judge(given: readonly Box[], wanted: readonly Box[], input: ScoreInput, settings: Options): Judgement {
  if (wanted.length === 0) return unscored('the target has no box');
  if (given.length === 0) return UNREADABLE;
  if (given.length * wanted.length > MAX_PAIRS) return unscored(`more than ${MAX_PAIRS} pairs of boxes`);
  const scaled = scaledLike(given, wanted, { scale: settings.scale, size: sizeOf(input) });
  if (scaled === null)
    return unscored(
      'the answer has pixels and the target shares, or the reverse; meta.width and meta.height are missing',
    );
  const overlaps = bestPairs(scaled, wanted);
  const sum = overlaps.reduce((total, one) => total + one, 0);
  const mean = sum / Math.max(given.length, wanted.length);
  const found = overlaps.filter((one) => one >= settings.at).length;
  return { value: mean, raw: mean, counts: { found, boxes: wanted.length }, parts: { found: found / wanted.length } };
}

const MAX_PAIRS = 1_000_000;

function sizeOf({ sample }: ScoreInput): { readonly width: number; readonly height: number } | null {
  const [width, height] = [Number(sample.metadata['width']), Number(sample.metadata['height'])];
  return width > 0 && height > 0 ? { width, height } : null;
}

/** The pair with the greatest overlap first, each box once. */
function bestPairs(given: readonly Box[], wanted: readonly Box[]): readonly number[] {
  const pairs = given
    .flatMap((a, i) => wanted.map((b, j) => ({ i, j, value: overlap(a, b) })))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.i - b.i || a.j - b.j);
  const [usedGiven, usedWanted] = [new Set<number>(), new Set<number>()];
  return pairs.flatMap(({ i, j, value }) => {
    if (usedGiven.has(i) || usedWanted.has(j)) return [];
    usedGiven.add(i);
    usedWanted.add(j);
    return [value];
  });
}
