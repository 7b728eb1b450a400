/** The dated table of token rules by model name. The first matching row counts, and in it the newest valid version. */

import type { AudioRuleName } from './audio-rules.ts';
import type { ImageRuleName } from './image-rules.ts';
import type { Settings } from './settings.ts';
import type { TextRuleName } from './text-rules.ts';

/** The settings, or the rule, of a detail level. */
interface DetailVariant {
  readonly rule?: ImageRuleName;
  readonly settings?: Settings;
}

/** How a model counts images from a date on. */
export interface ImageVersion {
  /** ISO date of its start. */
  readonly validFrom: string;
  readonly source: string;
  readonly rule: ImageRuleName;
  readonly settings?: Settings;
  /** By lower-case level; an unlisted level changes nothing. */
  readonly detail?: Readonly<Record<string, DetailVariant>>;
  /** The level for `auto` and for no detail. */
  readonly defaultDetail?: string;
  /** Replaces the band of the rule, as factors. */
  readonly band?: readonly [number, number];
}

export interface ImageRow {
  /** Matches names from `comparableModel`, with their vendor prefixes. */
  readonly models: RegExp;
  /** Newest first. */
  readonly versions: readonly ImageVersion[];
}

export interface AudioRow {
  readonly models: RegExp;
  readonly rule: AudioRuleName;
  readonly settings?: Settings;
  readonly validFrom: string;
  readonly source: string;
}

export interface TextRow {
  readonly models: RegExp;
  readonly rule: TextRuleName;
  readonly validFrom: string;
}

const GUIDE = 'OpenAI images-vision guide';
/** The guide of autumn 2026 changed multipliers, budgets and levels; before, the guide of spring 2026 had not changed since 2025. */
const AUTUMN = { validFrom: '2026-09-01', source: `${GUIDE}, read 2026-09-24` } as const;
const SPRING = { validFrom: '2025-04-14', source: `${GUIDE}, spring 2026` } as const;
/** The code of open weights has not changed since their release. */
const CODE = '2024-01-01';

const tiles = (base: number, tile: number): ImageVersion => ({
  ...SPRING,
  rule: 'openai-tiles',
  settings: { base, tile },
  detail: { low: { settings: { tile: 0 } } },
});
const limits = (budget: number, maxEdge?: number): Settings =>
  maxEdge === undefined ? { budget } : { budget, maxEdge };
const patches = (multiplier: number, budget: number, maxEdge?: number): ImageVersion => ({
  ...AUTUMN,
  rule: 'openai-patches',
  settings: { multiplier, ...limits(budget, maxEdge) },
});
const patchesUntilAutumn = (multiplier: number, budget: number, maxEdge?: number): ImageVersion => ({
  ...SPRING,
  rule: 'openai-patches',
  settings: { multiplier, nearest: 1, ...limits(budget, maxEdge) },
});

const LOW_512 = { settings: { maxEdge: 512 } };
const HIGH_2500 = { settings: { maxEdge: 2048, budget: 2500 } };
const ORIGINAL_10000 = { settings: { maxEdge: 6000, budget: 10_000 } };

/** From gpt-5.5 on `auto` means `original`: a 12 megapixel photo then costs up to five times as much. */
const newest = (detail: Readonly<Record<string, DetailVariant>>): ImageVersion => ({
  ...AUTUMN,
  rule: 'openai-patches',
  settings: { multiplier: 1.2 },
  detail: { low: LOW_512, ...detail },
  defaultDetail: 'original',
});
/** gpt-5.4 alone has a `low` that can cost more than `high`. */
const GPT_5_4: ImageVersion = {
  ...AUTUMN,
  rule: 'openai-patches',
  settings: { multiplier: 1.2 },
  detail: { low: { settings: { maxEdge: 2048, budget: 6144 } }, high: HIGH_2500, original: ORIGINAL_10000 },
  defaultDetail: 'high',
};

const CLAUDE_PAGE = 'https://platform.claude.com/docs/en/build-with-claude/vision';
const GEMINI_PAGE = 'https://ai.google.dev/gemini-api/docs/media-resolution';
const version = (rule: ImageRuleName, settings: Settings, source: string): ImageVersion => ({
  rule,
  settings,
  source,
  validFrom: CODE,
});

export const IMAGE_MODELS: readonly ImageRow[] = [
  // The examples of the guide, without multipliers of models.
  { models: /patch budget/, versions: [patchesUntilAutumn(1, 1536)] },
  { models: /gpt-[6-9]/, versions: [newest({ high: { settings: { budget: 2500 } }, original: {} })] },
  { models: /gpt-5\.[6-9]/, versions: [newest({ high: HIGH_2500, original: { settings: { maxEdge: 65_535 } } })] },
  { models: /gpt-5\.5/, versions: [newest({ high: HIGH_2500, original: ORIGINAL_10000 })] },
  { models: /gpt-5\.4-mini/, versions: [GPT_5_4, patchesUntilAutumn(1.62, 1536, 2048)] },
  { models: /gpt-5\.4-nano/, versions: [GPT_5_4, patchesUntilAutumn(2.46, 1536, 2048)] },
  { models: /gpt-5\.4/, versions: [GPT_5_4] },
  { models: /gpt-5\.[23]/, versions: [patches(1.2, 6144, 2048)] },
  {
    models: /gpt-5(\.1)?-(codex-)?mini/,
    versions: [patches(1.2, 1536), patchesUntilAutumn(1.62, 1536)],
  },
  {
    models: /gpt-5-nano/,
    versions: [patches(1.5, 1536), patchesUntilAutumn(2.46, 1536)],
  },
  { models: /gpt-5/, versions: [tiles(70, 140)] },
  {
    models: /gpt-4\.1-mini/,
    versions: [patches(1.62, 6144, 2048), patchesUntilAutumn(1.62, 1536)],
  },
  { models: /gpt-4\.1-nano/, versions: [patches(2.46, 1536), patchesUntilAutumn(2.46, 1536)] },
  { models: /o4-mini/, versions: [patches(1.72, 1536), patchesUntilAutumn(1.72, 1536)] },
  { models: /gpt-4o-mini/, versions: [tiles(2833, 5667)] },
  { models: /gpt-4(o|\.1|\.5|-turbo|-vision)/, versions: [tiles(85, 170)] },
  { models: /(^|[^a-z0-9])o[13](?!-mini)/, versions: [tiles(75, 150)] },
  { models: /computer-use/, versions: [tiles(65, 129)] },
  {
    models: /claude.*(high-?res|fable|mythos|opus-4[.-][7-9](?!\d)|(opus|sonnet|haiku)-[5-9])/,
    versions: [{ ...version('claude', { maxEdge: 2576, maxTokens: 4784 }, CLAUDE_PAGE), validFrom: '2026-04-16' }],
  },
  { models: /claude/, versions: [version('claude', {}, CLAUDE_PAGE)] },
  {
    // `latest` names without a version are Gemini 3 since its release.
    models: /gemini-([3-9]|(pro|flash|flash-lite)-latest)/,
    versions: [
      {
        ...version('gemini-3', {}, GEMINI_PAGE),
        detail: {
          low: { settings: { budget: 280 } },
          medium: { settings: { budget: 560 } },
          high: { settings: { budget: 1120 } },
          ultra_high: { settings: { budget: 2240 } },
        },
        defaultDetail: 'high',
      },
    ],
  },
  { models: /gemini-(1|pro)/, versions: [version('flat', { tokens: 258 }, 'Gemini 1.x tokens page')] },
  {
    models: /gemini/,
    versions: [
      {
        ...version('gemini-tiles', {}, GEMINI_PAGE),
        detail: {
          low: { rule: 'flat', settings: { tokens: 64 } },
          medium: { rule: 'flat', settings: { tokens: 256 } },
        },
      },
    ],
  },
  { models: /gemma.*pan.?(&|and).?scan on/, versions: [version('gemma-3', { panAndScan: 1 }, 'gemma3 processor')] },
  { models: /gemma[ -]?4/, versions: [version('gemma-4', {}, 'gemma4 processor')] },
  {
    models: /gemma/,
    versions: [
      {
        ...version('gemma-3', {}, 'gemma3 processor'),
        detail: { pan_and_scan: { settings: { panAndScan: 1 } } },
      },
    ],
  },
  { models: /phi-?4-?(mm|multimodal|omni)/, versions: [version('phi-4-multimodal', {}, 'transformers, vllm')] },
  { models: /phi-?3\.5-?v/, versions: [version('phi-3-vision', { numCrops: 4 }, 'vllm phi3v.py')] },
  { models: /phi-?3-?v/, versions: [version('phi-3-vision', { numCrops: 16 }, 'vllm phi3v.py')] },
  {
    models: /qwen-?3(\.\d)?-?(vl|omni)|qwen-?3\.[5-9]/,
    versions: [version('qwen-vl', { factor: 32, minPixels: 65_536, maxPixels: 16_777_216 }, 'Qwen3-VL processor')],
  },
  { models: /qwen-?2(\.5)?-?(vl|omni)|qvq/, versions: [version('qwen-vl', {}, 'Qwen2-VL processor')] },
  {
    models: /qwen-?(vl|omni)/,
    versions: [{ ...version('qwen-vl', { maxTokens: 1280 }, 'DashScope, secondary sources'), band: [0.5, 12.8] }],
  },
  { models: /pixtral/, versions: [version('mistral', {}, 'mistral-common')] },
  {
    models: /mistral|magistral|ministral/,
    versions: [version('mistral', { patch: 14, merge: 2, maxEdge: 1540 }, 'mistral-common')],
  },
  { models: /llama[ -]?4/, versions: [version('llama-4', {}, 'transformers')] },
  { models: /llama-?3[.-]2/, versions: [version('llama-3.2-vision', {}, 'transformers, vllm, Together')] },
  { models: /intern-?vl/, versions: [version('internvl', {}, 'InternVL code')] },
  {
    models: /(^|[^a-z])nova-2/,
    // Billed flat, while the reported input tokens may differ.
    versions: [{ ...version('flat', { tokens: 230 }, 'Nova 2 user guide'), band: [1, 11.5] }],
  },
  { models: /(^|[^a-z])nova/, versions: [version('nova', {}, 'Nova user guide')] },
];

export const AUDIO_MODELS: readonly AudioRow[] = [
  {
    models: /gpt-.*(audio|realtime).*\(output\)/,
    rule: 'openai-audio',
    settings: { perSecond: 20 },
    validFrom: '2024-10-01',
    source: 'OpenAI realtime-costs guide: a token for each 50 ms of assistant audio',
  },
  { models: /gpt-.*(audio|realtime)/, rule: 'openai-audio', validFrom: '2024-10-01', source: 'OpenAI realtime-costs' },
  {
    models: /gpt-4o-(mini-)?transcribe/,
    rule: 'openai-audio',
    validFrom: '2025-03-20',
    source: 'OpenAI realtime-costs',
  },
  {
    models: /gemini.*live/,
    rule: 'gemini-audio',
    settings: { perSecond: 25 },
    validFrom: CODE,
    source: 'third-party notes on the Live API, unverified',
  },
  {
    models: /gemini-([3-9]|(pro|flash|flash-lite)-latest)/,
    rule: 'gemini-3-audio',
    validFrom: '2025-11-18',
    source: GEMINI_PAGE,
  },
  { models: /gemini|gemma-?3n/, rule: 'gemini-audio', validFrom: CODE, source: 'Gemini tokens page' },
  {
    models: /phi-?4.*(integer|remote code)/,
    rule: 'phi-4-multimodal-integer',
    validFrom: '2025-02-26',
    source: 'model repository code',
  },
  { models: /phi-?4-?(mm|multimodal|omni)/, rule: 'phi-4-multimodal', validFrom: '2025-02-26', source: 'transformers' },
  {
    models: /qwen-?3(\.\d)?-?(omni|asr)|qwen-?3\.[5-9].*omni/,
    rule: 'qwen3-omni',
    validFrom: CODE,
    source: 'transformers',
  },
  { models: /qwen-?2\.5-?omni|qwen-?omni/, rule: 'qwen2.5-omni', validFrom: CODE, source: 'transformers' },
  { models: /qwen-?2?-?audio/, rule: 'qwen2-audio', validFrom: CODE, source: 'transformers' },
  {
    models: /no chunking/,
    rule: 'voxtral',
    settings: { chunkSeconds: 0 },
    validFrom: CODE,
    source: 'mistral-common v7 tokenizer test',
  },
  { models: /voxtral/, rule: 'voxtral', validFrom: '2025-07-15', source: 'mistral-common' },
];

const text = (models: RegExp, rule: TextRuleName): TextRow => ({ models, rule, validFrom: CODE });

export const TEXT_MODELS: readonly TextRow[] = [
  text(/gpt-([6-9]|5)|gpt-oss/, 'openai-harmony'),
  text(/gpt-(4o|4\.1|4\.5|audio|realtime)|chatgpt|computer-use|(^|[^a-z0-9])o[134]([^a-z0-9]|$)/, 'openai'),
  text(/gpt-(4|3\.5)/, 'openai-cl100k'),
  text(/phi-?4-?(mm|mini|multimodal|omni)/, 'phi-4'),
  text(/phi-?4/, 'phi-4-14b'),
  text(/phi-?3/, 'phi-3'),
  text(/claude.*(fable|mythos|opus-4[.-][7-9](?!\d)|(opus|sonnet|haiku)-[5-9])/, 'claude-next'),
  text(/claude/, 'claude'),
  text(/gemini/, 'gemini'),
  text(/gemma/, 'gemma'),
  text(/qwen-?2|qvq/, 'qwen-2'),
  text(/qwen|qwq|intern-?vl/, 'qwen'),
  text(/llama[ -]?4/, 'llama-4'),
  text(/llama-?3/, 'llama-3'),
  text(/mistral|mixtral|pixtral|voxtral|magistral|ministral/, 'mistral'),
  text(/(^|[^a-z])nova/, 'nova'),
];
