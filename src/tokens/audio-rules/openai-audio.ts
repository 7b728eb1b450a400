/** OpenAI audio models: one token for each 100 ms of input, or 50 ms of speech output. */

import { ceilOf } from '../rounding.ts';
import { defineAudioRule } from './audio-rule.ts';

/** Reported counts include special tokens: up to 2 more. */
export const openaiAudio = defineAudioRule({
  description: '10 a second, rounded up (20 a second for audio that the model speaks)',
  source: 'https://developers.openai.com/api/docs/guides/realtime-costs',
  defaults: { perSecond: 10 },
  confidence: 'close',
  slack: [0, 2],
  tokens: ({ seconds }, { perSecond }) => ceilOf(seconds * perSecond),
});
