/** Reads a text as Python's `float` does, for metrics whose reference is written in Python. */

import { canonicalDigits } from './canonical-text.ts';

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/iu;
const SPECIAL = /^(?<sign>[+-]?)(?:(?<infinite>inf(?:inity)?)|nan)$/iu;

/** undefined where Python raises ValueError. Can be NaN or infinite. */
export function pythonFloat(text: string): number | undefined {
  const trimmed = canonicalDigits(text.trim());
  if (FLOAT.test(trimmed)) return Number(trimmed.replaceAll('_', ''));
  const special = SPECIAL.exec(trimmed)?.groups;
  if (special === undefined) return undefined;
  if (special['infinite'] === undefined) return Number.NaN;
  return special['sign'] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Python's `round(value, 2)`: to the nearest, exact ties to the even digit. */
export function pythonRound2(value: number): number {
  // Only odd multiples of an eighth lie exactly between two hundredths.
  const eighths = value * 8;
  if (!Number.isInteger(eighths) || eighths % 2 === 0) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}
