/** Finds where broken media are in a table: only reading the media shows the problem, and their rows have been read by then. */

import type { Problem } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import { nameOf } from './columns.ts';
import type { Position } from './defect.ts';
import type { RawRow } from './raw-row.ts';
import { type DatasetSource, readManifest } from './read-manifest.ts';

/** A medium of a row that no model can use. */
export interface BrokenMedium {
  readonly uri: string;
  /** Names it and says why. */
  readonly message: string;
  readonly line: number;
}

/** The problems with the line and column of their cells, after another pass over the rows; those without a cell have the line of their row. */
export async function brokenProblems(
  source: DatasetSource,
  broken: readonly BrokenMedium[],
): Promise<readonly Problem[]> {
  if (broken.length === 0) return [];
  const byLine = new Map<number, BrokenMedium[]>();
  for (const medium of broken) byLine.set(medium.line, [...(byLine.get(medium.line) ?? []), medium]);
  const positions = new Map<BrokenMedium, Position>();
  const rows = readManifest(source, () => {}, {
    uniqueIds: false,
    isOnlyPass: true,
    isWanted: () => false,
    onRow(row) {
      if (!('values' in row)) return;
      for (const medium of byLine.get(row.line) ?? []) {
        const position = cellOf(row, medium.uri);
        if (position !== undefined) positions.set(medium, position);
      }
    },
  });
  for await (const _ of rows);
  return broken.map((medium) => ({
    file: source.displayPath,
    line: medium.line,
    ...positions.get(medium),
    message: medium.message,
    hint: 'repair or replace it',
    isMedia: true,
  }));
}

/** The cell of a column with this medium, or of the conversation that holds it. */
function cellOf(row: RawRow, uri: string): Position | undefined {
  if (!('columns' in row) || row.find === undefined) return undefined;
  const { columns, values, find } = row;
  const column = columns.find((_, index) => [values[index]].flat().some((value) => uriOf(value) === uri));
  if (column !== undefined) return find({ column: nameOf(column) });
  return find({ column: 'messages' }) ?? find({ column: 'turns' });
}

const uriOf = (value: unknown) => (isRecord(value) ? (value['path'] ?? value['url']) : value);
