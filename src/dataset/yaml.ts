/** The YAML format: one list of samples, for manifests written by hand. */

import { isSeq, LineCounter } from 'yaml';
import { isRecord } from '../text/is-record.ts';
import { visible } from '../text/quote.ts';
import { composeYaml } from '../text/yaml-document.ts';
import { surveyYaml, WITHOUT_ALIAS_CHECK } from '../text/yaml-survey.ts';
import { type Defect, nameOfType } from './defect.ts';
import type { DatasetFormatReader, RawRow } from './raw-row.ts';
import { readText } from './read-text.ts';

/** A YAML document is kept in memory as a whole; larger manifests should be JSON Lines. */
export const MAX_YAML_BYTES = 16 * 2 ** 20;

/** Most uses of `*name` in a file: small files could otherwise expand to gigabytes. */
const MAX_ALIASES = 1000;
/** Levels of a file; a row may have fewer. */
const MAX_DEPTH = 200;

const SECOND_DOCUMENT = 'Source contains multiple documents';
const EXCESSIVE = 'Excessive alias count indicates a resource exhaustion attack';

export const yaml: DatasetFormatReader = {
  description: 'YAML: one list of samples, with messages, turns and lists; at most 16 MiB',
  extensions: ['.yaml', '.yml'],
  read: readYaml,
};

async function* readYaml(path: string): AsyncGenerator<readonly (RawRow | Defect)[]> {
  const text = await readText(path, MAX_YAML_BYTES);
  yield typeof text === 'string' ? parseItems(text) : [text];
}

function parseItems(text: string): readonly (RawRow | Defect)[] {
  const parsed = parseYaml(text);
  if (parsed === undefined) return [];
  if ('message' in parsed) return [parsed];
  const { values, lineOf, contents } = parsed;
  if (isSeq(contents) && Array.isArray(values))
    return values.map((value, index) => itemOf(value, lineOf(contents.items[index])));
  return [{ line: 1, message: `is ${nameOfType(values)}, not a list of samples`, hint: 'begin each with "- "' }];
}

/** A YAML document with the places of its nodes. */
export interface ParsedYaml {
  readonly values: unknown;
  readonly contents: unknown;
  /** The line where a node starts; 1 when there is none. */
  lineOf(node: unknown): number;
}

/** Undefined for a document without content. */
export function parseYaml(text: string): ParsedYaml | Defect | undefined {
  const lines = new LineCounter();
  try {
    const composed = composeYaml(text, lines, MAX_DEPTH);
    if ('deep' in composed)
      return { ...position(composed.deep, lines), message: 'is not valid YAML: nested too deeply' };
    const { document, second } = composed;
    if (document === undefined) return undefined;
    const { repeated, uses } = surveyYaml(document);
    const faults: SyntaxFault[] = [...document.errors, ...document.warnings, ...repeated];
    if (second !== undefined) faults.push({ message: SECOND_DOCUMENT, pos: [second.range[0], second.range[1]] });
    const fault = syntaxDefect(faults, lines);
    if (fault !== undefined) return fault;
    if (uses > MAX_ALIASES) return { line: 1, message: `is not valid YAML: ${EXCESSIVE}` };
    const values: unknown = document.toJS(WITHOUT_ALIAS_CHECK);
    const { contents } = document;
    return contents === null ? undefined : { values, contents, lineOf: (node) => lines.linePos(startOf(node)).line };
  } catch (error) {
    // Errors that only making the values shows: an alias without an anchor, too deep nesting.
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    return { line: 1, message: unreadable(error) };
  }
}

/** The message of the library, except for the engine's own when the stack is exhausted. */
function unreadable({ message }: { readonly message: string }): string {
  return `is not valid YAML: ${/call stack/.test(message) ? 'nested too deeply' : visible(message)}`;
}

function itemOf(values: unknown, line: number): RawRow | Defect {
  if (isRecord(values)) return { line, values };
  return { line, message: `is ${nameOfType(values)}, not a sample`, hint: 'write "- prompt: ..."' };
}

interface SyntaxFault {
  readonly message: string;
  /** Offsets of its start and end. */
  readonly pos: readonly [number, number];
}

/** One mistake gives several errors; the first position is the one to fix. */
function syntaxDefect([first]: readonly SyntaxFault[], lines: LineCounter): Defect | undefined {
  if (first === undefined) return undefined;
  return { ...position(first.pos[0], lines), message: unreadable(first) };
}

function position(offset: number, lines: LineCounter): Pick<Defect, 'line' | 'column'> {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
