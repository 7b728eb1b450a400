/** Reads the columns of a file under other names, as `dataset.map` and `--map` say: `{target: answer}`. */

import { nearestName, suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { COLUMN_NAMES, type ColumnNames, columnOf, takesSeveral } from './columns.ts';
import { isHeadRow } from './defaults.ts';
import type { Defect } from './defect.ts';
import { isNamedRow, type NamedRow, type Note, type RawRow } from './raw-row.ts';

/** Columns of a manifest by name, each with the column of the file that is read for it, or with several. */
export type ColumnMap = Readonly<Record<string, string | readonly string[]>>;

/** Why an entry of a map cannot be used. */
export interface MapProblem {
  readonly column: string;
  readonly message: string;
  readonly hint?: string;
}

/** Entries that name no column of a manifest, name one twice, or give several columns to one that takes a single value. */
export function mapProblems(map: ColumnMap): readonly MapProblem[] {
  const seen = new Map<string, string>();
  return Object.entries(map).flatMap(([column, sources]): readonly MapProblem[] => {
    const found = columnOf(column);
    const known = found.type === 'column' || (found.type === 'metadata' && column.startsWith('meta.'));
    if (!known) {
      const nearest = found.type === 'misspelt' ? `did you mean "${found.nearest}"?` : suggest(column, COLUMN_NAMES);
      return [{ column, message: `${quote(column)} is not a column of a manifest`, hint: nearest }];
    }
    const canonical = found.type === 'column' ? `${found.name}${found.number ?? ''}` : column;
    const earlier = seen.get(canonical);
    seen.set(canonical, column);
    if (earlier !== undefined)
      return [{ column, message: `${quote(earlier)} and ${quote(column)} mean the same`, hint: 'keep one of them' }];
    if (typeof sources !== 'string' && sources.length > 1 && !takesSeveral(column))
      return [{ column, message: `${quote(column)} is read from one column`, hint: 'several: image, audio, target' }];
    return [];
  });
}

/** A column of the file whose own name the map gives to another one becomes metadata. */
export function columnNames(map: ColumnMap): ColumnNames {
  const bySource = new Map<string, string[]>();
  const taken = new Set<string>();
  for (const [column, sources] of Object.entries(map)) {
    const found = columnOf(column);
    taken.add(found.type === 'column' ? found.name : column);
    for (const [index, source] of [sources].flat().entries()) {
      const name = index === 0 ? column : `${column}_${index + 1}`;
      bySource.set(source, [...(bySource.get(source) ?? []), name]);
    }
  }
  const displaced = (name: string) => {
    const found = columnOf(name);
    return found.type === 'column' && taken.has(found.name) ? `meta.${name}` : name;
  };
  return {
    of: (name) => bySource.get(name) ?? bySource.get(name.replace(/^meta\./, '')) ?? [displaced(name)],
    sources: new Map([...bySource].map(([source, [first = source]]) => [source, first])),
  };
}

/** The defect of a column that the map names and the file lacks; `names` are those that the file has. */
export function missingColumn(
  source: string,
  column: string,
  names: readonly string[],
): Pick<Defect, 'message' | 'hint'> {
  const nearest = nearestName(source, names);
  const has = names.slice(0, MAX_LISTED).map(quote).join(', ');
  return {
    message: `has no column ${quote(source)}, which is to be read as ${quote(column)}`,
    hint: nearest === undefined ? `its columns are ${has}` : `did you mean ${quote(nearest)}?`,
  };
}

/** Columns that a message lists. */
const MAX_LISTED = 20;

/** The columns that hold what the model is asked: each row needs one, so that the first row shows whether a name is wrong. */
const QUESTIONS = ['prompt', 'messages', 'turns'];

/** Renames the members of rows that bring their own names. A column that no row has is reported. */
export async function* withMappedNames(
  batches: AsyncIterable<readonly (RawRow | Defect | Note)[]>,
  names: ColumnNames,
): AsyncGenerator<readonly (RawRow | Defect | Note)[]> {
  const unseen = new Map(names.sources);
  const ownNames = new Set<string>();
  for await (const items of batches) {
    for (const item of items)
      if (isNamedRow(item) && !isHeadRow(item) && unseen.size > 0) {
        for (const name of Object.keys(item.values)) {
          if (ownNames.size < MAX_LISTED) ownNames.add(name);
          if (!unseen.delete(name)) unseen.delete(name.replace(/^meta\./, ''));
        }
        const question = [...unseen].find(([, column]) => QUESTIONS.includes(column));
        if (question !== undefined) {
          yield [{ line: item.line, ...missingColumn(...question, [...ownNames]) }];
          return;
        }
      }
    yield items.map((item) => (isNamedRow(item) && !isHeadRow(item) ? renamed(item, names) : item));
  }
  if (ownNames.size > 0) yield [...unseen].map((missing) => missingColumn(...missing, [...ownNames]));
}

function renamed(row: NamedRow, names: ColumnNames): NamedRow {
  const entries = Object.entries(row.values).flatMap(([name, value]) =>
    names.of(name).map((to) => [to, value] as const),
  );
  return { ...row, values: Object.fromEntries(entries) };
}
