/** Adjusts p values for the number of comparisons. */

/**
 * Holm's step-down adjustment (Holm 1979, "A simple sequentially rejective multiple test procedure"), which keeps the
 * chance of any false alarm in the family at the level, whatever the dependence. null = was not tested: it stays null
 * and is not part of the family. Throws a RangeError for a p outside [0, 1].
 */
export function holm(pValues: ArrayLike<number | null>): (number | null)[] {
  const family: { readonly p: number; readonly index: number }[] = [];
  for (let index = 0; index < pValues.length; index += 1) {
    const p = pValues[index] ?? null;
    if (p === null) continue;
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p value ${index} is ${p}; it must be from 0 to 1`);
    family.push({ p, index });
  }
  family.sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = Array.from({ length: pValues.length }, () => null);
  let highest = 0;
  for (const [rank, { p, index }] of family.entries()) {
    highest = Math.max(highest, Math.min(1, (family.length - rank) * p));
    adjusted[index] = highest;
  }
  return adjusted;
}
