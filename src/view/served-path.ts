/** Finds what the path of a request names, below the results folder only. */

import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { journalParts } from '../journal/journal-parts.ts';
import { RUN_FILE } from '../journal/run-files.ts';
import { RequestError } from '../local/request-error.ts';

/** The decoded parts of a path. @throws {RequestError} 400 for parts that could leave a folder. */
export function pathParts(path: string): readonly string[] {
  return path.split('/').slice(1).map(decodedPart);
}

function decodedPart(part: string): string {
  let name: string;
  try {
    name = decodeURIComponent(part);
  } catch (cause) {
    throw new RequestError('The path is not well-formed.', { status: 400, code: 'invalid_path' }, { cause });
  }
  if (isSafeName(name)) return name;
  throw new RequestError('The path has a part that is not a plain name.', { status: 400, code: 'invalid_path' });
}

/** Separators, the end of a C string, and lone surrogates, which no URL can hold. */
const UNSAFE = /[/\\\0\p{Cs}]/u;

/** Whether a name can only be that of an entry of its folder, and not a hidden one; an empty one ends a path with a slash. */
function isSafeName(name: string): boolean {
  return !name.startsWith('.') && !UNSAFE.test(name) && !(sep === '\\' && name.includes(':'));
}

/** The real path of an entry below `root`, which is a real path itself; null = there is none, or a link leads out of it. */
export function below(root: string, parts: readonly string[]): string | null {
  if (!parts.every((part) => part !== '' && isSafeName(part))) return null;
  try {
    const real = realpathSync(join(root, ...parts));
    const inside = relative(root, real);
    return inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..' ? null : real;
  } catch {
    return null;
  }
}

/** The same for the folder of a run directly in `root`: other folders there are not shown. */
export function runFolder(root: string, name: string): string | null {
  const real = below(root, [name]);
  return real !== null && isRunFolder(real) ? real : null;
}

/** Whether a folder has a `run.json` or a journal, as far as it can be read. */
export function isRunFolder(folder: string): boolean {
  try {
    return existsSync(join(folder, RUN_FILE)) || journalParts(folder).length > 0;
  } catch {
    return false;
  }
}
