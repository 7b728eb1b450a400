/** The names that a manifest may use, their aliases, and what an unknown name most likely meant. */

import { nearestName } from '../text/nearest-name.ts';

/** The columns of every format, by the one name that the code uses. */
const COLUMNS = [
  'id',
  'prompt',
  'system',
  'image',
  'audio',
  'file_name',
  'target',
  'scorer',
  'group',
  'tags',
  'meta',
  'messages',
  'turns',
  'params',
] as const;

export type ColumnName = (typeof COLUMNS)[number];

/** Other names in use: peers' (`expected`, `answer`), Hugging Face's image and audio folders, plurals. */
const ALIASES: Readonly<Record<string, ColumnName>> = {
  ...Object.fromEntries(COLUMNS.map((name) => [name, name])),
  expected: 'target',
  answer: 'target',
  images: 'image',
  audios: 'audio',
  image_file_name: 'image',
  audio_file_name: 'audio',
  media: 'file_name',
  scorers: 'scorer',
};

const BY_NAME: ReadonlyMap<string, ColumnName> = new Map(Object.entries(ALIASES));

/** What a slip may have meant. Not `id`: `idx` and `uid` are near it and mean something else. */
const SLIPS = [...BY_NAME.keys()].filter((name) => name !== 'id');

/** `target_2`, `image_3`: one more value of the column. */
const NUMBERED = /^(target|expected|answer|image|audio)_(\d{1,4})$/;

/** Names of media columns elsewhere. Taken as metadata they would send a prompt without its image, and that costs money. */
const MEDIA_LOOKALIKE = /^(image|audio)s?_?(?:url|path|file|uri)s?$/i;

/** What a name in a manifest stands for: `numbered` adds to a column (`target_2`), `misspelt` most likely meant another. */
export type Column =
  | { readonly type: 'column'; readonly name: ColumnName; readonly numbered: boolean }
  | { readonly type: 'metadata'; readonly key: string }
  | { readonly type: 'misspelt'; readonly nearest: string }
  | { readonly type: 'reserved' };

/** Finds out what a name of a manifest stands for; an unknown one that is near to nothing is metadata. */
export function columnOf(name: string): Column {
  const known = BY_NAME.get(name);
  if (known !== undefined) return { type: 'column', name: known, numbered: false };
  if (isReservedName(name)) return { type: 'reserved' };
  if (name.startsWith('meta.')) {
    const key = name.slice('meta.'.length);
    return key === '' || isReservedName(key) ? { type: 'reserved' } : { type: 'metadata', key };
  }
  const numbered = BY_NAME.get(NUMBERED.exec(name)?.[1] ?? '');
  if (numbered !== undefined) return { type: 'column', name: numbered, numbered: true };
  const nearest = nearestColumn(name);
  return nearest === undefined ? { type: 'metadata', key: name } : { type: 'misspelt', nearest };
}

function nearestColumn(name: string): string | undefined {
  const media = MEDIA_LOOKALIKE.exec(name)?.[1]?.toLowerCase();
  if (media !== undefined) return media;
  return name.toLowerCase() === 'id' ? 'id' : nearestName(name, SLIPS);
}

/** Names that every JavaScript object answers to: as keys from a file they could reach what is not theirs. */
export function isReservedName(name: string): boolean {
  return name === '__proto__' || name === 'prototype' || name in Object.prototype;
}

/** What to say of a misspelt name. */
export function misspeltHint(name: string, nearest: string): string {
  return `did you mean "${nearest}"? Write "meta.${name}" to keep it as metadata`;
}
