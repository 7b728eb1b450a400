/** What every dataset format gives: rows of named values, not yet checked. */

import type { Report } from './defect.ts';

/** One item of a manifest as its format holds it. */
export interface RawRow {
  /** 1-based line where the item starts. */
  readonly line: number;
  /** By the names of the file; lists and JSON are unpacked, empty cells left out. Null prototype or own keys only. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A way to write a manifest. */
export interface DatasetFormatReader {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** File name endings, lower case, with the dot. */
  readonly extensions: readonly string[];
  /**
   * Streams the rows of a file in order. A row that cannot be read is reported and left out, and reading goes on.
   * @throws {Error} a system error when the file cannot be opened or read.
   */
  read(path: string, report: Report): AsyncGenerator<RawRow>;
}
