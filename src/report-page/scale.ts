/** Scales of charts: from values to positions, and where to write numbers. */

export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Equal steps. The bounds move out to whole ticks. */
export function linearScale(low: number, high: number, from: number, to: number, count = 5): Scale {
  const span = isWider(low, high) ? high - low : Math.max(1e-9, Math.abs(high) || 1);
  const step = niceStep(span / count);
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.ceil((low + span) / step - 1e-9) * step;
  const steps = Math.round((last - first) / step);
  const ticks = Array.from({ length: steps + 1 }, (_, index) => Number((first + index * step).toPrecision(12)));
  return { ticks, at: (value) => from + ((value - first) / (last - first)) * (to - from) };
}

/** Equal ratios; the values must be above 0. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const [bottom, top] = isWider(low, high) ? [low, high] : [low / 2, high * 2];
  const start = Math.log(bottom);
  const span = Math.log(top) - start;
  const ticks: number[] = [];
  const steps = top / bottom > 200 ? [1] : top / bottom > 20 ? [1, 3] : [1, 2, 5];
  for (let exponent = Math.floor(Math.log10(bottom)); exponent <= Math.ceil(Math.log10(top)); exponent += 1) {
    for (const step of steps) {
      const tick = Number((step * 10 ** exponent).toPrecision(3));
      if (tick >= bottom * 0.999 && tick <= top * 1.001) ticks.push(tick);
    }
  }
  return { ticks, at: (value) => from + ((Math.log(value) - start) / span) * (to - from) };
}

/** Whether the bounds are further apart than rounding errors. */
function isWider(low: number, high: number): boolean {
  return high - low > 1e-9 * Math.abs(high);
}

/** 1, 2 or 5 times a power of ten, at least the given step. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return ([1, 2, 5].find((factor) => factor * power >= step * 0.999) ?? 10) * power;
}

/** Points that no other one beats: cheaper at the same quality, or better at the same price; cheapest first. */
export function paretoFront<T extends { readonly x: number; readonly y: number }>(points: readonly T[]): readonly T[] {
  let best = Number.NEGATIVE_INFINITY;
  return [...points]
    .sort((a, b) => a.x - b.x || b.y - a.y)
    .filter(({ y }) => {
      const isBetter = y > best;
      best = Math.max(best, y);
      return isBetter;
    });
}
