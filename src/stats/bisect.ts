/** Finds where a condition changes, for equations without a closed solution. */

/** A bracket narrower than this, relative to its ends, holds no further digit. */
const PRECISION = 2 ** -52;

/** Brackets around 0 shrink no further than this. */
const SMALLEST = 1e-300;

/** The point of [low, high] up to which `isBefore` is true, to about one unit in the last place. */
export function bisect(low: number, high: number, isBefore: (x: number) => boolean): number {
  let [left, right] = [low, high];
  while (right - left > PRECISION * Math.max(Math.abs(left), Math.abs(right), SMALLEST)) {
    const middle = left + (right - left) / 2;
    if (middle <= left || middle >= right) break;
    if (isBefore(middle)) left = middle;
    else right = middle;
  }
  return left + (right - left) / 2;
}
