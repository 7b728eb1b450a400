/** The JSON Lines format: one object on each line. */

import { explainJson } from '../text/explain-json.ts';
import { isRecord } from '../text/is-record.ts';
import { type Defect, nameOfType } from './defect.ts';
import type { DatasetFormatReader, RawRow } from './raw-row.ts';
import { type Line, readLines } from './read-lines.ts';

export const jsonl: DatasetFormatReader = {
  description: 'JSON Lines: one object on each line, with messages, turns and lists',
  extensions: ['.jsonl', '.ndjson'],
  read: readJsonl,
};

async function* readJsonl(path: string): AsyncGenerator<readonly (RawRow | Defect)[]> {
  let isFirst = true;
  for await (const lines of readLines(path)) {
    const items: (RawRow | Defect)[] = [];
    for (const line of lines) {
      const text = line.bytes.toString('utf8').trim();
      if (text === '' && line.defect === undefined) continue;
      const other = isFirst && line.defect === undefined ? otherFormat(text, line.line) : undefined;
      if (other !== undefined) {
        yield [other];
        return;
      }
      isFirst = false;
      items.push(parseLine(line, text));
    }
    yield items;
  }
}

/** What the first line of another format is reported as: once, instead of line by line. */
function otherFormat(text: string, line: number): Defect | undefined {
  if (text === '[' || text === '{' || text === '[{')
    return {
      line,
      message: 'is a JSON document over several lines, not JSON Lines',
      hint: ONE_OBJECT,
    };
  const names = text.split(/[,;\t]/).map((name) => name.trim());
  if (names.length > 1 && names.includes('prompt'))
    return { line, message: 'is CSV, not JSON Lines', hint: 'name it .csv, or set format: csv' };
  return undefined;
}

const ONE_OBJECT = 'write one object on each line (jq -c ".[]" does it)';

function parseLine({ line, bytes, defect }: Line, text: string): RawRow | Defect {
  if (defect !== undefined) return defect;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return { line, ...explainJson(bytes.toString('utf8')) };
  }
  if (isRecord(values)) return { line, values };
  const hint = Array.isArray(values) && values.some(isRecord) ? ONE_OBJECT : 'write {"prompt": "..."}';
  return { line, message: `is ${nameOfType(values)}, not a JSON object`, hint };
}
