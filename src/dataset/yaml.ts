/** The YAML format: one list of samples, for manifests written by hand. */

import { type Document, isSeq, LineCounter, parseDocument } from 'yaml';
import { isRecord, nameOfType, type Report } from './defect.ts';
import { visible } from './quote.ts';
import type { DatasetFormatReader, RawRow } from './raw-row.ts';
import { readLines } from './read-lines.ts';

/** A YAML document is one piece and is held in memory; larger manifests belong into JSON Lines. */
const MAX_YAML_BYTES = 16 * 2 ** 20;

/** Uses of `*name` in a file: stops small files that unfold into gigabytes. */
const MAX_ALIASES = 1000;

export const yaml: DatasetFormatReader = {
  description: 'YAML: one list of samples, with messages, turns and lists; at most 16 MiB',
  extensions: ['.yaml', '.yml'],
  read: readYaml,
};

async function* readYaml(path: string, report: Report): AsyncGenerator<RawRow> {
  const text = await readText(path, report);
  if (text === undefined || text.trim() === '') return;
  const lines = new LineCounter();
  const items = parseItems(text, lines, report);
  for (const [offset, values] of items) {
    const { line } = lines.linePos(offset);
    if (isRecord(values)) yield { line, values };
    else report({ line, message: `is ${nameOfType(values)}, not a sample`, hint: 'write "- prompt: ..."' });
  }
}

async function readText(path: string, report: Report): Promise<string | undefined> {
  const lines: string[] = [];
  let size = 0;
  for await (const batch of readLines(path, report))
    for (const { line, bytes, defect } of batch) {
      size += bytes.length + 1;
      if (defect !== undefined || size > MAX_YAML_BYTES) {
        const message = `is larger than ${MAX_YAML_BYTES / 2 ** 20} MiB`;
        report(defect ?? { line, message, hint: 'write large manifests as JSON Lines' });
        return undefined;
      }
      lines.push(bytes.toString('utf8'));
    }
  return lines.join('\n');
}

/** The items of the list, each with the offset where it starts; empty when the text is not a list, which is reported. */
function parseItems(text: string, lines: LineCounter, report: Report): readonly (readonly [number, unknown])[] {
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    if (reportSyntax(document, lines, report)) return [];
    const values: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const { contents } = document;
    if (isSeq(contents) && Array.isArray(values))
      return values.map((value, index) => [startOf(contents.items[index]), value]);
    report({ line: 1, message: `is ${nameOfType(values)}, not a list of samples`, hint: 'begin each with "- "' });
  } catch (error) {
    // The library's own words for too many aliases, and the engine's for a nesting that exhausts the stack.
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    const isDeep = error instanceof RangeError;
    const message = isDeep ? 'is nested too deep' : `more than ${MAX_ALIASES} values come from *aliases`;
    report({ line: 1, message, hint: isDeep ? 'a sample needs a few levels' : 'write them out' });
  }
  return [];
}

/** One slip makes the parser stumble several times; the first place is the one to mend. */
function reportSyntax(document: Document.Parsed, lines: LineCounter, report: Report): boolean {
  const [first] = [...document.errors, ...document.warnings];
  if (first === undefined) return false;
  const { line, col } = lines.linePos(first.pos[0]);
  report({ line, column: col, message: `is not YAML that can be read: ${visible(first.message)}` });
  return true;
}

function startOf(node: unknown): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}
