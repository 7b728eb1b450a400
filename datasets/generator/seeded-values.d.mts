/** Types of seeded-values.mjs, for its test. */

export function spreadValues(
  name: string,
  count: number,
  range: { readonly from: number; readonly to: number; readonly step?: number },
): number[];
