/** Voxtral: 12.5 tokens a second of audio padded to whole chunks, and a begin mark. */

import { ceilOf } from '../rounding.ts';
import { defineAudioRule } from './audio-rule.ts';

/** `chunkSeconds` 0 means no padding, as mistral-common's own tokenizer test has it. */
export const voxtral = defineAudioRule({
  description: '12.5 a second after padding to 30 s chunks, and 1',
  source: 'mistral-common audio.py, tests/test_tokenizer_v7_audio.py',
  defaults: { perSecond: 12.5, chunkSeconds: 30 },
  tokens: ({ seconds }, { perSecond, chunkSeconds }) => {
    const padded = chunkSeconds > 0 ? ceilOf(seconds / chunkSeconds) * chunkSeconds : seconds;
    return ceilOf(padded * perSecond) + 1;
  },
});
