/** Every audio rule by the name that configurations use. A new one is one file in `audio-rules/` and one line here. */

import type { AudioRule } from './audio-rules/audio-rule.ts';
import { gemini3Audio } from './audio-rules/gemini-3-audio.ts';
import { geminiAudio } from './audio-rules/gemini-audio.ts';
import { openaiAudio } from './audio-rules/openai-audio.ts';
import { phi4Audio, phi4AudioInteger } from './audio-rules/phi-4-audio.ts';
import { qwen3Omni } from './audio-rules/qwen-3-omni.ts';
import { qwen2Audio, qwen25Omni } from './audio-rules/qwen-audio.ts';
import { voxtral } from './audio-rules/voxtral.ts';

export const AUDIO_RULES = {
  'openai-audio': openaiAudio,
  'gemini-audio': geminiAudio,
  'gemini-3-audio': gemini3Audio,
  'phi-4-multimodal': phi4Audio,
  'phi-4-multimodal-integer': phi4AudioInteger,
  'qwen2-audio': qwen2Audio,
  'qwen2.5-omni': qwen25Omni,
  'qwen3-omni': qwen3Omni,
  voxtral,
} as const satisfies Record<string, AudioRule>;

export type AudioRuleName = keyof typeof AUDIO_RULES;
