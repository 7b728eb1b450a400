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

/** True when `path` is `ancestor` or below it. */
export function isWithin(path: TreePath, ancestor: TreePath): boolean {
  return ancestor.every((part, index) => path[index] === part);
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
