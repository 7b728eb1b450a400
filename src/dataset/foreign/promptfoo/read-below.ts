/** Reads the files that a promptfoo configuration names: only those below its folder, because it may come from somebody else. */

import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { isRecord } from '../../../text/is-record.ts';
import { jsonl } from '../../jsonl.ts';
import { systemFault } from '../../media-file.ts';
import { readText } from '../../read-text.ts';
import { MAX_YAML_BYTES, parseYaml } from '../../yaml.ts';
import type { Members } from '../foreign-format.ts';

const FILE = 'file://';

export const isFile = (value: unknown): value is string => typeof value === 'string' && value.startsWith(FILE);

/** The path that a `file://` reference names, as it is written. */
export const pathOf = (reference: string): string => reference.slice(FILE.length);

/** Why a file cannot be read; the message follows its name. */
export interface Unreadable {
  readonly fault: string;
}

const OUTSIDE: Unreadable = { fault: 'is outside the folder' };

function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

/** The absolute path of a file below the folder. */
export async function findBelow(folder: string, path: string): Promise<string | Unreadable> {
  if (!isBelow(folder, resolve(folder, path))) return OUTSIDE;
  try {
    const found = await realpath(resolve(folder, path));
    if (!isBelow(await realpath(folder), found)) return OUTSIDE;
    return (await stat(found)).isFile() ? found : { fault: 'is not a file' };
  } catch (error) {
    return { fault: systemFault(error).message };
  }
}

/** The text of a file below the folder. */
export async function readBelow(folder: string, path: string): Promise<string | Unreadable> {
  const found = await findBelow(folder, path);
  if (typeof found !== 'string') return found;
  const text = await readText(found, MAX_YAML_BYTES);
  return typeof text === 'string' ? text : { fault: `line ${text.line ?? 1} ${text.message}` };
}

/** The value of a YAML or JSON file below the folder. */
export async function readValues(folder: string, path: string): Promise<{ readonly values: unknown } | Unreadable> {
  const text = await readBelow(folder, path);
  if (typeof text !== 'string') return text;
  const parsed = parseYaml(text);
  if (parsed === undefined) return { values: null };
  return 'message' in parsed ? { fault: `line ${parsed.line ?? 1} ${parsed.message}` } : parsed;
}

/** The objects of a JSONL file below the folder. */
export async function readLinesOfObjects(folder: string, path: string): Promise<readonly Members[] | Unreadable> {
  const found = await findBelow(folder, path);
  if (typeof found !== 'string') return found;
  const objects: Members[] = [];
  for await (const items of jsonl.read(found, true))
    for (const item of items) {
      if ('message' in item) return { fault: `line ${item.line ?? 1} ${item.message}` };
      if ('values' in item && isRecord(item.values)) objects.push(item.values);
    }
  return objects;
}
