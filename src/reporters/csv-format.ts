/** How CSV files are written: the member `csv` of a configuration. */

import { isRecord } from '../text/is-record.ts';

/** What a program needs to open the files: Excel in much of Europe expects a byte-order mark and semicolons. */
export interface CsvFormat {
  /** Whether a file begins with a byte-order mark. */
  readonly bom: boolean;
  readonly delimiter: (typeof CSV_DELIMITERS)[number];
}

/** Separators that a file may have. */
export const CSV_DELIMITERS = [',', ';', '\t'] as const;

/** UTF-8 without a byte-order mark, with commas. */
export const USUAL_CSV: CsvFormat = { bom: false, delimiter: ',' };

/** The format of a run by its configuration as `run.json` keeps it; runs of earlier versions have the usual one. */
export function csvFormatOf(config: unknown): CsvFormat {
  const csv = isRecord(config) && isRecord(config['csv']) ? config['csv'] : {};
  const { bom, delimiter } = csv;
  return { bom: bom === true, delimiter: CSV_DELIMITERS.find((known) => known === delimiter) ?? USUAL_CSV.delimiter };
}
