/** Every image rule by the name that configurations use. A new one is one file in `image-rules/` and one line here. */

import { gemini3, gemma4 } from './image-rules/aspect-budget.ts';
import { claude } from './image-rules/claude.ts';
import { flat } from './image-rules/flat.ts';
import { geminiTiles } from './image-rules/gemini-tiles.ts';
import { gemma3 } from './image-rules/gemma-3.ts';
import type { ImageRule } from './image-rules/image-rule.ts';
import { internvl } from './image-rules/internvl.ts';
import { llama32Vision } from './image-rules/llama-3.2-vision.ts';
import { llama4 } from './image-rules/llama-4.ts';
import { mistral } from './image-rules/mistral.ts';
import { nova } from './image-rules/nova.ts';
import { openaiPatches } from './image-rules/openai-patches.ts';
import { openaiTiles } from './image-rules/openai-tiles.ts';
import { phi3Vision } from './image-rules/phi-3-vision.ts';
import { phi4Multimodal } from './image-rules/phi-4-multimodal.ts';
import { qwenVl } from './image-rules/qwen-vl.ts';

export const IMAGE_RULES = {
  'openai-tiles': openaiTiles,
  'openai-patches': openaiPatches,
  claude,
  'gemini-tiles': geminiTiles,
  'gemini-3': gemini3,
  'gemma-3': gemma3,
  'gemma-4': gemma4,
  'phi-3-vision': phi3Vision,
  'phi-4-multimodal': phi4Multimodal,
  'qwen-vl': qwenVl,
  mistral,
  'llama-3.2-vision': llama32Vision,
  'llama-4': llama4,
  internvl,
  nova,
  flat,
} as const satisfies Record<string, ImageRule>;

export type ImageRuleName = keyof typeof IMAGE_RULES;
