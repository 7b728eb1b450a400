/** Means of measured values that are equal when the measurements are: sums of floating-point numbers are not. */

import type { Measure } from './run-measures.ts';

const DIGITS = 1e12;

/** The mean over repeats; null = not measured. The average of three times 0.1 is exactly 0.1. */
export function mean(measure: Measure | undefined): number | null {
  if (measure === undefined) return null;
  const value = measure.total / measure.count;
  const settled = Math.round(value * DIGITS) / DIGITS;
  // Costs are small and latencies large: twelve decimals of a large value are more than a double has.
  return Math.abs(value) < 1e3 ? settled : value;
}
