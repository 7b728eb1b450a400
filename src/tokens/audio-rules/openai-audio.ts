/** OpenAI audio models: a token for each 100 ms heard, for each 50 ms spoken. */

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
