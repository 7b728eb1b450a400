/** Parses the text of a configuration file into a tree with the line and column of every member. */

import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, visit, type YAMLMap } from 'yaml';
import { InputError } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import { MAX_DEPTH, readJson, readYaml } from './syntax.ts';
import { membersOf, type TreePath, type TreeProblem } from './tree-problem.ts';

/** 1-based, the column in UTF-16 units. */
export interface Position {
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
  const find = createFinder(read.document);
  const locate = (path: TreePath, at?: 'name') => position(find(path, at));
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

/** Finds nodes by path. What it looks up once, it remembers: a file may have as many problems as members. */
function createFinder(document: Document.Parsed): (path: TreePath, at?: 'name') => number {
  const pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairOf = (map: YAMLMap, name: string): Pair | undefined => {
    const known = pairs.get(map) ?? byName(map);
    pairs.set(map, known);
    return known.get(name);
  };
  let targets: ReadonlyMap<unknown, unknown> | undefined;
  const follow = (node: unknown): unknown => {
    if (!isAlias(node)) return node;
    targets ??= aliasTargets(document);
    return targets.get(node);
  };
  return (path, at) => offsetAt(document, path, at, { pairOf, follow });
}

/** The first member of each name. */
function byName({ items }: YAMLMap): ReadonlyMap<string, Pair> {
  return new Map(items.toReversed().map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]));
}

/** The latest value before each alias that has its anchor. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<unknown, unknown> {
  const anchors = new Map<string, unknown>();
  const targets = new Map<unknown, unknown>();
  visit(document, {
    Alias: (_, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

interface Lookup {
  readonly pairOf: (map: YAMLMap, name: string) => Pair | undefined;
  readonly follow: (node: unknown) => unknown;
}

function offsetAt(
  document: Document.Parsed,
  path: TreePath,
  at: 'name' | undefined,
  { pairOf, follow }: Lookup,
): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const [index, part] of path.entries()) {
    const target = follow(node);
    if (isMap(target)) {
      const pair = pairOf(target, String(part));
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
