/** What is wrong with a run's journal, told to whoever reads it: damage never goes by in silence. */

import { basename } from 'node:path';
import type { JournalScan } from './journal-scan.ts';

/** A warning for each damaged line, one for lines that are gone, one for an end that was cut off. */
export function damageOf({ damaged, lost, tornBytes }: JournalScan): readonly string[] {
  return [
    ...damaged.map(({ part, line }) => `warning: ${basename(part)}:${line} is damaged and does not count`),
    ...(lost > 0 ? [`warning: ${lost} journal lines are missing`] : []),
    ...(tornBytes > 0 ? [`warning: the journal ends in ${tornBytes} bytes of a torn line, which do not count`] : []),
  ];
}
