import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlap, readBoxes } from '../../../src/scorers/boxes/boxes.ts';
import { createScorer } from '../../../src/scorers/registry.ts';

const BOX = { left: 1, top: 2, right: 11, bottom: 22 };

test.each([
  '[1, 2, 11, 22]',
  '[[1,2,11,22]]',
  '```json\n[{"bbox_2d": [1, 2, 11, 22], "label": "cat"}]\n```',
  '{"x1": 1, "y1": 2, "x2": 11, "y2": 22}',
  '{"x": 1, "y": 2, "width": 10, "height": 20}',
  '{"left": 1, "top": 2, "right": 11, "bottom": 22}',
  'The box is <box>(1, 2), (11, 22)</box>',
  '11 22 1 2',
])('%j is one box', (text) => {
  expect(readBoxes(text, 'xyxy')).toEqual([BOX]);
});

test('the order of four numbers is an option', () => {
  expect(readBoxes('[1, 2, 10, 20]', 'xywh')).toEqual([BOX]);
  expect(readBoxes('[2, 1, 22, 11]', 'yxyx')).toEqual([BOX]);
});

test.each(['no box', '[1, 2, 3]', '{}', ''])('%j has no box', (text) => {
  expect(readBoxes(text, 'xyxy')).toEqual([]);
});

test('the overlap is symmetric, at most 1, and 1 of a box with itself', () => {
  const box = fc
    .tuple(
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.double({ min: 0, max: 1000, noNaN: true }),
      fc.nat(1000),
      fc.nat(1000),
    )
    .map(([left, top, width, height]) => ({ left, top, right: left + width, bottom: top + height }));
  fc.assert(
    fc.property(box, box, (a, b) => {
      expect(overlap(a, b)).toBe(overlap(b, a));
      expect(overlap(a, b)).toBeGreaterThanOrEqual(0);
      expect(overlap(a, b)).toBeLessThanOrEqual(1);
      expect(overlap(a, a)).toBe(1);
    }),
  );
});

test('pixels and shares are made alike by the size of the image', async () => {
  const scorer = createScorer({ name: 'iou' });
  const input = { answer: '[0.1, 0.2, 0.3, 0.4]', target: ['[100, 100, 300, 200]'] };

  const sized = await scorer.score({ ...input, sample: { id: 's', metadata: { width: '1000', height: '500' } } });
  const unsized = await scorer.score({ ...input, sample: { id: 's', metadata: {} } });

  expect(sized.value).toBeCloseTo(1, 9);
  expect(unsized).toMatchObject({ value: null, failed: true });
});

test('the share of boxes above the overlap is a part of the score', async () => {
  const target = ['[[0, 0, 10, 10], [20, 20, 30, 30]]'];

  const score = await createScorer({ name: 'iou' }).score({
    ...{ answer: '[[0, 0, 10, 8], [20, 20, 30, 24]]', target },
    sample: { id: 's', metadata: {} },
  });

  expect(score.value).toBeCloseTo(0.6, 9);
  expect(score).toMatchObject({ parts: { found: 0.5 }, counts: { found: 1, boxes: 2 } });
});
