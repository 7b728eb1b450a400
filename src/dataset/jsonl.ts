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
      if (isFirst && isDocumentStart(text)) {
        yield [documentDefect(line.line)];
        return;
      }
      isFirst = false;
      items.push(parseLine(line, text));
    }
    yield items;
  }
}

/** The first line of a JSON document over many lines, which is reported once instead of line by line. */
const isDocumentStart = (text: string) => text === '[' || text === '{' || text === '[{';

function documentDefect(line: number): Defect {
  const message = 'is a JSON document over several lines, not JSON Lines';
  return { line, message, hint: 'write one object on each line (jq -c ".[]" does it)' };
}

function parseLine({ line, bytes, defect }: Line, text: string): RawRow | Defect {
  if (defect !== undefined) return defect;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return { line, ...explainJson(bytes.toString('utf8')) };
  }
  if (isRecord(values)) return { line, values };
  return { line, message: `is ${nameOfType(values)}, not a JSON object`, hint: 'write {"prompt": "..."}' };
}
