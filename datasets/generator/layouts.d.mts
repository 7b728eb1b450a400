/** Types of layouts.mjs, for the tests that draw with it. */

export interface PageOptions {
  readonly size?: number;
  readonly family?: string;
  readonly width?: number;
}

/** An SVG. */
export function page(lines: readonly string[], options?: PageOptions): string;
