/** Finds ids that a spreadsheet changes when it opens and saves a table: results then no longer belong to their samples. */

import { quote } from '../text/quote.ts';
import type { Sample } from '../types.ts';
import { defaultId } from './content-hash.ts';

/** What a spreadsheet makes of a text, and how it does so. */
interface Damage {
  readonly kind: string;
  readonly test: RegExp;
  /** Completes "id "007" ...". */
  readonly message: string;
}

const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';

/** The first that matches. Names of genes such as MARCH1 and SEPT2 are the well-known victims of the dates. */
const DAMAGES: readonly Damage[] = [
  { kind: 'zeros', test: /^[+-]?0\d+(?:\.\d+)?$/, message: 'loses its leading zeros in a spreadsheet' },
  { kind: 'digits', test: /^[+-]?\d{16,}$/, message: 'loses all digits after the 15th in a spreadsheet' },
  {
    kind: 'exponent',
    test: /^[+-]?\d+(?:\.\d*)?e[+-]?\d+$/i,
    message: 'becomes a number with an exponent in a spreadsheet',
  },
  {
    kind: 'date',
    test: new RegExp(
      `^(?:\\d{1,4}([-/.])\\d{1,2}\\1\\d{1,4}|\\d{1,4}[-/]\\d{1,2}|(?:\\d{1,2}[-/ ])?${MONTH}[-/ ]?\\d{1,4}|\\d{1,2}[-/ ]?${MONTH})$`,
      'i',
    ),
    message: 'becomes a date in a spreadsheet',
  },
  { kind: 'time', test: /^\d{1,2}:\d{2}(?::\d{2})?$/, message: 'becomes a time in a spreadsheet' },
  { kind: 'decimals', test: /^[+-]?\d*\.\d*0$/, message: 'loses its last zeros in a spreadsheet' },
  { kind: 'sign', test: /^\+\d+$/, message: 'loses its sign in a spreadsheet' },
];

/** How a spreadsheet changes the text; null = it keeps it. */
export function spreadsheetDamage(text: string): Damage | null {
  return DAMAGES.find(({ test }) => test.test(text.trim())) ?? null;
}

/** Looks at each sample; one warning for each kind of damage, with the first id. `file` names the manifest. */
export function createIdCheck(file: string) {
  const found = new Map<string, { readonly line: number; readonly message: string; count: number }>();
  return {
    look(sample: Sample): void {
      const damage = spreadsheetDamage(sample.id);
      // An id of ours is a hash, which may look like anything; it is made again for every run.
      if (damage === null || sample.id === defaultId(sample)) return;
      const known = found.get(damage.kind);
      if (known !== undefined) known.count += 1;
      else found.set(damage.kind, { line: sample.line, message: `id ${quote(sample.id)} ${damage.message}`, count: 1 });
    },
    warnings: (): readonly string[] =>
      [...found.values()].map(
        ({ line, message, count }) =>
          `${file}:${line} ${message}${count === 1 ? '' : ` (and ${count - 1} more)`} · put a letter before it, such as s-`,
      ),
  };
}
