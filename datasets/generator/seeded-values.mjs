/** Seeded figures for charts, tables and receipts. */

import { seededRandom } from './random.mjs';
import { seedOf } from './write-set.mjs';

/** Fisher and Yates. */
function shuffled(items, random) {
  const left = [...items];
  for (let last = left.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [left[last], left[other]] = [left[other], left[last]];
  }
  return left;
}

/**
 * `count` different multiples of `step` from `from` to below `to`, in any order. Each is in a part of the range of its own
 * and at least 0.4 parts from the next one, so that the largest can be seen; a part should hold two steps.
 */
export function spreadValues(name, count, { from, to, step = 1 }) {
  const random = seededRandom(seedOf(name));
  const part = (to - from) / count;
  const values = Array.from({ length: count }, (_, index) => {
    const value = from + part * (index + 0.6 * random());
    return Number((Math.floor(value / step) * step).toFixed(2));
  });
  return shuffled(values, random);
}
