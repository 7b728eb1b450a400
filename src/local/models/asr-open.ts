/** Speech recognition with a bigram network of common English (assets/en-bigram.fsg). */

import { fileURLToPath } from 'node:url';
import type { LocalModel } from '../local-model.ts';
import { loadSpeechEngine } from '../speech.ts';

/** Recognises any sentence of its two thousand words, less reliably than a command. */
export const asrOpen: LocalModel = {
  medium: 'audio',
  description: 'PocketSphinx with a bigram network of 2,200 words, English',
  recogniser: 'PocketSphinx bigram (soundswallower 0.6.3, CMU US English)',
  packages: ['soundswallower'],
  load: () =>
    loadSpeechEngine({
      type: 'network',
      path: fileURLToPath(new URL('../../../assets/en-bigram.fsg', import.meta.url)),
    }),
};
