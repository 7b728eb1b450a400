/** How each model family counts text: an exact encoding, or o200k times a published factor, and its chat template. */

import type { Confidence } from './token-estimate.ts';

export type Encoding = 'o200k' | 'cl100k';

/** Tokens that the chat template adds around the contents. */
interface ChatTemplate {
  /** For each message: its marks and role. */
  readonly perMessage: number;
  /** Once: begin of text and the opening of the answer. */
  readonly perRequest: number;
  /** Framing of media that their rules do not count. */
  readonly perImage?: number;
  readonly perAudio?: number;
  /** The default system message of the template, when the request has none. */
  readonly impliedSystem?: number;
  /** The system message becomes part of the first user message. */
  readonly mergesSystem?: boolean;
  /** Tokens that a request may have less and more. */
  readonly band: readonly [number, number];
}

/** How one family counts. */
export interface TextRule {
  readonly description: string;
  readonly source: string;
  readonly encoding: Encoding;
  /** Tokens of the family for each token of the encoding. */
  readonly multiplier: number;
  /** Lowest and highest measured factor for English and code. */
  readonly band: readonly [number, number];
  /** The same for text that is mostly outside ASCII. */
  readonly wideBand: readonly [number, number];
  readonly confidence: Confidence;
  readonly template: ChatTemplate;
}

/** Factors against o200k: measured on English, code and single sentences of five other scripts. */
const MEASURED = 'measured against o200k on English, code and five scripts';
const FITTED = 'factors and overheads fitted to API answers by ai-tokenizer 1.0.6';
const COOKBOOK = 'OpenAI cookbook, How_to_count_tokens_with_tiktoken';

const EXACT = { multiplier: 1, band: [1, 1], wideBand: [1, 1], confidence: 'exact' } as const;

export const TEXT_RULES = {
  openai: {
    description: 'o200k; 4 a message and 3 a request',
    source: COOKBOOK,
    encoding: 'o200k',
    ...EXACT,
    template: { perMessage: 4, perRequest: 3, band: [0, 0] },
  },
  'openai-harmony': {
    description: 'o200k; 4 a message and about 3 a request (gpt-5 and later)',
    source: `${FITTED}; gpt-5 overheads are inferred`,
    encoding: 'o200k',
    ...EXACT,
    confidence: 'close',
    template: { perMessage: 4, perRequest: 3, band: [2, 2] },
  },
  'openai-cl100k': {
    description: 'cl100k; 4 a message and 3 a request (gpt-4, gpt-3.5)',
    source: COOKBOOK,
    encoding: 'cl100k',
    ...EXACT,
    template: { perMessage: 4, perRequest: 3, band: [0, 0] },
  },
  'phi-4': {
    description: 'o200k; 2 a message and 1 a request (Phi-4-multimodal, Phi-4-mini)',
    source: 'Phi-4-multimodal model card; vllm phi4mm.py (vocabulary of 200,064)',
    encoding: 'o200k',
    ...EXACT,
    template: { perMessage: 2, perRequest: 1, band: [0, 0] },
  },
  'phi-4-14b': {
    description: 'about cl100k (a vocabulary of 100,352); 4 a message',
    source: 'Phi-4 configuration',
    encoding: 'cl100k',
    multiplier: 1,
    band: [0.98, 1.05],
    wideBand: [0.95, 1.1],
    confidence: 'close',
    template: { perMessage: 4, perRequest: 3, band: [2, 4] },
  },
  'phi-3': {
    description: 'o200k x 1.2 (the Llama 2 vocabulary); 2 a message and 2 a request, system merged into user',
    source: `${MEASURED}; Azure Phi-3-vision pages`,
    encoding: 'o200k',
    multiplier: 1.2,
    band: [1, 1.26],
    wideBand: [1.2, 3.1],
    confidence: 'rough',
    template: { perMessage: 2, perRequest: 2, mergesSystem: true, band: [0, 4] },
  },
  claude: {
    description: 'o200k x 1.17 (up to Claude 4.6)',
    source: `${FITTED}: Claude 2 vocabulary x 1.1; ${MEASURED}`,
    encoding: 'o200k',
    multiplier: 1.17,
    band: [1, 1.35],
    wideBand: [1.1, 3.3],
    confidence: 'rough',
    template: { perMessage: 2, perRequest: 6, band: [6, 6] },
  },
  'claude-next': {
    description: 'o200k x 1.35 (from Opus 4.7 on)',
    source: 'launch notes: up to 35 % more tokens than before; the rest as claude',
    encoding: 'o200k',
    multiplier: 1.35,
    band: [1, 1.65],
    wideBand: [1.1, 3.6],
    confidence: 'rough',
    template: { perMessage: 2, perRequest: 6, band: [6, 6] },
  },
  gemini: {
    description: 'o200k x 1.08',
    source: `${FITTED}; ${MEASURED} for Gemma's vocabulary`,
    encoding: 'o200k',
    multiplier: 1.08,
    band: [0.95, 1.2],
    wideBand: [0.5, 1.2],
    confidence: 'close',
    template: { perMessage: 0, perRequest: 0, band: [0, 4] },
  },
  gemma: {
    description: 'o200k x 1.1; 5 a message, 4 a request, 4 an image, system merged into user',
    source: `${MEASURED}; Gemma 3 chat template`,
    encoding: 'o200k',
    multiplier: 1.1,
    band: [0.98, 1.15],
    wideBand: [0.5, 1.2],
    confidence: 'close',
    template: { perMessage: 5, perRequest: 4, perImage: 4, mergesSystem: true, band: [2, 4] },
  },
  qwen: {
    description: 'o200k x 1.02; 5 a message, 3 a request, 2 a medium (Qwen3)',
    source: `${MEASURED}; Qwen3 chat template`,
    encoding: 'o200k',
    multiplier: 1.02,
    band: [0.98, 1.05],
    wideBand: [0.7, 2.4],
    confidence: 'close',
    template: { perMessage: 5, perRequest: 3, perImage: 2, perAudio: 2, band: [0, 2] },
  },
  'qwen-2': {
    description: 'o200k x 1.02; as qwen, with a system message made up when there is none (Qwen2, Qwen2.5)',
    source: `${MEASURED}; Qwen2 chat template`,
    encoding: 'o200k',
    multiplier: 1.02,
    band: [0.98, 1.05],
    wideBand: [0.7, 2.4],
    confidence: 'close',
    template: { perMessage: 5, perRequest: 3, perImage: 2, perAudio: 2, impliedSystem: 11, band: [0, 2] },
  },
  'llama-3': {
    description: 'o200k x 1; 5 a message, 25 a request (the date lines of 3.1 to 3.3 included)',
    source: `${MEASURED}; Llama 3 chat template, run`,
    encoding: 'o200k',
    multiplier: 1,
    band: [0.98, 1.05],
    wideBand: [0.9, 1.4],
    confidence: 'close',
    template: { perMessage: 5, perRequest: 25, band: [20, 14] },
  },
  'llama-4': {
    description: 'o200k x 1; 5 a message, 5 a request',
    source: `Llama 4 chat template; ${FITTED} (hosts add up to 34)`,
    encoding: 'o200k',
    multiplier: 1,
    band: [0.9, 1.15],
    wideBand: [0.8, 1.4],
    confidence: 'rough',
    template: { perMessage: 5, perRequest: 5, band: [0, 34] },
  },
  mistral: {
    description: 'o200k x 1.04; 2 a message, 1 a request',
    source: `${MEASURED} for Tekken; mistral-common v7 template`,
    encoding: 'o200k',
    multiplier: 1.04,
    band: [1, 1.07],
    wideBand: [0.9, 1.1],
    confidence: 'close',
    template: { perMessage: 2, perRequest: 1, band: [0, 4] },
  },
  nova: {
    description: 'cl100k; 2 a message',
    source: FITTED,
    encoding: 'cl100k',
    multiplier: 1,
    band: [0.9, 1.1],
    wideBand: [0.7, 1.4],
    confidence: 'rough',
    template: { perMessage: 2, perRequest: 0, band: [1, 6] },
  },
  unknown: {
    description: 'o200k x 1.1 within the widest band of all families',
    source: 'the extremes of the rules above',
    encoding: 'o200k',
    multiplier: 1.1,
    band: [0.9, 1.65],
    wideBand: [0.5, 3.6],
    confidence: 'guess',
    template: { perMessage: 4, perRequest: 3, band: [7, 40] },
  },
} as const satisfies Record<string, TextRule>;

export type TextRuleName = keyof typeof TEXT_RULES;
