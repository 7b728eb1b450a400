/** Reads the objects of a JSONL file, or of a JSON file that is one list. */

import { extname } from 'node:path';
import { explainJson } from '../../text/explain-json.ts';
import { isRecord } from '../../text/is-record.ts';
import { type Defect, nameOfType } from '../defect.ts';
import { jsonl } from '../jsonl.ts';
import type { NamedRow, Note } from '../raw-row.ts';
import { readText } from '../read-text.ts';
import { MAX_YAML_BYTES, parseYaml } from '../yaml.ts';
import type { Members } from './foreign-format.ts';

/** A JSON document is kept in memory as a whole. */
const MAX_JSON_BYTES = 256 * 2 ** 20;

/** File name endings of `readObjects`. */
export const OBJECT_EXTENSIONS = ['.jsonl', '.ndjson', '.json'] as const;

/** Yields rows and defects, each with its line. A JSON document may have its list in the member `list`. */
export async function* readObjects(path: string, list?: string): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  if (extname(path).toLowerCase() === '.json') {
    yield await readList(path, list);
    return;
  }
  for await (const items of jsonl.read(path, true))
    yield items.filter((item): item is NamedRow | Defect => !('columns' in item));
}

type Read = NamedRow | Defect | Note;

/** Changes each object to rows of a manifest of ours, or says why it cannot. `list`: see `readObjects`. */
export async function* mapObjects(
  path: string,
  toRow: (row: NamedRow) => Read | readonly Read[],
  list?: string,
): AsyncGenerator<readonly Read[]> {
  for await (const items of readObjects(path, list))
    yield items.flatMap((item) => ('values' in item ? toRow(item) : item));
}

/** The members of a JSON or YAML file that is one object; undefined when it is anything else. */
export async function readDocument(path: string): Promise<Members | undefined> {
  const isJson = extname(path).toLowerCase() === '.json';
  const text = await readText(path, isJson ? MAX_JSON_BYTES : MAX_YAML_BYTES);
  if (typeof text !== 'string') return undefined;
  const document = isJson ? parseObject(text) : valuesOf(parseYaml(text));
  return isRecord(document) ? document : undefined;
}

function parseObject(text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

const valuesOf = (parsed: ReturnType<typeof parseYaml>) =>
  parsed !== undefined && 'values' in parsed ? parsed.values : undefined;

async function readList(path: string, list: string | undefined): Promise<readonly (NamedRow | Defect)[]> {
  const text = await readText(path, MAX_JSON_BYTES);
  if (typeof text !== 'string') return [text];
  if (text.trim() === '') return [];
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    const { column, ...problem } = explainJson(text);
    const before = text.slice(0, column - 1).split('\n');
    return [{ line: before.length, column: (before.at(-1)?.length ?? 0) + 1, ...problem }];
  }
  const isNested = list !== undefined && isRecord(document) && Array.isArray(document[list]);
  const items = isNested && isRecord(document) ? document[list] : document;
  if (!Array.isArray(items))
    return [{ line: 1, message: `is ${nameOfType(items)}, not a list of samples`, hint: 'write [{...}, {...}]' }];
  const lines = linesOfItems(text, isNested ? 2 : 1);
  return items.map((values: unknown, index) => {
    const line = lines[index] ?? 1;
    return isRecord(values) ? { line, values } : { line, message: `is ${nameOfType(values)}, not a JSON object` };
  });
}

const PIECES = /"(?:[^"\\]|\\.)*"|[[\]{},\n]|[^\s"[\]{},:]+/gu;

/** The line where each item of a valid JSON list starts that is inside this many brackets. */
function linesOfItems(text: string, level: number): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    if (piece === '\n') line += 1;
    else if (piece === '{' || piece === '[') {
      if (depth === level) lines.push(line);
      depth += 1;
    } else if (piece === '}' || piece === ']') depth -= 1;
    else if (depth === level && level === 1 && piece !== ',') lines.push(line);
  }
  return lines;
}
