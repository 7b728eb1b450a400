/**
 * The public API: what a request will cost in tokens and USD before it is sent, and what it did cost. Tokens are whole
 * numbers, money is USD, lengths are seconds, sample rates Hz, sizes stored pixels.
 */

export type { Band, ModelEstimate, RunEstimate, Usd } from './commands/estimate-document.ts';
export {
  type CountOptions,
  countTokens,
  type EstimateRunOptions,
  estimateRun,
  type ModelInput,
  type PriceUsageOptions,
  priceUsage,
  type SampleRow,
  type UsageCost,
} from './commands/library.ts';
export { InputError, type Problem } from './errors.ts';
export { type AudioFacts, audioTokens } from './tokens/audio-tokens.ts';
export type { EstimateParts, RequestEstimate } from './tokens/estimate.ts';
export { type ImageFacts, imageTokens } from './tokens/image-tokens.ts';
export type { Confidence, TokenEstimate } from './tokens/token-estimate.ts';
export type { Media, Message, ModelConfig, Price, Sample, Usage } from './types.ts';
