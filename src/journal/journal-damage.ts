/** Warnings about a damaged journal. */

import { basename } from 'node:path';
import type { JournalScan } from './journal-scan.ts';

/** One warning for each of the first damaged lines, and one each for the others, for missing lines and for an incomplete end. */
export function damageWarnings({ damaged, damagedCount, lost, tornBytes }: JournalScan): readonly string[] {
  return [
    ...damaged.map(({ part, line }) => `warning: ${basename(part)}:${line} is damaged and is ignored`),
    ...(damagedCount > damaged.length
      ? [`warning: ${damagedCount - damaged.length} more lines are damaged and are ignored`]
      : []),
    ...(lost > 0 ? [`warning: ${lost} journal lines are missing`] : []),
    ...(tornBytes > 0
      ? [`warning: the journal ends with ${tornBytes} bytes of damaged or incomplete lines, which are ignored`]
      : []),
  ];
}
