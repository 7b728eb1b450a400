/** Defaults that the head of a manifest gives for all of its rows: `{"defaults": {"system": "Be brief."}}`. */

import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import { columnOf, type KnownColumn, nameOf, resolveColumn } from './columns.ts';
import { type Complain, type Defect, nameOfType } from './defect.ts';
import { isNamedRow, type NamedRow, type Note, type RawRow } from './raw-row.ts';

/** The only member of a head row. */
const DEFAULTS = 'defaults';

/** What a sample is asked: a row with one takes no default of another. */
const QUESTIONS: readonly string[] = ['prompt', 'messages', 'turns'];

/** Whether a row is not a sample and gives defaults. */
export function isHeadRow({ values }: NamedRow): boolean {
  return Object.keys(values).join() === DEFAULTS;
}

/** Takes the head row out and gives its members to all rows without their own. */
export async function* withDefaults(
  batches: AsyncIterable<readonly (RawRow | Defect | Note)[]>,
): AsyncGenerator<readonly (RawRow | Defect | Note)[]> {
  let isFirst = true;
  let defaults: Readonly<Record<string, unknown>> | undefined;
  for await (const items of batches) {
    let rest = items;
    const [head] = items;
    if (isFirst && head !== undefined && isNamedRow(head) && isHeadRow(head)) {
      const defects: Defect[] = [];
      defaults = readDefaults(head.values[DEFAULTS], (message, hint) =>
        defects.push({ line: head.line, message: `"defaults" ${message}`, ...(hint === undefined ? {} : { hint }) }),
      );
      rest = [...defects, ...items.slice(1)];
    }
    if (items.length > 0) isFirst = false;
    const given = defaults;
    yield rest.map((item) => {
      if (!isNamedRow(item)) return item;
      if (isHeadRow(item)) return { line: item.line, ...LATE };
      return given === undefined ? item : filled(item, given);
    });
  }
}

/** Defaults after a sample: rows before them would have none. */
export const LATE = { message: 'gives defaults after the first row', hint: 'move them to the first line' } as const;

/** The members by the names that they are read under; wrong names are reported. */
function readDefaults(value: unknown, complain: Complain): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) complain(`is ${nameOfType(value)}, not an object`, 'write {"defaults": {"system": "..."}}');
  const members = Object.entries(isRecord(value) ? value : {}).flatMap(([name, member]) => {
    if (name !== 'meta' || !isRecord(member)) return [[name, member] as const];
    return Object.entries(member).map(([key, text]) => [`meta.${key}`, text] as const);
  });
  return Object.fromEntries(
    members.flatMap(([name, member]) => {
      const column = defaultColumn(name, complain);
      return column === undefined ? [] : [[nameOf(column), member]];
    }),
  );
}

/** The column of a default; undefined for one that is wrong, which is reported. */
function defaultColumn(name: string, complain: Complain): KnownColumn | undefined {
  const column = resolveColumn(name, complain);
  if (column?.type !== 'column' || column.name !== 'id') return column;
  complain('an id is no default', 'each sample has its own');
  return undefined;
}

function filled(row: NamedRow, defaults: Readonly<Record<string, unknown>>): NamedRow {
  const { values } = row;
  const own = new Set(Object.keys(values).map(keyOf));
  if (isRecord(values['meta'])) for (const key of Object.keys(values['meta'])) own.add(`meta.${key}`);
  if (QUESTIONS.some((name) => own.has(name))) for (const name of QUESTIONS) own.add(name);
  const missing = Object.entries(defaults).filter(([name]) => !own.has(keyOf(name)));
  return { ...row, values: { ...values, ...Object.fromEntries(missing) } };
}

/** Equal for names of one column. */
function keyOf(name: string): string {
  const column = columnOf(name);
  if (column.type === 'metadata') return `meta.${column.key}`;
  return column.type === 'column' ? column.name : name;
}

/** What begins the line of defaults before the header of a table. */
export const DEFAULTS_CELL = '#defaults';

/** `name=value` of such a line; undefined for a cell that is none, which is reported. */
export function defaultOfCell(
  cell: string,
  complain: Complain,
): { readonly column: KnownColumn; readonly text: string } | undefined {
  const text = cell.trim();
  if (text === '') return undefined;
  const end = text.indexOf('=');
  if (end < 1) {
    complain(`the default ${quote(text)} has no "="`, `write ${DEFAULTS_CELL},system=Be brief.`);
    return undefined;
  }
  const column = defaultColumn(text.slice(0, end).trim(), complain);
  return column && { column, text: text.slice(end + 1).trim() };
}
