/** Gemini 3 and later: 25 tokens for each second. */

import { floorOf } from '../rounding.ts';
import { defineAudioRule } from './audio-rule.ts';

/** The tokens page of the vendor still says 32 of all models; the page that was written for these models says 25. */
const OTHER_PAGE = 32;

export const gemini3Audio = defineAudioRule({
  description: '25 a second, rounded down; up to 32, which another page says of every model',
  source: 'https://ai.google.dev/gemini-api/docs/media-resolution, of 2026-09-23',
  defaults: { perSecond: 25 },
  confidence: 'close',
  tokens: ({ seconds }, { perSecond }) => floorOf(seconds * perSecond),
  range: ({ seconds }, { perSecond }) => [
    floorOf(seconds * perSecond),
    floorOf(seconds * Math.max(perSecond, OTHER_PAGE)),
  ],
});
