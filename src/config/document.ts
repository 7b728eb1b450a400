/** A configuration file's text as a tree whose every member knows its line and column. */

import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  visit,
} from 'yaml';
import { explainJson } from '../dataset/explain-json.ts';
import { InputError, type Problem } from '../errors.ts';
import { isMapping, membersOf, type TreePath, type TreeProblem } from './tree-problem.ts';

/** Levels of nesting; the YAML composer recurses and a few thousand levels would end the process. */
const MAX_DEPTH = 64;

/** Uses of `*name` that may stand in a file: stops small files that unfold into gigabytes. */
const MAX_ALIASES = 100;

/** 1-based, the column in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ConfigDocument {
  /** As written: `${ENV}` references stand as they are. */
  readonly tree: unknown;
  /** Where a member stands; for one that is missing the place of the nearest parent. */
  locate(path: TreePath, at?: 'name'): Place;
}

/**
 * Reads YAML or JSON.
 * @throws {InputError} with every syntax problem. Messages never quote the text: it may hold a key.
 */
export function parseDocument(text: string, displayPath: string, format: 'yaml' | 'json'): ConfigDocument {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refuse = (problems: readonly SyntaxProblem[]): never => {
    const full = problems.map(
      ({ offset, message, hint }): Problem => ({
        file: displayPath,
        ...place(offset),
        message,
        ...(hint === undefined ? {} : { hint }),
      }),
    );
    throw new InputError(full);
  };

  if (text.trim() === '') return refuse([EMPTY]);
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const json = format === 'json' ? parseJson(text) : undefined;
  if (json !== undefined && 'offset' in json) return refuse([json]);
  const deep = tooDeep(tokens);
  if (deep !== undefined) return refuse([{ offset: deep, message: `nested deeper than ${MAX_DEPTH} levels` }]);

  const composer = new Composer({
    prettyErrors: false,
    logLevel: 'error',
    merge: format === 'yaml',
    resolveKnownTags: false,
  });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return refuse([EMPTY]);
  const wrong = syntaxProblems(document, text, format);
  if (second !== undefined)
    wrong.push({ offset: second.range[0], message: 'a second document starts here', hint: 'remove the line `---`' });
  if (wrong.length > 0) return refuse(wrong);

  const tree = json ?? unfold(document);
  if (tree?.value === null) return refuse([EMPTY]);
  if (tree === undefined)
    return refuse([
      { offset: 0, message: `more than ${MAX_ALIASES} values come from *aliases`, hint: 'write them out' },
    ]);
  const locate = (path: TreePath, at?: 'name') => place(offsetOf(document, path, at));
  const endless = endlessPath(tree.value);
  if (endless !== undefined) {
    const message = `an *alias holds itself, or nests deeper than ${MAX_DEPTH} levels`;
    throw new InputError({ file: displayPath, ...locate(endless.slice(0, 1)), message });
  }
  return { tree: tree.value, locate };
}

/** Members named `__proto__`, which no later step may see as a plain name. */
export function forbiddenNames(tree: unknown, path: TreePath = []): readonly TreeProblem[] {
  return membersOf(tree).flatMap(([part, value]): readonly TreeProblem[] => {
    const at = [...path, part];
    if (part === '__proto__') return [{ path: at, at: 'name', message: 'a member may not be named "__proto__"' }];
    return forbiddenNames(value, at);
  });
}

interface SyntaxProblem {
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

const EMPTY: SyntaxProblem = {
  offset: 0,
  message: 'the file is empty',
  hint: '`earsight init` writes one to start from',
};

/** Faults that say nothing about others in the same file. */
const INDEPENDENT: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAB_AS_INDENT', 'TAG_RESOLVE_FAILED']);

const QUOTE_REFERENCE = `inside { } and [ ] a reference goes in quotes: "\${NAME}"`;

/** What each error code of the YAML parser means to a user; the parser's own texts may quote the source. */
const SYNTAX: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  BAD_ALIAS: ['this *alias or &anchor has no usable name', 'a value that starts with * or & goes in quotes'],
  BAD_DQ_ESCAPE: ['unknown \\ escape in double quotes', 'use single quotes, or \\\\ for a backslash'],
  BAD_INDENT: ['the indentation does not fit the lines above'],
  BAD_SCALAR_START: ['a value may not start with this character', 'put the value in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a second ": " in one line', 'put the value in quotes, or start a new line'],
  BLOCK_IN_FLOW: ['a list or mapping by indentation may not stand inside { } or [ ]'],
  DUPLICATE_KEY: ['this member stands here twice', 'keep one of them'],
  MISSING_CHAR: [
    'a colon, comma, quote or bracket is missing',
    'check this line and the one above, and their indentation',
  ],
  MULTILINE_IMPLICIT_KEY: ['a member name may not run over several lines', 'is a colon or a closing quote missing?'],
  TAB_AS_INDENT: ['a tab may not indent', 'use spaces'],
  TAG_RESOLVE_FAILED: ['!tags are not known here', 'a value that starts with ! goes in quotes'],
  UNEXPECTED_TOKEN: ['this does not belong here', 'check quotes, brackets and indentation'],
};

function syntaxProblems(document: Document.Parsed, text: string, format: 'yaml' | 'json'): SyntaxProblem[] {
  // Valid JSON that the YAML parser stumbles over is still valid; only what JSON.parse would pass over counts.
  const faults = [...document.errors, ...document.warnings].filter(
    ({ code }) => format === 'yaml' || code === 'DUPLICATE_KEY',
  );
  const found: SyntaxProblem[] = [];
  for (const { code, pos } of faults) {
    const [message, hint] = SYNTAX[code] ?? ['this is not valid YAML'];
    // One slip makes the parser stumble several times; the first place is the one to mend.
    if (!INDEPENDENT.has(code) && found.length > 0) continue;
    const isReference = code === 'UNEXPECTED_TOKEN' && text[pos[0] - 1] === '$';
    found.push({ offset: pos[0], message, hint: isReference ? QUOTE_REFERENCE : hint });
  }
  if (found.length > 0) return found;
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  visit(document, {
    Pair: (_, { key, value }) => {
      const offset = startOf(key) ?? 0;
      if (!isScalar(key)) found.push({ offset, message: 'a member name must be text' });
      const sources = isSeq(value) ? value.items : [value];
      if (
        isScalar(key) &&
        key.source === '<<' &&
        key.type === 'PLAIN' &&
        !sources.every((node) => isMap(resolved(node)))
      )
        found.push({ offset, message: '<< merges mappings only', hint: 'for example `<<: *anchor`' });
    },
    Alias: (_, alias: Alias) => {
      if (resolved(alias) !== undefined) return;
      const hint = 'a value that starts with * goes in quotes';
      found.push({ offset: alias.range?.[0] ?? 0, message: 'this *alias names no &anchor above it', hint });
    },
  });
  return found;
}

/** Offset of the first token that lies too deep; walks with a stack of its own, since depth is what is to be feared. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const waiting: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key) waiting.push({ token: item.key, depth: depth + 1 });
      if (item.value) waiting.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}

function unfold(document: Document.Parsed): { readonly value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // The one thing left to refuse after the syntax is known to be good: `yaml` throws this for too many aliases.
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function parseJson(text: string): { readonly value: unknown } | SyntaxProblem {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { column, message, hint } = explainJson(text);
    // What was found instead is not shown: it may be part of a key. The end's hint is about files of many lines.
    const [what = message] = message.split(', not ');
    return { offset: column - 1, message: what, hint: what.endsWith('nothing more is expected') ? undefined : hint };
  }
}

/** Path of a value that holds itself through an alias, or unfolds too deep. */
function endlessPath(tree: unknown, path: TreePath = []): TreePath | undefined {
  if (path.length > MAX_DEPTH) return path;
  for (const [part, value] of membersOf(tree)) {
    const found = endlessPath(value, [...path, part]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function offsetOf(document: Document.Parsed, path: TreePath, at?: 'name'): number {
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

/** Where a node starts; undefined for one of no length, such as the value of `price:` with nothing behind it. */
function startOf(node: unknown): number | undefined {
  if (!isMapping(node) || !Array.isArray(node['range'])) return undefined;
  const [start, end]: readonly unknown[] = node['range'];
  return typeof start === 'number' && start !== end ? start : undefined;
}
