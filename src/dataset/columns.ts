/** The column names of a manifest: their aliases, and what an unknown name most likely meant. */

import { nearestName } from '../text/nearest-name.ts';
import { quote, visible } from '../text/quote.ts';
import type { Complain } from './defect.ts';

/** The columns of every format, by the one name that the code uses. */
const COLUMNS = [
  'id',
  'prompt',
  'system',
  'image',
  'audio',
  'document',
  'video',
  'file_name',
  'target',
  'scorer',
  'group',
  'tags',
  'meta',
  'messages',
  'turns',
  'params',
] as const;

export type ColumnName = (typeof COLUMNS)[number];

/** Other names in use: peers' (`expected`, `answer`), Hugging Face's image and audio folders, plurals. */
const ALIASES: Readonly<Record<string, ColumnName>> = {
  ...Object.fromEntries(COLUMNS.map((name) => [name, name])),
  expected: 'target',
  answer: 'target',
  images: 'image',
  audios: 'audio',
  documents: 'document',
  videos: 'video',
  image_file_name: 'image',
  audio_file_name: 'audio',
  document_file_name: 'document',
  video_file_name: 'video',
  media: 'file_name',
  scorers: 'scorer',
};

const BY_NAME: ReadonlyMap<string, ColumnName> = new Map(Object.entries(ALIASES));

/** Every name of these columns, with the column that it means. */
export function columnNames<Name extends ColumnName>(columns: readonly Name[]): readonly (readonly [string, Name])[] {
  return Object.entries(ALIASES).flatMap(([written, column]) => {
    const name = columns.find((one) => one === column);
    return name === undefined ? [] : [[written, name] as const];
  });
}

/** Most columns of a row, and most names of metadata in a manifest: those of a spreadsheet. Each is a column of the results. */
export const MAX_COLUMNS = 16_384;

/** Every name that is a column, for messages. */
export const COLUMN_NAMES: readonly string[] = [...BY_NAME.keys()];

/** Suggestions for a misspelt name. Not `id`: `idx` and `uid` are near it and mean something else. */
const SUGGESTIONS = COLUMN_NAMES.filter((name) => name !== 'id');

/** `target_2`, `image_3`: one more value of the column. */
export const NUMBERED = /^(target|expected|answer|image|audio|document|video)_(\d{1,4})$/;

/** Whether `<name>_2` adds a value to the column. */
export function takesSeveral(name: string): boolean {
  return NUMBERED.test(`${name}_2`);
}

/** Media columns of other tools. As metadata they would send a prompt without its image, which costs money. */
export const MEDIA_LOOKALIKE =
  /^(?:(image|audio|document|video)s?_?(?:url|path|file|uri)s?|imgs?(?:_?(?:url|path|file|uri)s?)?)$/i;

/** A column that values are read into; one with a `number` (`target_2`) adds values to it, in the order of the numbers. */
export type KnownColumn =
  | { readonly type: 'column'; readonly name: ColumnName; readonly number: number | undefined }
  | { readonly type: 'metadata'; readonly key: string };

/** The name that a manifest of ours has for a column. */
export function nameOf(column: KnownColumn): string {
  if (column.type === 'metadata') return `meta.${column.key}`;
  return column.number === undefined ? column.name : `${column.name}_${column.number}`;
}

/** What a name in a manifest means; `nearest` is what a misspelt one most likely meant. */
export type Column =
  | KnownColumn
  | { readonly type: 'misspelt'; readonly nearest: string }
  | { readonly type: 'reserved' };

/** What a map makes of the names of a file. */
export interface ColumnNames {
  /** The names under which a column of the file is read; one without an entry keeps its own. */
  readonly of: (name: string) => readonly string[];
  /** The columns of the file that the map names, each with the first name under which it is read. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Looks a name up; an unknown one that resembles no column is metadata. */
export function columnOf(name: string): Column {
  const known = BY_NAME.get(name);
  if (known !== undefined) return { type: 'column', name: known, number: undefined };
  if (isReservedName(name)) return { type: 'reserved' };
  if (name.startsWith('meta.')) {
    const key = name.slice('meta.'.length);
    return key === '' || isReservedName(key) ? { type: 'reserved' } : { type: 'metadata', key };
  }
  const [, base = '', number] = NUMBERED.exec(name) ?? [];
  const numbered = BY_NAME.get(base);
  if (numbered !== undefined) return { type: 'column', name: numbered, number: Number(number) };
  const nearest = nearestColumn(name);
  return nearest === undefined ? { type: 'metadata', key: name } : { type: 'misspelt', nearest };
}

function nearestColumn(name: string): string | undefined {
  const media = MEDIA_LOOKALIKE.exec(name);
  if (media !== null) return media[1]?.toLowerCase() ?? 'image';
  return name.toLowerCase() === 'id' ? 'id' : nearestName(name, SUGGESTIONS);
}

/**
 * The column of a name, with misspelt and reserved names reported. A misspelt name is read as the nearest one, so that
 * the rest of its row is still checked; a reserved one gives undefined.
 */
export function resolveColumn(name: string, complain: Complain, lookUp = columnOf): KnownColumn | undefined {
  const column = lookUp(name);
  if (column.type === 'reserved') {
    complain(`the name ${quote(name)} is reserved`, 'give it another name');
    return undefined;
  }
  if (column.type !== 'misspelt') return column;
  complain(
    `unknown column ${quote(name)}`,
    `did you mean "${column.nearest}"? Write "meta.${visible(name)}" to keep it as metadata`,
  );
  return resolveColumn(column.nearest, complain, lookUp);
}

/** Whether another name of the same row or header already gives the column (`expected` and `answer`), which is reported. */
export function isRepeated(
  column: KnownColumn,
  name: string,
  namesByColumn: Map<ColumnName, string>,
  complain: Complain,
): boolean {
  if (column.type !== 'column' || column.number !== undefined) return false;
  const earlier = namesByColumn.get(column.name);
  if (earlier === undefined) namesByColumn.set(column.name, name);
  // A misspelt name has been reported already.
  else if (BY_NAME.has(name))
    complain(`columns ${quote(earlier)} and ${quote(name)} mean the same`, 'keep one of them');
  return earlier !== undefined;
}

/** Names that every JavaScript object has as members (`constructor`): as keys from a file they could overwrite them. */
export function isReservedName(name: string): boolean {
  return name === '__proto__' || name === 'prototype' || name in Object.prototype;
}
