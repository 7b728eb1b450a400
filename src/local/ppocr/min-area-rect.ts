/** The smallest rotated rectangle around a set of points. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle rotated about its centre; `width` is along `angle`. */
export interface TurnedRect {
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  /** Radians, clockwise on screen, in (-pi/4, pi/4]. */
  readonly angle: number;
}

/** Andrew's monotone chain; counter-clockwise, without collinear points. */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && cross(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

/** One side of the smallest rectangle is on an edge of the hull, so every edge is tried. */
export function minAreaRect(points: readonly Point[]): TurnedRect {
  const hull = convexHull(points);
  let best: (TurnedRect & { readonly area: number }) | undefined;
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length] ?? from;
    const rect = boundsAlong(hull, Math.atan2(to.y - from.y, to.x - from.x));
    const area = rect.width * rect.height;
    if (best === undefined || area < best.area) best = { ...rect, area };
  }
  if (best === undefined) throw new RangeError('a rectangle needs at least one point');
  const { area: _, ...rect } = best;
  return upright(rect);
}

function boundsAlong(points: readonly Point[], angle: number): TurnedRect {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const { x, y } of points) {
    const along = x * cos + y * sin;
    const across = y * cos - x * sin;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  return {
    centerX: along * cos - across * sin,
    centerY: along * sin + across * cos,
    width: right - left,
    height: bottom - top,
    angle,
  };
}

/** The same rectangle described with the angle nearest to the horizontal. */
function upright(rect: TurnedRect): TurnedRect {
  let { angle, width, height } = rect;
  while (angle > Math.PI / 4) {
    angle -= Math.PI / 2;
    [width, height] = [height, width];
  }
  while (angle <= -Math.PI / 4) {
    angle += Math.PI / 2;
    [width, height] = [height, width];
  }
  return { ...rect, angle, width, height };
}

function cross(origin: Point | undefined, a: Point | undefined, b: Point): number {
  if (origin === undefined || a === undefined) return 0;
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}
