/** Finds results whose judges have not replied yet, or failed to: they are asked again. */

import type { Result } from '../../result.ts';

/** A verdict that is not among the grades is a reply: asking again would only cost the same. */
export function isUnjudged({ scores }: Pick<Result, 'scores'>): boolean {
  return scores.some(({ judgeCalls = [] }) => judgeCalls.some(({ failure }) => failure !== undefined));
}
