/** Adds numbers without losing small terms. */

/** Compensated sum (Neumaier 1974): the sum of a million costs of a tenth of a cent is correct to the last digit. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}
