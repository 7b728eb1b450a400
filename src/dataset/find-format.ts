/** Finds out in which format a dataset is written: one of ours, or one that another tool has. */

import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { isRecord } from '../text/is-record.ts';
import type { ForeignFormat } from './foreign/foreign-format.ts';
import { listFiles } from './foreign/list-files.ts';
import { readDocument, readObjects } from './foreign/read-objects.ts';
import { readHeader } from './foreign/read-table.ts';
import { FOREIGN_FORMATS, type ForeignFormatName } from './foreign/registry.ts';
import { type DatasetFormat, FORMATS, formatOf } from './formats.ts';
import { media } from './media-files.ts';
import type { DatasetFormatReader } from './raw-row.ts';

/** The name of a format, ours or a foreign one. */
export type FormatName = DatasetFormat | 'media' | ForeignFormatName;

/** Every format by its name for `--format` and `dataset.format`. */
export const ALL_FORMATS: Readonly<Record<FormatName, DatasetFormatReader>> = {
  ...FORMATS,
  media,
  ...FOREIGN_FORMATS,
};

export const isFormatName = (name: string): name is FormatName => Object.hasOwn(ALL_FORMATS, name);

/** A row with one of these is a row of ours, whatever else it has. */
const OWN_QUESTIONS = ['prompt', 'messages', 'turns'];

/**
 * The foreign format of a file; undefined for one of ours, or an unknown one. `hasPrompt`: the configuration has the
 * prompt, so that rows of ours need no question, and a file with one of our endings is ours.
 * @throws {Error} a system error when the file cannot be read.
 */
export async function foreignFormatOf(path: string, hasPrompt: boolean): Promise<ForeignFormatName | undefined> {
  if ((await stat(path)).isDirectory()) return folderFormatOf(path);
  const extension = extname(path).toLowerCase();
  // The formats of others are lists in JSON, too, and most of them lack a prompt.
  const isOurEnding = formatOf(path) !== undefined && extension !== '.json';
  const candidates = NAMES.filter((name) => formatNamed(name).extensions.includes(extension));
  const open = hasPrompt && isOurEnding ? candidates.filter((name) => formatNamed(name).precedence) : candidates;
  if (open.length === 0) return undefined;
  const binary = open.find((name) => formatNamed(name).shape === 'binary');
  if (binary !== undefined) return binary;
  const first = await firstOf(path, extension);
  if (first === undefined) return undefined;
  const hasOurs = OWN_QUESTIONS.some((name) => first.names.includes(name));
  return open.find((name) => {
    const format = formatNamed(name);
    return !(hasOurs && format.precedence !== 'always') && isMatch(format, first);
  });
}

function isMatch(format: ForeignFormat, { names, members, isDocument }: First): boolean {
  if (format.shape === 'folder' || format.shape === 'binary') return false;
  if (format.shape === 'table') return format.matches(names);
  return isDocument ? format.matchesDocument?.(members) === true : format.matches(members);
}

/** By the first file that belongs to a format. */
async function folderFormatOf(path: string): Promise<ForeignFormatName | undefined> {
  for await (const file of listFiles(path)) {
    const name = NAMES.find((candidate) => {
      const format = formatNamed(candidate);
      return format.shape === 'folder' && format.matches(file);
    });
    if (name !== undefined) return name;
  }
  return undefined;
}

const NAMES = Object.keys(FOREIGN_FORMATS).filter((name): name is ForeignFormatName =>
  Object.hasOwn(FOREIGN_FORMATS, name),
);

const formatNamed = (name: ForeignFormatName): ForeignFormat => FOREIGN_FORMATS[name];

interface First {
  readonly names: readonly string[];
  readonly members: Readonly<Record<string, unknown>>;
  /** Whether the members are those of the whole file. */
  readonly isDocument: boolean;
}

/** The first object of a file, or the names in the header of a table. */
async function firstOf(path: string, extension: string): Promise<First | undefined> {
  if (extension === '.tsv' || extension === '.csv') return headerOf(path);
  const isYaml = extension === '.yaml' || extension === '.yml';
  const document = isYaml || extension === '.json' ? await readDocument(path) : undefined;
  if (document !== undefined) return { names: [], members: document, isDocument: true };
  if (isYaml) return undefined;
  for await (const [item] of readObjects(path)) {
    if (item === undefined) continue;
    return 'values' in item && isRecord(item.values)
      ? { names: Object.keys(item.values), members: item.values, isDocument: false }
      : undefined;
  }
  return undefined;
}

async function headerOf(path: string): Promise<First | undefined> {
  const names = await readHeader(path);
  return names && { names, members: {}, isDocument: false };
}
