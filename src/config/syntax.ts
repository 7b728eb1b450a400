/** Parses YAML and JSON with our own messages for syntax errors: those of the parsers quote the text, which may contain a key. */

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type LineCounter,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { explainJson } from '../text/explain-json.ts';
import { composeYaml } from '../text/yaml-document.ts';
import { surveyYaml, WITHOUT_ALIAS_CHECK, type YamlSurvey } from '../text/yaml-survey.ts';

/** Levels of nesting; the YAML composer recurses, and a few thousand levels would crash the process. */
export const MAX_DEPTH = 64;

/** Most values that nested aliases may expand to: small files could otherwise expand to gigabytes. */
const MAX_ALIASES = 100;

/** A syntax error with its position. */
interface SyntaxFault {
  /** 0-based, in UTF-16 units. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** The value of a text with its nodes, which have positions; or its syntax errors. */
export type SyntaxResult =
  | { readonly value: unknown; readonly document: Document.Parsed }
  | { readonly faults: readonly SyntaxFault[] };

const EMPTY: SyntaxFault = {
  offset: 0,
  message: 'the file is empty',
  hint: 'run `earsight init` to write a template',
};

/** Parses YAML; the line starts are added to `lines`. */
export function readYaml(text: string, lines: LineCounter): SyntaxResult {
  const composed = compose(text, lines, { merge: true });
  if ('faults' in composed) return composed;
  const { document, second } = composed;
  const { repeated, uses } = surveyYaml(document);
  const faults = yamlFaults(document, text, repeated);
  if (second !== undefined)
    faults.push({ offset: second.range[0], message: 'a second document starts here', hint: 'remove the line `---`' });
  if (faults.length > 0) return { faults };
  if (uses > MAX_ALIASES)
    return {
      faults: [{ offset: 0, message: `*aliases expand to more than ${MAX_ALIASES} values`, hint: 'write them out' }],
    };
  const value: unknown = document.toJS(WITHOUT_ALIAS_CHECK);
  return value === null ? { faults: [EMPTY] } : { value, document };
}

/** Parses JSON with `JSON.parse`; positions come from the YAML parser, since valid JSON is valid YAML. */
export function readJson(text: string, lines: LineCounter): SyntaxResult {
  // First, because the YAML parser takes a gigabyte for a few megabytes of brackets.
  const value = parseJson(text);
  if ('offset' in value) {
    addLines(text, lines);
    return { faults: [text.trim() === '' ? EMPTY : value] };
  }
  const composed = compose(text, lines, {});
  if ('faults' in composed) return composed;
  // `JSON.parse` ignores duplicate names.
  const { repeated } = surveyYaml(composed.document);
  return repeated.length > 0 ? { faults: repeated.map(faultOf) } : { ...value, document: composed.document };
}

type Composition =
  | { readonly document: Document.Parsed; readonly second: Document.Parsed | undefined }
  | { readonly faults: readonly SyntaxFault[] };

function compose(text: string, lines: LineCounter, options: { readonly merge?: boolean }): Composition {
  const composed = composeYaml(text, lines, MAX_DEPTH, { ...options, resolveKnownTags: false });
  if ('deep' in composed)
    return { faults: [{ offset: composed.deep, message: `nested deeper than ${MAX_DEPTH} levels` }] };
  const { document, second } = composed;
  return document === undefined ? { faults: [EMPTY] } : { document, second };
}

/** Faults that do not cause other faults in the same file. */
const INDEPENDENT: ReadonlySet<string> = new Set(['DUPLICATE_KEY', 'TAB_AS_INDENT', 'TAG_RESOLVE_FAILED']);

const QUOTE_REFERENCE = `put a reference inside { } or [ ] in quotes: "\${NAME}"`;

/** Our message for each error code of the YAML parser, whose own messages may quote the source. */
const SYNTAX: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
  BAD_ALIAS: ['this *alias or &anchor has no usable name', 'put a value that starts with * or & in quotes'],
  BAD_DQ_ESCAPE: ['unknown \\ escape in double quotes', 'use single quotes, or \\\\ for a backslash'],
  BAD_INDENT: ['the indentation does not match the lines above', 'indent members of one mapping equally'],
  BAD_SCALAR_START: ['a value may not start with this character', 'put the value in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a second ": " on one line', 'put the value in quotes, or start a new line'],
  BLOCK_IN_FLOW: ['an indented list or mapping is not allowed inside { } or [ ]', 'write it with { } or [ ]'],
  DUPLICATE_KEY: ['duplicate member', 'keep one of them'],
  MISSING_CHAR: [
    'a colon, comma, quote or bracket is missing',
    'check this line and the one above, and their indentation',
  ],
  MULTILINE_IMPLICIT_KEY: ['a member name over several lines', 'is a colon or a closing quote missing?'],
  TAB_AS_INDENT: ['indentation with a tab', 'use spaces'],
  TAG_RESOLVE_FAILED: ['!tags are not supported', 'put a value that starts with ! in quotes'],
  UNEXPECTED_TOKEN: ['unexpected text', 'check quotes, brackets and indentation'],
};

function faultOf({
  code,
  pos: [offset],
}: {
  readonly code: string;
  readonly pos: readonly [number, number];
}): SyntaxFault {
  const [message, hint] = SYNTAX[code] ?? ['this is not valid YAML'];
  return { offset, message, hint };
}

/** Copied from a web page they look like spaces, and are letters to YAML. */
const NO_BREAK_INDENT = /(?<=^|\n)[ ]*\u00a0/;

function yamlFaults(document: Document.Parsed, text: string, repeated: YamlSurvey['repeated']): SyntaxFault[] {
  const found: SyntaxFault[] = [];
  const blank = NO_BREAK_INDENT.exec(text);
  if (blank !== null && document.errors.length > 0)
    return [{ offset: blank.index, message: 'this line is indented with no-break spaces', hint: 'use plain spaces' }];
  for (const error of [...document.errors, ...document.warnings, ...repeated]) {
    const fault = faultOf(error);
    // One mistake gives several errors; the first position is the one to fix.
    if (!INDEPENDENT.has(error.code) && found.length > 0) continue;
    const isReference = error.code === 'UNEXPECTED_TOKEN' && text[fault.offset - 1] === '$';
    found.push(isReference ? { ...fault, hint: QUOTE_REFERENCE } : fault);
  }
  return found.length > 0 ? found : nodeFaults(document);
}

/** Member names that are not text, merges of values that are not mappings, and aliases without an anchor. */
function nodeFaults(document: Document.Parsed): SyntaxFault[] {
  const found: SyntaxFault[] = [];
  const anchors = new Map<string, unknown>();
  const followed = (node: unknown): unknown => (isAlias(node) ? anchors.get(node.source) : node);
  const remember = (_: unknown, node: Scalar | YAMLMap | YAMLSeq) => {
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
  };
  visit(document, {
    Value: remember,
    Pair: (_, { key, value }) => {
      if (!isScalar(key)) {
        found.push({ offset: offsetOf(key), message: 'a member name must be text' });
        return;
      }
      const sources = isSeq(value) ? value.items : [value];
      if (key.source !== '<<' || key.type !== 'PLAIN' || sources.every((source) => isMap(followed(source)))) return;
      found.push({ offset: offsetOf(key), message: '<< merges only mappings', hint: 'for example `<<: *anchor`' });
    },
    Alias: (_, alias: Alias) => {
      if (followed(alias) !== undefined) return;
      const hint = 'put a value that starts with * in quotes';
      found.push({ offset: offsetOf(alias), message: 'there is no &anchor above for this *alias', hint });
    },
  });
  return found;
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Adds the line starts of a text that the YAML parser does not see. */
function addLines(text: string, lines: LineCounter): void {
  for (let start = 0; start !== -1; ) {
    lines.addNewLine(start);
    const end = text.indexOf('\n', start);
    start = end === -1 ? -1 : end + 1;
  }
}

function parseJson(text: string): { readonly value: unknown } | SyntaxFault {
  try {
    return { value: JSON.parse(text) };
  } catch {
    const { column, message, hint } = explainJson(text);
    // The unexpected text is not shown: it may be part of a key. The hint for the end of the text is about JSON Lines.
    const [what = message] = message.split(', not ');
    return { offset: column - 1, message: what, hint: what.endsWith('nothing more is expected') ? undefined : hint };
  }
}
