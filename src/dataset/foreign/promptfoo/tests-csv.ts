/** Tables of promptfoo: `__expected` with assertions, other `__` columns, and the variables of a prompt. */

import { quote } from '../../../text/quote.ts';
import type { Defect } from '../../defect.ts';
import type { NamedRow, Note } from '../../raw-row.ts';
import type { ForeignFormat, Members } from '../foreign-format.ts';
import { asMetadata } from '../foreign-values.ts';
import { readTable, type TableCells } from '../read-table.ts';
import { type Assertion, assertionOf, mapAssertions } from './assertions.ts';

export const promptfooCsv: ForeignFormat = {
  description: 'tests of promptfoo, CSV: variables of the prompt, and __expected with its assertions',
  source:
    'promptfoo/promptfoo: src/csv.ts, site/docs/configuration/test-cases.md, examples/config-csv-metadata/tests.csv',
  extensions: ['.csv'],
  shape: 'table',
  precedence: 'always',
  matches: (names) => names.some((name) => /^__expected\d*$/u.test(name)),
  read: readTests,
};

/** What one row of the table says. */
export interface TestRow {
  readonly line: number;
  readonly vars: Readonly<Record<string, string>>;
  readonly asserts: readonly Assertion[];
  readonly prefix: string;
  readonly suffix: string;
  readonly metadata: Members;
  /** Columns without a counterpart. */
  readonly notes: readonly string[];
}

async function* readTests(path: string, hasPrompt: boolean): AsyncGenerator<readonly (NamedRow | Defect | Note)[]> {
  for await (const items of readTable(path)) {
    const rows = items.map((item) => ('cells' in item ? testOf(item) : item));
    const bare = hasPrompt ? undefined : rows.find((row) => 'vars' in row && row.vars['prompt'] === undefined);
    if (bare !== undefined) {
      // One problem instead of one for each row.
      const hint = 'set dataset.prompt with {{variable}}, or read the promptfoo configuration that names this file';
      yield [{ line: bare.line ?? 1, message: 'has no variable "prompt"', hint }];
      return;
    }
    yield rows.flatMap((row): readonly (NamedRow | Defect | Note)[] => ('vars' in row ? toRows(row) : [row]));
  }
}

/** Sorts the columns of a row. */
export function testOf({ line, cells }: TableCells): TestRow {
  const vars: Record<string, string> = {};
  const metadata: Record<string, unknown> = {};
  const asserts: Assertion[] = [];
  const notes: string[] = [];
  for (const [name, cell] of Object.entries(cells)) {
    const key = /^__metadata:(.+?)(\[\])?$/u.exec(name);
    if (/^__expected\d*$/u.test(name)) {
      if (cell.trim() !== '') asserts.push({ ...assertionOf(cell), metric: cells['__metric'] });
    } else if (key?.[1] !== undefined) metadata[key[1]] = key[2] === undefined ? cell : listOf(cell);
    else if (name === '__description') metadata['description'] = cell;
    else if (!name.startsWith('__')) vars[name] = cell;
    else if (!['__prefix', '__suffix', '__metric'].includes(name))
      notes.push(`column ${quote(name)} has no counterpart`);
  }
  return { line, vars, asserts, prefix: cells['__prefix'] ?? '', suffix: cells['__suffix'] ?? '', metadata, notes };
}

/** Separated by commas; `\,` is the character. */
const listOf = (cell: string) => cell.split(/(?<!\\),/u).map((item) => item.trim().replaceAll('\\,', ','));

const FILE = 'file://';
const MEDIA = /\.(?:png|jpe?g|gif|webp|hei[cf]|tiff?|avif|wav|mp3|flac|ogg|m4a|opus|aac)$/iu;

function toRows({ line, vars, asserts, prefix, suffix, metadata, notes }: TestRow): readonly (NamedRow | Note)[] {
  const { prompt, ...others } = vars;
  const isMedia = (value: string) => value.startsWith(FILE) && MEDIA.test(value);
  const media = Object.values(others).filter(isMedia);
  const texts = Object.fromEntries(Object.entries(others).filter(([, value]) => !isMedia(value)));
  const mapped = mapAssertions(asserts.map((assertion) => ({ ...assertion, value: filled(assertion.value, vars) })));
  const isPlaced = prompt !== undefined || prefix + suffix === '';
  return [
    ...notes.map((note) => ({ line, note })),
    ...mapped.notes.map((note) => ({ line, ...note })),
    ...(isPlaced ? [] : [{ line, note: 'prefix and suffix are not added to the prompt of the configuration' }]),
    {
      line,
      values: {
        ...(prompt === undefined ? {} : { prompt: `${prefix}${prompt}${suffix}` }),
        ...(media.length === 0 ? {} : { file_name: media.map((value) => value.slice(FILE.length)) }),
        ...(mapped.scorers.length === 0 ? {} : { scorer: mapped.scorers }),
        ...(mapped.targets.length === 0 ? {} : { target: mapped.targets }),
        ...asMetadata({ ...texts, ...metadata }),
      },
    },
  ];
}

/** Variables in the value of an assertion. */
export function filled(value: unknown, vars: Members): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, vars));
  if (typeof value !== 'string') return value;
  return value.replace(/\{\{\s*([\w.-]+)\s*\}\}/gu, (whole, name: string) => {
    const found = Object.hasOwn(vars, name) ? vars[name] : undefined;
    return typeof found === 'string' || typeof found === 'number' ? String(found) : whole;
  });
}
