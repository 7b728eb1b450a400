/** What every dataset format gives: rows of values with their columns, not yet checked. */

import type { ColumnNames, KnownColumn } from './columns.ts';
import type { About, Defect, Position } from './defect.ts';

/** One item of a manifest as its format holds it; lists and JSON are unpacked. Null and empty text are absent values. */
export type RawRow = NamedRow | TableRow;

/** Where a value of a row begins; undefined when it is in no cell of its own. */
export type FindValue = (about: About) => Position | undefined;

/** A row that brings its own names, such as a JSON object. */
export interface NamedRow {
  /** 1-based line where the item starts. */
  readonly line: number;
  /** In a dataset that is a folder: the file of the row, relative to the folder. */
  readonly file?: string;
  /** By the names of the file. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Absent = the format knows only lines. */
  readonly find?: FindValue;
}

/** A row of a file with a header. The reader resolves the header once and reports its defects. */
export interface TableRow {
  /** 1-based line where the item starts. */
  readonly line: number;
  /** Those that are read; all rows of a file share them. */
  readonly columns: readonly KnownColumn[];
  /** One for each column. */
  readonly values: readonly unknown[];
  readonly find?: FindValue;
}

/** Something that the file says and earsight cannot take over, such as a check that no scorer makes. The rows are read all the same. */
export interface Note {
  readonly note: string;
  /** 1-based. */
  readonly line?: number;
  /** As of a row. */
  readonly file?: string;
  readonly hint?: string;
}

export const isNamedRow = (item: RawRow | Defect | Note): item is NamedRow => 'values' in item && !('columns' in item);

/** A way to write a manifest. */
export interface DatasetFormatReader {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** File name endings, lower case, with the dot. */
  readonly extensions: readonly string[];
  /**
   * Streams the rows of a file in order and in batches (one promise for each row would take longer than the row). A row
   * that cannot be read gives a defect in its position, and reading goes on.
   * `hasPrompt`: rows need no question of their own.
   * @throws {Error} a system error when the file cannot be opened or read.
   */
  read(path: string, hasPrompt: boolean, names?: ColumnNames): AsyncGenerator<readonly (RawRow | Defect | Note)[]>;
}
