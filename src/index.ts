/**
 * The public API: running an evaluation, comparing runs, reading manifests, scorers and providers of your own, and what a
 * request will cost in tokens and USD before it is sent. Tokens are whole numbers, money is USD, lengths are seconds, sample rates Hz, sizes stored pixels.
 */

export type { ComparedPair, Comparison } from './compare/comparison.ts';
export { type Config, defineConfig } from './config/program/given-config.ts';
export {
  IncompleteError,
  InputError,
  isIncompleteError,
  isInputError,
  isProviderError,
  type Problem,
  ProviderError,
  type ProviderErrorDetails,
} from './errors.ts';
export type { Band, ModelEstimate, RunEstimate, Usd } from './estimate/estimate-document.ts';
export { type EvaluateOptions, evaluate, type RunEvent } from './evaluate.ts';
export {
  type CompareRunsOptions,
  type CountOptions,
  compareRuns,
  countTokens,
  type EstimateRunOptions,
  estimateRun,
  type ModelInput,
  type PriceUsageOptions,
  priceUsage,
  type ReadManifestOptions,
  readManifest,
  type SampleRow,
  type UsageCost,
} from './library.ts';
export type { Price } from './price.ts';
export { defineProvider, type UserCompletion, type UserProvider, type UserRequest } from './providers/user-provider.ts';
export type { RunInfo, RunReport, SummaryRow } from './report.ts';
export { FAILURE_KINDS, type Failure, type FailureKind, type Result } from './result.ts';
export { defineScorer, type UserScore, type UserScoreInput, type UserScorer } from './scorers/user-scorer.ts';
export { type AudioFacts, audioTokens } from './tokens/audio-tokens.ts';
export type { RequestEstimate } from './tokens/estimate.ts';
export { type ImageFacts, imageTokens } from './tokens/image-tokens.ts';
export type { Confidence, EstimateParts, TokenEstimate } from './tokens/token-estimate.ts';
export type { Media, Message, ModelConfig, Sample, Usage } from './types.ts';
