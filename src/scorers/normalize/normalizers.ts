/** The normalisers, which are applied to both answer and target before they are compared. */

import { z } from 'zod';
import { basic } from './basic.ts';
import { openAsr } from './open-asr.ts';
import { whisperBasic } from './whisper-basic.ts';
import { whisperEnglish } from './whisper-english.ts';

/** Values of the option `normalizer`. */
const NORMALIZER_NAMES = ['none', 'basic', 'whisper-basic', 'whisper-en', 'open-asr'] as const;
export type NormalizerName = (typeof NORMALIZER_NAMES)[number];

/** All normalisers by name. */
export const NORMALIZERS: Readonly<Record<NormalizerName, (text: string) => string>> = {
  none: (text) => text,
  basic,
  'whisper-basic': (text) => whisperBasic(text),
  'whisper-en': whisperEnglish,
  'open-asr': openAsr,
};

/** The option `normalizer` of a scorer. */
export function normalizerOption(fallback: NormalizerName) {
  return z
    .enum(NORMALIZER_NAMES)
    .default(fallback)
    .describe(
      'none: text as it is · basic: ignores case, width, white space, kinds of quotes, Markdown emphasis and a final full ' +
        'stop · whisper-basic: ignores case, punctuation and bracketed text · whisper-en: also unifies English numbers, ' +
        "contractions, titles, fillers and British spelling · open-asr: the leaderboard's, also compounds and names",
    );
}
