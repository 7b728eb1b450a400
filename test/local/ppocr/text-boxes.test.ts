import { expect, test } from 'vitest';
import { findTextBoxes, type ProbabilityMap } from '../../../src/local/ppocr/text-boxes.ts';

interface Patch {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly probability: number;
}

function mapOf(width: number, height: number, patches: readonly Patch[]): ProbabilityMap {
  const data = new Float32Array(width * height);
  for (const patch of patches)
    for (let y = patch.top; y < patch.top + patch.height; y += 1)
      data.fill(patch.probability, y * width + patch.left, y * width + patch.left + patch.width);
  return { data, width, height };
}

test('grows the box of a region by area times ratio over perimeter', () => {
  const [box, ...more] = findTextBoxes(
    mapOf(100, 60, [{ left: 20, top: 30, width: 40, height: 10, probability: 0.9 }]),
  );
  expect(more).toEqual([]);
  const grown = (2 * 400 * 2.1) / 100;
  expect(box?.centerX).toBeCloseTo(40);
  expect(box?.centerY).toBeCloseTo(35);
  expect(box?.width).toBeCloseTo(40 + grown);
  expect(box?.height).toBeCloseTo(10 + grown);
});

test('leaves out what is unlikely, and specks', () => {
  const patches = [
    { left: 2, top: 2, width: 30, height: 8, probability: 0.5 },
    { left: 2, top: 20, width: 30, height: 2, probability: 0.95 },
    { left: 2, top: 40, width: 30, height: 8, probability: 0.2 },
  ];
  expect(findTextBoxes(mapOf(80, 60, patches))).toEqual([]);
});

test('keeps regions apart, in the order of a scan, and joins what touches at a corner', () => {
  const patches = [
    { left: 50, top: 5, width: 20, height: 6, probability: 0.9 },
    { left: 4, top: 20, width: 20, height: 6, probability: 0.9 },
    { left: 24, top: 26, width: 10, height: 6, probability: 0.9 },
  ];
  const boxes = findTextBoxes(mapOf(80, 60, patches));
  expect(boxes).toHaveLength(2);
  expect(boxes[0]?.centerX).toBeCloseTo(60);
  expect(boxes[1]?.centerX).toBeLessThan(30);
});
