/** Phi-4-multimodal: 80 ms a token at 16 kHz; some hosts resample by whole factors only, so the sample rate matters. */

import { type AudioClip, defineAudioRule } from './audio-rule.ts';

const MODEL_RATE = 16_000;
/** Samples of one frame and from one frame to the next: 25 ms and 10 ms. */
const WINDOW = 400;
const HOP = 160;
const FRAMES_PER_TOKEN = 8;

function tokensOf(samples: number): number {
  const frames = samples < WINDOW ? 1 : Math.floor((samples - WINDOW) / HOP) + 1;
  return Math.ceil(frames / FRAMES_PER_TOKEN);
}

function resampled({ seconds }: AudioClip): number {
  return tokensOf(Math.round(seconds * MODEL_RATE));
}

/**
 * The model repository's own code divides the rate by `floor(rate / 16000)` (below 16 kHz: by `floor(rate / 8000)`, then
 * doubles it) and treats the result as 16 kHz: 44.1 kHz counts 1.378 times as many tokens, 24 kHz 1.5 times.
 */
function integerResampled(clip: AudioClip): number {
  const rate = clip.sampleRate ?? MODEL_RATE;
  const samples = Math.round(clip.seconds * rate);
  if (rate >= MODEL_RATE) return tokensOf(Math.ceil(samples / Math.floor(rate / MODEL_RATE)));
  if (rate >= MODEL_RATE / 2) return tokensOf(2 * Math.ceil(samples / Math.floor(rate / (MODEL_RATE / 2))));
  return resampled(clip);
}

/** The largest error of a whole-factor host for an unknown rate: 24 kHz treated as 16 kHz. */
const WORST_FACTOR = 1.5;

export const phi4Audio = defineAudioRule({
  description: '12.5 a second at 16 kHz; up to 1.5 times that on hosts that resample by whole factors',
  source: 'transformers feature_extraction_phi4_multimodal.py; vllm phi4mm.py; model repository processing_phi4mm.py',
  defaults: {},
  confidence: 'close',
  tokens: resampled,
  range: (clip) => [
    resampled(clip),
    clip.sampleRate === null ? Math.ceil(resampled(clip) * WORST_FACTOR) : integerResampled(clip),
  ],
});

export const phi4AudioInteger = defineAudioRule({
  description: 'as phi-4-multimodal, resampled by whole factors only (the model repository code)',
  source: 'model repository processing_phi4mm.py, _extract_spectrogram',
  defaults: {},
  tokens: integerResampled,
});
