/** Gemini before 3: 32 tokens for each second. */

import { floorOf } from '../rounding.ts';
import { defineAudioRule } from './audio-rule.ts';

/** Reports for the Live API are about 25. */
export const geminiAudio = defineAudioRule({
  description: '32 a second, rounded down',
  source: 'https://ai.google.dev/gemini-api/docs/tokens; cookbook Counting_Tokens: 83,552 tokens for 2,611 s',
  defaults: { perSecond: 32 },
  tokens: ({ seconds }, { perSecond }) => floorOf(seconds * perSecond),
});
