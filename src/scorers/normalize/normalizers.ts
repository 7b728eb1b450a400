/** The normalisers, which are applied to both answer and target before they are compared. */

import { z } from 'zod';
import { whisperBasic } from './whisper-basic.ts';
import { whisperEnglish } from './whisper-english.ts';

/** Values of the option `normalizer`. */
const NORMALIZER_NAMES = ['none', 'basic', 'whisper-basic', 'whisper-en'] as const;
export type NormalizerName = (typeof NORMALIZER_NAMES)[number];

/** All normalisers by name. */
export const NORMALIZERS: Readonly<Record<NormalizerName, (text: string) => string>> = {
  none: (text) => text,
  basic,
  'whisper-basic': (text) => whisperBasic(text),
  'whisper-en': whisperEnglish,
};

/** The option `normalizer` of a scorer. */
export function normalizerOption(fallback: NormalizerName) {
  return z
    .enum(NORMALIZER_NAMES)
    .default(fallback)
    .describe(
      'none: text as it is · basic: ignores case, white space, wrapping quotes or Markdown and a final full stop · ' +
        'whisper-basic: ignores case, punctuation and bracketed text · ' +
        'whisper-en: also unifies English numbers, contractions, titles, fillers and British spelling',
    );
}

/** The lookbehind keeps the time linear on long runs of dots. */
const FULL_STOPS = /(?<![.。])[.。]+$/u;

/** Pairs that wrap a whole answer without being part of it. A single one is kept: `A*` is a grade. */
const WRAPPERS = [
  ['**', '**'],
  ['*', '*'],
  ['`', '`'],
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['‘', '’'],
  ['«', '»'],
  ['「', '」'],
] as const;

/** Unicode NFC, lower case, white space collapsed, wrapping quotes or Markdown removed, final full stops removed. */
function basic(text: string): string {
  let bare = text.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();
  for (;;) {
    const shorter = unwrap(bare).replace(FULL_STOPS, '').trim();
    if (shorter === '' || shorter === bare) return bare;
    bare = shorter;
  }
}

function unwrap(text: string): string {
  const pair = WRAPPERS.find(
    ([open, close]) => text.length > open.length + close.length && text.startsWith(open) && text.endsWith(close),
  );
  return pair === undefined ? text : text.slice(pair[0].length, text.length - pair[1].length);
}
