/** Brings the names of a row to the columns they stand for. */

import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import { type Column, type ColumnName, columnOf, misspeltHint } from './columns.ts';
import { type Complain, nameOfType } from './defect.ts';
import { metadataText } from './parse-values.ts';

/** The values of a row by column. What is null or empty is absent. */
export interface Fields {
  readonly values: Readonly<Partial<Record<ColumnName, unknown>>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Names that are remembered: finding out what an unknown name is near to takes longer than the whole row. */
const MAX_REMEMBERED = 1000;

/** Makes a reader of rows that remembers what it found out about names. */
export function createFieldReader(): (row: Readonly<Record<string, unknown>>, complain: Complain) => Fields {
  const remembered = new Map<string, Column>();
  const meaning = (name: string): Column => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const column = columnOf(name);
    if (remembered.size < MAX_REMEMBERED) remembered.set(name, column);
    return column;
  };
  return (row, complain) => readFields(row, meaning, complain);
}

function readFields(
  row: Readonly<Record<string, unknown>>,
  meaning: (name: string) => Column,
  complain: Complain,
): Fields {
  const values: Partial<Record<ColumnName, unknown>> = {};
  const metadata: Record<string, string> = {};
  const givenBy = new Map<ColumnName, string>();
  for (const name of Object.keys(row)) {
    const value = row[name];
    const found = meaning(name);
    if (found.type === 'misspelt') complain(`unknown column ${quote(name)}`, misspeltHint(name, found.nearest));
    const column = found.type === 'misspelt' ? meaning(found.nearest) : found;
    if (column.type === 'reserved') complain(`the name ${quote(name)} is reserved`, 'give it another name');
    if (value === null || value === undefined || value === '') continue;
    if (column.type === 'metadata') setMetadata(column.key, value, metadata, complain);
    if (column.type !== 'column') continue;
    if (column.name === 'meta') readMetadata(value, metadata, complain);
    else if (column.numbered) values[column.name] = [...listOf(values[column.name]), ...listOf(value)];
    else if (givenBy.has(column.name)) {
      const earlier = givenBy.get(column.name) ?? '';
      if (found.type === 'column') complain(`${quote(earlier)} and ${quote(name)} mean the same`, 'keep one of them');
    } else {
      givenBy.set(column.name, name);
      const numbered = values[column.name];
      values[column.name] = numbered === undefined ? value : [...listOf(value), ...listOf(numbered)];
    }
  }
  return { values, metadata };
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
  if (Object.hasOwn(metadata, key)) complain(`the metadata ${quote(key)} is given twice`, 'keep one of them');
  metadata[key] = metadataText(value);
}
