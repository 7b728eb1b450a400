/** What transcripts are cut into: words, or characters for languages that put no spaces between words. */

import { z } from 'zod';

/** Written without spaces between words. */
const CHARACTER_LANGUAGES = ['bo', 'cmn', 'dz', 'ja', 'km', 'lo', 'my', 'th', 'yue', 'zh'];

/** The options that settle the units. */
export const unitOptions = {
  units: z
    .enum(['words', 'characters'])
    .exactOptional()
    .describe('what is counted; default: by language, else words split at white space'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$/u, { error: 'must be a language code such as en or zh-TW' })
    .exactOptional()
    .describe('code of the language, e.g. th: decides the units where they are not given'),
};

/** Cuts a text. */
export function splitterOf(options: {
  readonly units?: string;
  readonly language?: string;
}): (text: string) => readonly string[] {
  const [language = ''] = options.language?.split('-') ?? [];
  const units = options.units ?? (CHARACTER_LANGUAGES.includes(language) ? 'characters' : 'words');
  return units === 'words' ? toWords : toCharacters;
}

export function toWords(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

/** Unicode code points without white space. */
function toCharacters(text: string): readonly string[] {
  return [...text.replace(/\s+/gu, '')];
}
