/** Problems by their path in the tree of a configuration; `load-config.ts` turns paths into lines and columns. */

import { isRecord } from '../text/is-record.ts';

/** Member names and 0-based list indexes from the root, e.g. `['models', 0, 'limits']`. */
export type TreePath = readonly (string | number)[];

/** A problem of a member of the tree. */
export interface TreeProblem {
  readonly path: TreePath;
  /** Whether its position is that of the name instead of the value. */
  readonly at?: 'name';
  readonly message: string;
  readonly hint?: string;
}

/** `models[0].limits.retries`; names that are not plain words are in quotes. */
export function pathText(path: TreePath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w$-]+$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** Paths to look others up in. */
export interface PathSet {
  /** True when the path or one above it is in the set. */
  covers(path: TreePath): boolean;
}

/** Makes a set of paths. A lookup takes as many steps as the path has parts, however many problems a file has. */
export function pathSet(paths: Iterable<TreePath>): PathSet {
  const keys = new Set<string>();
  for (const path of paths) keys.add(pathKey(path));
  const isKnown = (path: TreePath, parts: number) => keys.has(pathKey(path.slice(0, parts)));
  return { covers: (path) => path.some((_, index) => isKnown(path, index)) || isKnown(path, path.length) };
}

/** Equal for equal paths only: a name may hold any character but is in quotes. */
export function pathKey(path: TreePath): string {
  return JSON.stringify(path);
}

/** The members of a mapping or list with their part of the path; none for a plain value. */
export function membersOf(value: unknown): readonly (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  return isRecord(value) ? Object.entries(value) : [];
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: unknown, path: TreePath): unknown {
  return path.reduce<unknown>((value, part) => {
    if (Array.isArray(value)) return typeof part === 'number' ? value[part] : undefined;
    return isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, tree);
}
