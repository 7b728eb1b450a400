/** The dated table of what is known of models. For each fact, the first row that matches name and host and states it counts. */

import { MODALITIES as EVERY } from '../modalities.ts';
import type { FactRow } from './fact-row.ts';
import { RETIREMENTS } from './retirements-table.ts';

const LIMITS: readonly FactRow[] = [
  {
    names: ['Llama-4-Maverick-17B-128E-Instruct-FP8'],
    models: /llama-?4-maverick/,
    hosts: ['azure'],
    maxImages: 1,
    source: 'meta-llama/llama-cookbook #938',
    asOf: '2026-11-29',
  },
  {
    names: [],
    models: /(?:)/,
    hosts: ['azure'],
    maxImages: 50,
    source: 'Azure/azure-rest-api-specs #46145',
    asOf: '2026-11-29',
  },
  {
    names: [],
    models: /(?:)/,
    hosts: ['azure'],
    maxAudioBytes: 25 * 2 ** 20,
    source: 'Microsoft Learn, Whisper quickstart',
    asOf: '2026-11-29',
  },
];

const CLAUDE_PAGE = { source: 'platform.claude.com, vision', asOf: '2026-11-23' } as const;

const MISTRAL_COMMON = { source: 'mistral-common', asOf: '2026-11-29' } as const;

const EDGES: readonly FactRow[] = [
  {
    names: ['claude-opus-4-7', 'claude-sonnet-5'],
    models: /claude.*(fable|mythos|opus-4[.-][7-9](?!\d)|(opus|sonnet|haiku)-[5-9])/,
    maxImageEdge: 2576,
    ...CLAUDE_PAGE,
  },
  { names: ['claude-opus-4-5'], models: /claude/, maxImageEdge: 1568, ...CLAUDE_PAGE },
  { names: ['pixtral-12b'], models: /pixtral/, maxImageEdge: 1024, ...MISTRAL_COMMON },
  { names: ['mistral-medium-3-5'], models: /mistral|magistral|ministral/, maxImageEdge: 1540, ...MISTRAL_COMMON },
];

/**
 * A request to Anthropic may have 32 MB, which is base64 of 24 MB, and 100 pages
 * (https://docs.anthropic.com/en/docs/build-with-claude/pdf-support). A PDF to Gemini may have 50 MB
 * (https://ai.google.dev/gemini-api/docs/file-input-methods), and a whole request 100 MB since 2026-01-12, which is base64 of
 * 75 MB (https://blog.google/innovation-and-ai/technology/developers-tools/gemini-api-new-file-limits).
 */
const DOCUMENT_LIMITS: readonly FactRow[] = [
  {
    names: [],
    models: /(?:)/,
    hosts: ['anthropic'],
    maxPages: 100,
    maxDocumentBytes: 24_000_000,
    source: 'platform.claude.com, PDF support',
    asOf: '2026-11-29',
  },
  {
    names: [],
    models: /(?:)/,
    hosts: ['google'],
    maxPages: 1000,
    maxDocumentBytes: 50_000_000,
    maxVideoBytes: 75_000_000,
    source: 'ai.google.dev, file input methods',
    asOf: '2026-11-30',
  },
];

/** Longer clips get a 400 that names this limit; whisper-1 has none. */
const CLIP_LENGTHS: FactRow = {
  names: ['gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-4o-transcribe-diarize'],
  models: /gpt-4o-(mini-)?transcribe/,
  hosts: ['openai', 'azure'],
  maxAudioSeconds: 1400,
  source: 'murtaza-nasir/speakr #168, rishikanthc/Scriberr #477',
  asOf: '2026-08-20',
};

/** The embedded endpoint answers more with an error. */
const EMBEDDED: FactRow = {
  names: [],
  models: /(?:)/,
  hosts: ['local'],
  maxImages: 1,
  source: "earsight's embedded endpoint",
  asOf: '2026-11-29',
};

const PARAMETERS: readonly FactRow[] = [
  {
    names: ['claude-opus-4-7', 'claude-opus-4-8', 'claude-opus-5', 'claude-sonnet-5', 'claude-haiku-5-5'],
    models:
      /claude.*(fable|mythos|opus-4[.-]([7-9]|\d\d)(?!\d)|(opus|sonnet)-([5-9]|\d\d)(?!\d)|haiku-(5[.-][5-9]|[6-9]|\d\d)(?!\d))/,
    refuses: ['temperature', 'topP'],
    source: 'Claude migration guides, BerriAI/litellm #26444',
    asOf: '2026-11-29',
  },
  {
    names: ['gpt-6'],
    models: /gpt-([6-9]|\d\d)(?!.*chat)/,
    refuses: ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty'],
    lengthMember: 'max_completion_tokens',
    source: 'BerriAI/litellm #39631',
    asOf: '2026-11-29',
  },
  {
    names: ['o1', 'o3', 'o3-mini', 'o4-mini', 'gpt-5', 'gpt-5-mini', 'gpt-5.2', 'gpt-5.4', 'gpt-5.6-sol'],
    models: /(^|[^a-z0-9])o\d+(?![a-z0-9.])|gpt-5(?!.*chat)/,
    refuses: ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty'],
    lengthMember: 'max_completion_tokens',
    source: 'Microsoft Learn, reasoning models',
    asOf: '2026-11-23',
  },
];

/** OpenAI's models that chat completions answer with an error. */
const RESPONSES_ONLY: readonly FactRow[] = [
  {
    names: ['gpt-5-pro', 'o3-pro', 'gpt-5-codex', 'o3-deep-research', 'o4-mini-deep-research'],
    models: /gpt-5-pro|(^|[^a-z0-9])o3-pro|gpt-.*-codex|deep-research/,
    hosts: ['openai', 'azure'],
    api: 'responses',
    source: 'developers.openai.com, models',
    asOf: '2026-11-29',
  },
];

const OPENAI_PAGE = { source: 'developers.openai.com, models', asOf: '2026-11-29' } as const;
const FOUNDRY_PAGE = { source: 'Microsoft Learn, Foundry Models', asOf: '2026-11-29' } as const;
const CARDS = { source: 'model cards', asOf: '2026-11-23' } as const;
const TEXT = ['text'] as const;
const IMAGES = ['text', 'image'] as const;
const CLIPS = ['text', 'audio'] as const;
const ALL = ['text', 'image', 'audio'] as const;
const PAGES = ['text', 'image', 'document'] as const;

const MODALITIES: readonly FactRow[] = [
  {
    names: ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-transcribe'],
    models: /(^|[^a-z0-9])whisper|gpt-.*transcribe/,
    modalities: CLIPS,
    ...OPENAI_PAGE,
  },
  {
    names: ['gpt-audio', 'gpt-audio-1.5', 'gpt-audio-mini', 'gpt-4o-audio-preview'],
    models: /gpt-.*audio/,
    modalities: CLIPS,
    ...OPENAI_PAGE,
  },
  {
    names: ['gpt-4o', 'gpt-4.1', 'gpt-5', 'gpt-6', 'o1', 'o3', 'o4-mini'],
    models:
      /gpt-(4o|4\.1|4-turbo|[5-9]|\d\d)(?!.*(transcribe|tts|realtime))|(^|[^a-z0-9])(o1|o3|o4-mini)(?![a-z0-9.])(?!-mini)/,
    modalities: PAGES,
    ...OPENAI_PAGE,
  },
  { names: ['o3-mini'], models: /(^|[^a-z0-9])o3-mini/, modalities: TEXT, ...OPENAI_PAGE },
  { names: ['Phi-4-multimodal-instruct'], models: /phi-4-?(mm|multimodal)/, modalities: ALL, ...FOUNDRY_PAGE },
  { names: ['Phi-3.5-vision-instruct'], models: /phi-3(\.5)?-v/, modalities: IMAGES, ...FOUNDRY_PAGE },
  { names: ['Phi-4', 'Phi-4-mini-instruct'], models: /phi-[34]/, modalities: TEXT, ...FOUNDRY_PAGE },
  {
    names: ['Llama-4-Maverick-17B-128E-Instruct-FP8', 'Llama-3.2-90B-Vision-Instruct'],
    models: /llama-?4|llama-3[.-]2.*vision/,
    modalities: IMAGES,
    ...FOUNDRY_PAGE,
  },
  {
    names: ['mistral-medium-3-5', 'Mistral-Large-3', 'Kimi-K2.5', 'grok-4.6'],
    models: /mistral-(medium-3|large-3|small-3[.-][12])|kimi-k2[.-][5-9]|grok-4[.-][67]/,
    modalities: IMAGES,
    ...FOUNDRY_PAGE,
  },
  {
    names: ['claude-opus-4-5', 'claude-sonnet-5'],
    models: /claude-([3-9]|opus|sonnet|haiku|fable|mythos)/,
    modalities: PAGES,
    source: 'platform.claude.com, vision and PDF support',
    asOf: '2026-11-29',
  },
  {
    names: ['gemini-2.5-flash', 'gemini-2.5-pro'],
    models: /gemini-([2-9]|1\.5)/,
    modalities: EVERY,
    source: 'ai.google.dev, models',
    asOf: '2026-11-23',
  },
  { names: ['qwen2.5-omni-7b'], models: /qwen-?[23](\.\d)?-?omni|gemma-?3n/, modalities: ALL, ...CARDS },
  {
    names: ['qwen2-audio-7b-instruct', 'voxtral-small'],
    models: /qwen-?2?-?audio|voxtral/,
    modalities: CLIPS,
    ...CARDS,
  },
  {
    names: ['qwen2.5-vl-7b', 'pixtral-12b'],
    models: /qwen-?[23](\.\d)?-?vl|pixtral|intern-?vl|gemma-?3/,
    modalities: IMAGES,
    ...CARDS,
  },
];

/** Every row. */
export const FACTS: readonly FactRow[] = [
  ...RETIREMENTS,
  ...LIMITS,
  ...DOCUMENT_LIMITS,
  ...EDGES,
  CLIP_LENGTHS,
  EMBEDDED,
  ...PARAMETERS,
  ...RESPONSES_ONLY,
  ...MODALITIES,
];
