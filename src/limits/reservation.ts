/** Rough tokens of a request before it is sent: its quota reserves them, and settles them by the usage in the reply. */

import type { GenerateParams, Message } from '../types.ts';

/** Bytes of UTF-8 per token, a rule of thumb: about 4 in English, less in scripts that have more bytes per letter. */
const TEXT_BYTES_PER_TOKEN = 4;
/** Role, separators and the start of the answer. */
const TOKENS_PER_MESSAGE = 4;
/** Common vision models count between 85 (a low-detail tile) and about 2,000 (a large picture). */
const TOKENS_PER_IMAGE = 1000;
/** 16-bit mono speech at 16 kHz, and 12.5 tokens a second (Phi-4-multimodal: one per 80 ms). */
const AUDIO_BYTES_PER_TOKEN = 32_000 / 12.5;
/** A clip behind a URL is assumed to last half a minute. */
const TOKENS_PER_REMOTE_CLIP = 375;
/** The text of a page and its picture. */
const TOKENS_PER_PAGE = 1500;
/** A megabit a second, and 300 tokens a second (Gemini). */
const VIDEO_BYTES_PER_TOKEN = 125_000 / 300;
/** A video behind a URL is assumed to last half a minute. */
const TOKENS_PER_VIDEO = 9000;
/** Assumed for an answer without `maxTokens`. */
const DEFAULT_COMPLETION_TOKENS = 256;

/** Prompt and completion tokens; whole, at least 1. Azure, too, counts the length of the prompt and `max_tokens`. */
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
  if (part.type === 'document') return TOKENS_PER_PAGE * (part.media.type === 'url' ? 1 : (part.media.pages ?? 1));
  if (part.type === 'video')
    return part.media.type === 'url' ? TOKENS_PER_VIDEO : part.media.byteLength / VIDEO_BYTES_PER_TOKEN;
  return part.media.type === 'url' ? TOKENS_PER_REMOTE_CLIP : part.media.byteLength / AUDIO_BYTES_PER_TOKEN;
}
