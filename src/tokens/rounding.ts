/** Rounding like the reference implementations: Python's half-to-even, and floor and ceiling with tolerance for float errors. */

/** Far above the error of a few multiplications, far below one token or pixel. */
const NOISE = 1e-9;

/** Python's `round`: a half goes to the even neighbour, so 0.5 is 0, 1.5 and 2.5 are 2. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** The ceiling of a product with float errors: 1.1 * 10 is 11.000000000000002 but should be 11. */
export function ceilOf(value: number): number {
  return Math.ceil(value - NOISE);
}

/** The floor of a quotient with float errors. */
export function floorOf(value: number): number {
  return Math.floor(value + NOISE);
}
