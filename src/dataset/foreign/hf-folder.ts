/** Folders of Hugging Face's imagefolder and audiofolder: media beside `metadata.csv` or `metadata.jsonl`. */

import { join } from 'node:path';
import type { Defect } from '../defect.ts';
import type { NamedRow } from '../raw-row.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { targetsOf } from './foreign-values.ts';
import { folderOf, listFiles } from './list-files.ts';
import { readObjects } from './read-objects.ts';
import { readTable } from './read-table.ts';

const METADATA = /(?:^|\/)metadata\.(?:csv|jsonl)$/u;

export const hfFolder: ForeignFormat = {
  description: 'imagefolder and audiofolder of Hugging Face: media beside metadata.csv or metadata.jsonl',
  source: 'huggingface/datasets: src/datasets/packaged_modules/folder_based_builder/folder_based_builder.py',
  extensions: [],
  shape: 'folder',
  matches: (file) => METADATA.test(file),
  read: readHfFolder,
};

async function* readHfFolder(root: string, hasPrompt: boolean): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  for await (const file of listFiles(root)) {
    if (!METADATA.test(file)) continue;
    for await (const items of readRows(join(root, file))) {
      const rows = items.map((item) => ('message' in item ? { ...item, file } : toRow(item.line, item.members, file)));
      const bare = hasPrompt ? undefined : rows.find((row) => 'values' in row && !hasQuestion(row.values));
      if (bare !== undefined) {
        // One problem instead of one for each row.
        yield [
          { file, line: bare.line ?? 1, message: 'has no "prompt"', hint: 'set dataset.prompt in the configuration' },
        ];
        return;
      }
      yield rows;
    }
  }
}

const hasQuestion = (values: Members) => ['prompt', 'messages', 'turns'].some((name) => values[name] !== undefined);

type Row = { readonly line: number; readonly members: Members };

async function* readRows(path: string): AsyncGenerator<readonly (Row | Defect)[]> {
  if (path.endsWith('.jsonl')) {
    for await (const items of readObjects(path))
      yield items.map((item) => ('values' in item ? { line: item.line, members: item.values } : item));
    return;
  }
  for await (const items of readTable(path))
    yield items.map((item) => ('cells' in item ? { line: item.line, members: item.cells } : item));
}

/** What audiofolder and imagefolder have in the place of a target, by their documentation; the first one counts. */
const TARGETS = ['target', 'transcription', 'text', 'label'];
/** Columns with the same meaning as in a manifest of ours. */
const SAME = ['id', 'prompt', 'system', 'messages', 'turns', 'group'];

function toRow(line: number, members: Members, file: string): NamedRow {
  const folder = folderOf(file);
  const media: unknown[] = [];
  const values: Record<string, unknown> = {};
  const target = TARGETS.find((name) => members[name] !== undefined);
  for (const [name, value] of Object.entries(members)) {
    if (/^(?:.*_)?file_names?$/u.test(name)) media.push(...[value].flat().map((path) => inFolder(path, folder)));
    else if (name === target) values['target'] = targetsOf(value);
    else if (SAME.includes(name)) values[name] = value;
    else values[`meta.${name}`] = value;
  }
  return { file, line, values: { ...values, ...(media.length === 0 ? {} : { file_name: media }) } };
}

/** Paths are relative to the metadata file. */
const inFolder = (path: unknown, folder: string) => (typeof path === 'string' ? `${folder}${path}` : path);
