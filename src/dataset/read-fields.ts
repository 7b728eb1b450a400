/** Reads the values of a row into the columns of a sample. */

import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import {
  type Column,
  type ColumnName,
  columnOf,
  isRepeated,
  type KnownColumn,
  MAX_COLUMNS,
  resolveColumn,
} from './columns.ts';
import { aboutColumn, type Complain, nameOfType } from './defect.ts';
import { metadataText } from './parse-values.ts';
import type { NamedRow, RawRow, TableRow } from './raw-row.ts';

/** The values of a row by column; absent values are left out. */
export interface Fields {
  readonly values: Partial<Record<ColumnName, unknown>>;
  readonly metadata: Record<string, string>;
}

/** Names whose columns are remembered: a search for the nearest name takes longer than reading the whole row. */
const MAX_REMEMBERED = 1000;

/** Makes a reader of rows that remembers the columns of the names it has seen. */
export function createFieldReader(): (row: RawRow, complain: Complain) => Readonly<Fields> {
  const remembered = new Map<string, Column>();
  const lookUp = (name: string): Column => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const column = columnOf(name);
    if (remembered.size < MAX_REMEMBERED) remembered.set(name, column);
    return column;
  };
  const metadataNames = new Set<string>();
  return (row, complain) => {
    const fields: Draft = { values: {}, metadata: {}, numbered: new Map() };
    if ('columns' in row) readTableRow(row, fields, complain);
    else readNamedRow(row, fields, lookUp, complain);
    // A numbered column adds to the list of values; the plain column comes first in it.
    for (const [name, list] of fields.numbered) {
      list.sort((a, b) => a.number - b.number);
      fields.values[name] = [...listOf(fields.values[name]), ...list.flatMap(({ values }) => values)];
    }
    boundNames(metadataNames, fields, complain);
    return fields;
  };
}

/** The values of numbered columns are kept apart until the whole row is read. */
interface Draft extends Fields {
  readonly numbered: Map<ColumnName, { readonly number: number; readonly values: readonly unknown[] }[]>;
}

/** Rows with names of their own each would make a table of results that is as wide as long. */
function boundNames(names: Set<string>, { metadata }: Fields, complain: Complain): void {
  for (const name of Object.keys(metadata)) {
    if (names.has(name)) continue;
    if (names.size >= MAX_COLUMNS) {
      complain(`the manifest has more than ${MAX_COLUMNS} names of metadata`, 'use the same names in all rows');
      return;
    }
    names.add(name);
  }
}

function readTableRow({ columns, values }: TableRow, fields: Draft, complain: Complain): void {
  columns.forEach((column, index) => {
    const value = values[index];
    if (!isAbsent(value)) setValue(fields, column, value, complain);
  });
}

function readNamedRow({ values }: NamedRow, fields: Draft, lookUp: (name: string) => Column, complain: Complain): void {
  const namesByColumn = new Map<ColumnName, string>();
  for (const name of Object.keys(values)) {
    const value = values[name];
    const column = resolveColumn(name, complain, lookUp);
    if (column === undefined || (isAbsent(value) && !isEmptyTarget(column, value))) continue;
    if (!isRepeated(column, name, namesByColumn, complain)) setValue(fields, column, value, complain);
  }
}

const isAbsent = (value: unknown) => value === null || value === undefined || value === '';

/** Silence has an empty transcript. An empty cell of a table is no target: there `[""]` is an empty one. */
const isEmptyTarget = (column: KnownColumn, value: unknown) =>
  column.type === 'column' && column.name === 'target' && column.number === undefined && value === '';

function setValue(
  { values, metadata, numbered }: Draft,
  column: KnownColumn,
  value: unknown,
  complain: Complain,
): void {
  if (column.type === 'metadata') setMetadata(column.key, value, metadata, complain);
  else if (column.name === 'meta') readMetadata(value, metadata, aboutColumn(complain, 'meta'));
  else if (column.number !== undefined) {
    const list = numbered.get(column.name) ?? [];
    list.push({ number: column.number, values: listOf(value) });
    numbered.set(column.name, list);
  } else values[column.name] = value;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function readMetadata(value: unknown, metadata: Record<string, string>, complain: Complain): void {
  if (!isRecord(value)) {
    complain(`"meta" is ${nameOfType(value)}, not an object`, 'write {"key": "value"}');
    return;
  }
  for (const [key, member] of Object.entries(value))
    if (member !== null && member !== '') setMetadata(key, member, metadata, complain);
}

function setMetadata(key: string, value: unknown, metadata: Record<string, string>, complain: Complain): void {
  if (Object.hasOwn(metadata, key))
    complain(`metadata ${quote(key)} is given twice`, 'keep one of them', { column: `meta.${key}`, item: 1 });
  metadata[key] = metadataText(value);
}
