/** Reads the objects of a JSONL file, or of a JSON file that is one list. */

import { extname } from 'node:path';
import { explainJson } from '../../text/explain-json.ts';
import { isRecord } from '../../text/is-record.ts';
import { type Defect, nameOfType } from '../defect.ts';
import { jsonl } from '../jsonl.ts';
import type { NamedRow } from '../raw-row.ts';
import { readText } from '../read-text.ts';

/** A JSON document is kept in memory as a whole. */
const MAX_JSON_BYTES = 256 * 2 ** 20;

/** File name endings of `readObjects`. */
export const OBJECT_EXTENSIONS = ['.jsonl', '.ndjson', '.json'] as const;

/** Yields rows and defects, each with its line. */
export async function* readObjects(path: string): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  if (extname(path).toLowerCase() === '.json') {
    yield await readList(path);
    return;
  }
  for await (const items of jsonl.read(path, true))
    yield items.filter((item): item is NamedRow | Defect => !('columns' in item));
}

/** Changes each object to a row of a manifest of ours, or says why it cannot. */
export async function* mapObjects(
  path: string,
  toRow: (row: NamedRow) => NamedRow | Defect,
): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  for await (const items of readObjects(path)) yield items.map((item) => ('values' in item ? toRow(item) : item));
}

async function readList(path: string): Promise<readonly (NamedRow | Defect)[]> {
  const text = await readText(path, MAX_JSON_BYTES);
  if (typeof text !== 'string') return [text];
  if (text.trim() === '') return [];
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return [{ line: 1, ...explainJson(text) }];
  }
  if (!Array.isArray(items))
    return [{ line: 1, message: `is ${nameOfType(items)}, not a list of samples`, hint: 'write [{...}, {...}]' }];
  const lines = linesOfItems(text);
  return items.map((values: unknown, index) => {
    const line = lines[index] ?? 1;
    return isRecord(values) ? { line, values } : { line, message: `is ${nameOfType(values)}, not a JSON object` };
  });
}

const PIECES = /"(?:[^"\\]|\\.)*"|[[\]{},\n]/gu;

/** The line where each item of a valid JSON list starts. */
function linesOfItems(text: string): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  for (const [piece] of text.matchAll(PIECES)) {
    if (piece === '\n') line += 1;
    else if (piece === '{' || piece === '[') {
      if (depth === 1) lines.push(line);
      depth += 1;
    } else if (piece === '}' || piece === ']') depth -= 1;
    else if (depth === 1 && piece !== ',') lines.push(line);
  }
  return lines;
}
