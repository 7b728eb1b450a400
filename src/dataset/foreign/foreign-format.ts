/** What a dataset format of another tool is, and how its files are recognised. */

import type { DatasetFormatReader } from '../raw-row.ts';

/** A format that others made. Its reader gives rows with the columns of a manifest of ours. */
export type ForeignFormat = DatasetFormatReader & {
  /** The document or source file that describes it. */
  readonly source: string;
  /**
   * Files that are of this format although they could be manifests of ours: those that are read with a prompt of the
   * configuration (`prompt`), and those that have columns of ours, too (`always`). Only for what no manifest looks like.
   */
  readonly precedence?: 'prompt' | 'always';
} & Recognition;

type Recognition = Objects | Table | Folder | Binary;

interface Objects {
  readonly shape: 'objects';
  /** By the first object of a JSON or JSONL file. */
  matches(first: Members): boolean;
  /** By the members of a JSON file that is one object. */
  matchesDocument?(document: Members): boolean;
}

interface Table {
  readonly shape: 'table';
  /** By the names in the header of a table. */
  matches(names: readonly string[]): boolean;
}

interface Folder {
  readonly shape: 'folder';
  /** By the path of a file in the folder. */
  matches(file: string): boolean;
}

/** Nothing else has its endings. */
interface Binary {
  readonly shape: 'binary';
}

/** The members of one JSON object. */
export type Members = Readonly<Record<string, unknown>>;
