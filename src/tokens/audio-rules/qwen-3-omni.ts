/** Qwen3-Omni and Qwen3-ASR: 13 tokens for each second, and a tail halved three times. */

import { defineAudioRule } from './audio-rule.ts';
import { melFrames } from './qwen-audio.ts';

const halved = (frames: number) => Math.floor((frames - 1) / 2) + 1;

export const qwen3Omni = defineAudioRule({
  description: '13 for each 100 frames of 10 ms, the rest halved three times',
  source: 'transformers _get_feat_extract_output_lengths of Qwen3-Omni',
  defaults: {},
  tokens: ({ seconds }) => {
    const frames = melFrames(seconds);
    return Math.floor(frames / 100) * 13 + halved(halved(halved(frames % 100)));
  },
});
