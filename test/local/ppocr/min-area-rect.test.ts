import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convexHull, minAreaRect, type Point } from '../../../src/local/ppocr/min-area-rect.ts';

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 1, maxLength: 40 });

function corners(center: Point, width: number, height: number, angle: number): readonly Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x = 0, y = 0]) => ({
    x: center.x + (x * width * cos - y * height * sin) / 2,
    y: center.y + (x * width * sin + y * height * cos) / 2,
  }));
}

test('finds a rectangle again from its corners', () => {
  const side = fc.double({ min: 5, max: 200, noNaN: true });
  const angle = fc.double({ min: -0.78, max: 0.78, noNaN: true });
  fc.assert(
    fc.property(side, side, angle, coordinate, coordinate, (width, height, turn, x, y) => {
      const rect = minAreaRect(corners({ x, y }, width, height, turn));
      expect(rect.centerX).toBeCloseTo(x, 6);
      expect(rect.centerY).toBeCloseTo(y, 6);
      expect(rect.width).toBeCloseTo(width, 6);
      expect(rect.height).toBeCloseTo(height, 6);
      expect(rect.angle).toBeCloseTo(turn, 6);
    }),
  );
});

test('contains every point, and is at most as large as the upright rectangle', () => {
  fc.assert(
    fc.property(points, (cloud) => {
      const rect = minAreaRect(cloud);
      const [cos, sin] = [Math.cos(rect.angle), Math.sin(rect.angle)];
      for (const { x, y } of cloud) {
        const [dx, dy] = [x - rect.centerX, y - rect.centerY];
        expect(Math.abs(dx * cos + dy * sin)).toBeLessThanOrEqual(rect.width / 2 + 1e-6);
        expect(Math.abs(dy * cos - dx * sin)).toBeLessThanOrEqual(rect.height / 2 + 1e-6);
      }
      const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
      const upright = spread(cloud.map(({ x }) => x)) * spread(cloud.map(({ y }) => y));
      expect(rect.width * rect.height).toBeLessThanOrEqual(upright + 1e-3);
      expect(Math.abs(rect.angle)).toBeLessThanOrEqual(Math.PI / 4 + 1e-9);
    }),
  );
});

test('leaves collinear points and duplicates out of the hull', () => {
  const square = [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 2, y: 0 },
    { x: 2, y: 2 },
    { x: 0, y: 2 },
    { x: 1, y: 1 },
    { x: 0, y: 0 },
  ];
  expect(convexHull(square)).toHaveLength(4);
});

test('needs at least one point', () => {
  expect(() => minAreaRect([])).toThrow(RangeError);
});
