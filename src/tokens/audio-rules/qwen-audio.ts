/** Qwen2-Audio and Qwen2.5-Omni: 25 tokens a second up to a longest clip. */

import { ceilOf } from '../rounding.ts';
import { type AudioClip, defineAudioRule } from './audio-rule.ts';

/** Mel frames of 10 ms. */
export function melFrames(seconds: number): number {
  return Math.ceil(ceilOf(seconds * 16_000) / 160);
}

function tokens({ seconds }: AudioClip, { maxSeconds }: { readonly maxSeconds: number }): number {
  const frames = melFrames(Math.min(seconds, maxSeconds));
  const convolved = Math.floor((frames - 1) / 2) + 1;
  return Math.floor((convolved - 2) / 2) + 1;
}

export const qwen2Audio = defineAudioRule({
  description: '25 a second, at most 30 s',
  source: 'transformers processing_qwen2_audio.py',
  defaults: { maxSeconds: 30 },
  tokens,
});

export const qwen25Omni = defineAudioRule({
  description: '25 a second, at most 300 s',
  source: 'transformers processing_qwen2_5_omni.py',
  defaults: { maxSeconds: 300 },
  tokens,
});
