/** Folders of Hugging Face's imagefolder and audiofolder without a metadata file: the folder of a medium is its class. */

import type { Defect } from '../defect.ts';
import { media } from '../media-files.ts';
import type { NamedRow, Note } from '../raw-row.ts';
import type { ForeignFormat } from './foreign-format.ts';

export const hfClasses: ForeignFormat = {
  description: 'imagefolder and audiofolder by class: the folder of a medium is its target; only with --format',
  source: 'huggingface/datasets: src/datasets/packaged_modules/folder_based_builder/folder_based_builder.py',
  extensions: [],
  shape: 'folder',
  // Albums look the same, and their names are no answers.
  matches: () => false,
  read: readClasses,
};

type Read = NamedRow | Defect | Note;

async function* readClasses(root: string, hasPrompt: boolean): AsyncGenerator<readonly Read[]> {
  const fault = hasPrompt ? await faultOf(root) : undefined;
  if (fault !== undefined) {
    yield [fault];
    return;
  }
  for await (const items of media.read(root, hasPrompt))
    yield items.map((item) => ('values' in item && !('columns' in item) ? toRow(item) : item)).filter(isOwn);
}

const isOwn = (item: object): item is Read => !('columns' in item);

const folderOf = (row: NamedRow) => String(row.values['meta.folder'] ?? '').split('/');

/** `train/cat`: the last folder is the class, those above it are the part of the dataset. */
function toRow(row: NamedRow): NamedRow {
  const folders = folderOf(row);
  const { 'meta.folder': _, ...values } = row.values;
  const part = folders.slice(0, -1).join('/');
  return { ...row, values: { ...values, target: folders.at(-1), ...(part === '' ? {} : { 'meta.split': part }) } };
}

/** As the library does it: classes only where there are several, all at one depth, and no metadata file. */
async function faultOf(root: string): Promise<Defect | undefined> {
  const classes = new Set<string>();
  const depths = new Map<number, string>();
  for await (const items of media.read(root, true))
    for (const item of items) {
      if (!('values' in item) || 'columns' in item) continue;
      const folders = folderOf(item);
      classes.add(folders.at(-1) ?? '');
      depths.set(folders[0] === '' ? 0 : folders.length, String(item.values['id']));
    }
  if (classes.size === 0) return undefined;
  if (depths.size > 1)
    return {
      message: 'has media at different depths, so their folders are not all classes',
      hint: `move them: ${[...depths.values()].slice(0, 2).join(', ')}`,
    };
  const hint = 'put the media of each class into a folder with its name';
  return classes.size > 1 ? undefined : { message: 'has only one folder with media, so there are no classes', hint };
}
