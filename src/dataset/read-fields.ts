/** Reads the values of a row into the columns of a sample. */

import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import { type Column, type ColumnName, columnOf, isRepeated, type KnownColumn, resolveColumn } from './columns.ts';
import { type Complain, nameOfType } from './defect.ts';
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
  return (row, complain) => ('columns' in row ? readTableRow(row, complain) : readNamedRow(row, lookUp, complain));
}

function readTableRow({ columns, values }: TableRow, complain: Complain): Fields {
  const fields: Fields = { values: {}, metadata: {} };
  columns.forEach((column, index) => {
    const value = values[index];
    if (!isAbsent(value)) setValue(fields, column, value, complain);
  });
  return fields;
}

function readNamedRow({ values }: NamedRow, lookUp: (name: string) => Column, complain: Complain): Fields {
  const fields: Fields = { values: {}, metadata: {} };
  const namesByColumn = new Map<ColumnName, string>();
  for (const name of Object.keys(values)) {
    const value = values[name];
    const column = resolveColumn(name, complain, lookUp);
    if (column === undefined || isAbsent(value)) continue;
    if (!isRepeated(column, name, namesByColumn, complain)) setValue(fields, column, value, complain);
  }
  return fields;
}

const isAbsent = (value: unknown) => value === null || value === undefined || value === '';

function setValue({ values, metadata }: Fields, column: KnownColumn, value: unknown, complain: Complain): void {
  if (column.type === 'metadata') setMetadata(column.key, value, metadata, complain);
  else if (column.name === 'meta') readMetadata(value, metadata, complain);
  else values[column.name] = withValue(values[column.name], value, column.numbered);
}

/** A numbered column adds to the list of values; the plain column comes first in it. */
function withValue(earlier: unknown, value: unknown, numbered: boolean): unknown {
  if (numbered) return [...listOf(earlier), ...listOf(value)];
  return earlier === undefined ? value : [...listOf(value), ...listOf(earlier)];
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
  if (Object.hasOwn(metadata, key)) complain(`metadata ${quote(key)} is given twice`, 'keep one of them');
  metadata[key] = metadataText(value);
}
