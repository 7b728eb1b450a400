/** What every dataset format gives: rows of named values, not yet checked. */

import type { Defect } from './defect.ts';

/** One item of a manifest as its format holds it. */
export interface RawRow {
  /** 1-based line where the item starts. */
  readonly line: number;
  /** By the names of the file; lists and JSON are unpacked, empty cells left out. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A way to write a manifest. */
export interface DatasetFormatReader {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** File name endings, lower case, with the dot. */
  readonly extensions: readonly string[];
  /**
   * Streams the rows of a file in order and in batches (one promise a row would take longer than the row). In the
   * place of a row that cannot be read stands its defect, and reading goes on.
   * @throws {Error} a system error when the file cannot be opened or read.
   */
  read(path: string): AsyncGenerator<readonly (RawRow | Defect)[]>;
}
