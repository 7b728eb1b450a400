/** How many tokens a request is taken to need before anybody knows: what a quota reserves, settled when the reply tells. */

import type { GenerateParams, Message } from '../types.ts';

/** Bytes of UTF-8 a token, over the thumb: near 4 for English, less for other scripts, which have more bytes a letter. */
const TEXT_BYTES_PER_TOKEN = 4;
/** Role, separators and begin of the answer. */
const TOKENS_PER_MESSAGE = 4;
/** Between a low-detail tile (85) and a large picture (about 2,000) of the common vision models. */
const TOKENS_PER_IMAGE = 1000;
/** 16-bit mono speech at 16 kHz, and 12.5 tokens a second (Phi-4-multimodal: one per 80 ms). */
const AUDIO_BYTES_PER_TOKEN = 32_000 / 12.5;
/** Of a clip behind a URL: half a minute. */
const TOKENS_PER_REMOTE_CLIP = 375;
/** Of an answer without `maxTokens`. */
const DEFAULT_COMPLETION_TOKENS = 256;

/** Prompt and completion tokens; whole, at least 1. Azure counts alike: the prompt by its length, plus `max_tokens`. */
export function reservedTokens(messages: readonly Message[], params: GenerateParams): number {
  const prompt = messages.reduce(
    (sum, { content }) => sum + TOKENS_PER_MESSAGE + content.reduce((tokens, part) => tokens + partTokens(part), 0),
    0,
  );
  return Math.ceil(prompt) + (params.maxTokens ?? DEFAULT_COMPLETION_TOKENS);
}

function partTokens(part: Message['content'][number]): number {
  if (part.type === 'text') return Buffer.byteLength(part.text) / TEXT_BYTES_PER_TOKEN;
  if (part.type === 'image') return TOKENS_PER_IMAGE;
  return part.media.type === 'url' ? TOKENS_PER_REMOTE_CLIP : part.media.byteLength / AUDIO_BYTES_PER_TOKEN;
}
