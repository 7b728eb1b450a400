/** Types of sets.mjs, for the test that makes files of every set again. */

export interface SampleSet {
  readonly files: readonly { readonly file: string; make(): Promise<Buffer> }[];
  /** Rows of manifest.csv by column. */
  readonly rows: readonly Record<string, unknown>[];
  readonly columns: readonly string[];
}

export const SETS: Readonly<Record<string, () => Promise<SampleSet>>>;
