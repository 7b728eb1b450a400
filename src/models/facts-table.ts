/** The dated table of what is known of models. For each fact, the first row that matches name and host and states it counts. */

import type { Api, GenerateParams, Modality } from '../types.ts';
import type { Host } from './host.ts';

/** What a row may state; absent = the row says nothing about it. */
export interface ModelFacts {
  /** What the model accepts. */
  readonly modalities?: readonly Modality[];
  /** Most images in one request. */
  readonly maxImages?: number;
  /** Size of the largest clip. */
  readonly maxAudioBytes?: number;
  /** Pixels. The vendor scales images with a longer side down. */
  readonly maxImageEdge?: number;
  /** Parameters that it answers with an error. */
  readonly refuses?: readonly (keyof GenerateParams)[];
  /** The name on the wire for the longest answer, where `max_tokens` is an error. */
  readonly lengthMember?: 'max_completion_tokens';
  /** The only protocol in which it answers. */
  readonly api?: Api;
  /** ISO date from which requests fail; null = the source names no date. */
  readonly retiresOn?: string | null;
}

export interface FactRow extends ModelFacts {
  /** Names as vendors write them, for lists and tests; empty for a row about all models of a host. */
  readonly names: readonly string[];
  /** Matches names from `comparableModel`, with vendor prefixes and the additions of deployments. */
  readonly models: RegExp;
  /** Where it holds; absent = everywhere. */
  readonly hosts?: readonly Host[];
  readonly source: string;
  /** ISO date of the source, or of the day on which it was read. */
  readonly asOf: string;
}

const MICROSOFT = { hosts: ['azure'], source: "Microsoft's schedule", asOf: '2026-07-07' } as const;
const OPENAI = { hosts: ['openai'], source: "OpenAI's deprecations page", asOf: '2026-10-28' } as const;
/** Anthropic's dates hold for its own API and for Microsoft Foundry (its deprecations page). */
const ANTHROPIC = {
  hosts: ['anthropic', 'azure'],
  source: "Anthropic's deprecations page",
  asOf: '2026-11-26',
} as const;
const GOOGLE = { hosts: ['google'], source: "Google's deprecations page", asOf: '2026-06-02' } as const;

const RETIREMENTS: readonly FactRow[] = [
  {
    names: ['gpt-4o-mini-transcribe', 'whisper', 'tts', 'tts-hd'],
    models: /gpt-4o-mini-transcribe|(^|[^a-z0-9])whisper|(?<!gpt-.*)(^|[^a-z0-9])tts/,
    retiresOn: '2026-12-15',
    ...MICROSOFT,
  },
  {
    names: ['gpt-4o-transcribe', 'gpt-4o-transcribe-diarize'],
    models: /gpt-4o-transcribe/,
    retiresOn: '2026-10-15',
    ...MICROSOFT,
  },
  { names: ['gpt-audio-mini'], models: /gpt-audio-mini/, retiresOn: '2026-12-15', ...MICROSOFT },
  { names: ['gpt-audio-1.5'], models: /gpt-audio-1[.-]5/, retiresOn: '2027-02-23', ...MICROSOFT },
  { names: ['gpt-audio'], models: /gpt-audio/, retiresOn: '2027-02-28', ...MICROSOFT },
  {
    names: ['gpt-4o', 'gpt-4o-mini'],
    models: /(?<!chat)gpt-4o(?![a-z0-9])(?!.*(audio|realtime|search|transcribe|tts))/,
    retiresOn: '2026-10-01',
    ...MICROSOFT,
  },
  {
    names: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano'],
    models: /gpt-4\.1/,
    retiresOn: '2026-10-14',
    ...MICROSOFT,
  },
  {
    names: ['o3', 'o4-mini'],
    models: /(^|[^a-z0-9])(o3(?!-(mini|pro))|o4-mini)(?![a-z0-9.])(?!.*deep-research)/,
    retiresOn: '2026-10-16',
    ...MICROSOFT,
  },
  { names: ['gpt-5.2'], models: /gpt-5\.2(?!.*(chat|codex|pro))/, retiresOn: '2026-12-12', ...MICROSOFT },
  {
    names: ['Llama-3.2-11B-Vision-Instruct', 'Llama-3.2-90B-Vision-Instruct'],
    models: /llama-3[.-]2.*vision/,
    retiresOn: '2026-06-13',
    ...MICROSOFT,
  },
  { names: ['Phi-4-multimodal-instruct'], models: /phi-4-?(mm|multimodal)/, retiresOn: null, ...MICROSOFT },

  {
    names: ['gpt-4o-audio-preview'],
    models: /gpt-4o-audio-preview/,
    retiresOn: '2026-05-07',
    ...OPENAI,
  },
  {
    names: ['whisper-1', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe'],
    models: /(^|[^a-z0-9])whisper-1|gpt-4o-(mini-)?transcribe/,
    retiresOn: '2027-02-26',
    ...OPENAI,
  },
  {
    names: ['gpt-3.5-turbo', 'gpt-4', 'gpt-4-turbo', 'gpt-4o-2024-05-13', 'gpt-4.1-nano', 'o1', 'o3-mini', 'o4-mini'],
    models:
      /gpt-3\.5-turbo|gpt-4(?![.\w])|gpt-4o-2024-05-13|gpt-4\.1-nano|(^|[^a-z0-9])(o1|o3-mini|o4-mini)(?![a-z0-9.])(?!.*deep-research)/,
    retiresOn: '2026-10-23',
    ...OPENAI,
  },
  {
    names: ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini'],
    models: /(?<!chat)gpt-(4o|4\.1)(?![a-z0-9])(?!.*(audio|realtime|search|tts))/,
    retiresOn: '2027-01-14',
    ...OPENAI,
  },
  { names: ['gpt-audio'], models: /gpt-audio(?!-(mini|1[.-]5))/, retiresOn: '2027-01-20', ...OPENAI },
  {
    names: ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5-pro', 'o3', 'o3-pro'],
    models: /gpt-5(?!\.\d)(?!.*(chat|codex))|(^|[^a-z0-9])o3(?!-mini)(?![a-z0-9.])(?!.*deep-research)/,
    retiresOn: '2026-12-11',
    ...OPENAI,
  },
  { names: ['gpt-5.1'], models: /gpt-5\.1(?!.*(chat|codex))/, retiresOn: '2027-04-01', ...OPENAI },

  { names: ['claude-3-sonnet'], models: /claude-3-sonnet/, retiresOn: '2025-07-21', ...ANTHROPIC },
  { names: ['claude-3-5-sonnet'], models: /claude-3[.-]5-sonnet/, retiresOn: '2025-10-28', ...ANTHROPIC },
  { names: ['claude-3-opus'], models: /claude-3-opus/, retiresOn: '2026-01-05', ...ANTHROPIC },
  {
    names: ['claude-3-7-sonnet', 'claude-3-5-haiku'],
    models: /claude-3[.-](7-sonnet|5-haiku)/,
    retiresOn: '2026-02-19',
    ...ANTHROPIC,
  },
  { names: ['claude-3-haiku'], models: /claude-3-haiku/, retiresOn: '2026-04-20', ...ANTHROPIC },
  {
    names: ['claude-opus-4', 'claude-sonnet-4'],
    models: /claude-(opus|sonnet)-4([.-]0)?(-\d{8}|@.*)?$/,
    retiresOn: '2026-06-15',
    ...ANTHROPIC,
  },
  { names: ['claude-opus-4-1'], models: /claude-opus-4[.-]1(?!\d)/, retiresOn: '2026-08-05', ...ANTHROPIC },
  { names: ['claude-opus-4-5'], models: /claude-opus-4[.-]5(?!\d)/, retiresOn: '2027-01-22', ...ANTHROPIC },
  {
    names: ['gemini-2.0-flash', 'gemini-2.0-flash-lite'],
    models: /gemini-2[.-]0-flash/,
    retiresOn: '2026-06-01',
    ...GOOGLE,
  },
  { names: ['gemini-3-pro-preview'], models: /gemini-3-pro-preview/, retiresOn: '2026-03-09', ...GOOGLE },
];

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

const MODALITIES: readonly FactRow[] = [
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
    modalities: IMAGES,
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
    modalities: IMAGES,
    ...CLAUDE_PAGE,
  },
  {
    names: ['gemini-2.5-flash', 'gemini-2.5-pro'],
    models: /gemini-([2-9]|1\.5)/,
    modalities: ALL,
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
  ...EDGES,
  EMBEDDED,
  ...PARAMETERS,
  ...RESPONSES_ONLY,
  ...MODALITIES,
];
