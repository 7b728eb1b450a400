/** Parses the text of a configuration file into a tree with the line and column of every member. */

import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter } from 'yaml';
import { InputError } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import { MAX_DEPTH, readJson, readYaml } from './syntax.ts';
import { membersOf, type TreePath, type TreeProblem } from './tree-problem.ts';

/** 1-based, the column in UTF-16 units. */
interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ConfigDocument {
  /** As written, with `${ENV}` references. */
  readonly tree: unknown;
  /** The position of a member; for a missing one that of its nearest parent. */
  locate(path: TreePath, at?: 'name'): Position;
  /** Whether a member is written without a value, which YAML reads as null: `price:`. */
  isEmpty(path: TreePath): boolean;
}

/**
 * Parses YAML or JSON.
 * @throws {InputError} with every syntax error.
 */
export function parseDocument(text: string, displayPath: string, format: 'yaml' | 'json'): ConfigDocument {
  const lines = new LineCounter();
  const read = format === 'json' ? readJson(text, lines) : readYaml(text, lines);
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if ('faults' in read)
    throw new InputError(
      read.faults.map(({ offset, message, hint }) => ({
        file: displayPath,
        ...position(offset),
        message,
        ...(hint === undefined ? {} : { hint }),
      })),
    );
  const locate = (path: TreePath, at?: 'name') => position(offsetAt(read.document, path, at));
  const endless = endlessPath(read.value);
  const isEmpty = (path: TreePath) => isWithoutText(nodeAt(read.document, path));
  if (endless === undefined) return { tree: read.value, locate, isEmpty };
  const message = `an *alias contains itself, or is nested deeper than ${MAX_DEPTH} levels`;
  throw new InputError({ file: displayPath, ...locate(endless.slice(0, 1)), message, hint: 'write the value out' });
}

/** Members named `__proto__`: as keys of objects they would replace prototypes. */
export function forbiddenNames(tree: unknown, path: TreePath = []): readonly TreeProblem[] {
  return membersOf(tree).flatMap(([part, value]): readonly TreeProblem[] => {
    const at = [...path, part];
    if (part === '__proto__') return [{ path: at, at: 'name', message: 'a member may not be named "__proto__"' }];
    return forbiddenNames(value, at);
  });
}

/** Path of a value that contains itself through an alias, or is nested too deeply. */
function endlessPath(tree: unknown, path: TreePath = []): TreePath | undefined {
  if (path.length > MAX_DEPTH) return path;
  for (const [part, value] of membersOf(tree)) {
    const found = endlessPath(value, [...path, part]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function offsetAt(document: Document.Parsed, path: TreePath, at?: 'name'): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const [index, part] of path.entries()) {
    const target: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isMap(target)) {
      const pair = target.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part));
      if (pair === undefined) return offset;
      const name = startOf(pair.key) ?? offset;
      const named = at === 'name' && index === path.length - 1;
      offset = named ? name : (startOf(pair.value) ?? name);
      node = pair.value;
    } else if (isSeq(target) && typeof part === 'number') {
      node = target.items[part];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

/** The value of a member; undefined when it is not written there, as for merged keys. */
function nodeAt(document: Document.Parsed, path: TreePath): unknown {
  let node: unknown = document.contents;
  for (const part of path) {
    const target: unknown = isAlias(node) ? node.resolve(document) : node;
    if (!isMap(target) && !isSeq(target)) return undefined;
    node = target.get(part, true);
  }
  return node;
}

function isWithoutText(node: unknown): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

/** Where a node starts; undefined for an empty one, such as the value of `price:`. */
function startOf(node: unknown): number | undefined {
  if (!isRecord(node) || !Array.isArray(node['range'])) return undefined;
  const [start, end]: readonly unknown[] = node['range'];
  return typeof start === 'number' && start !== end ? start : undefined;
}
