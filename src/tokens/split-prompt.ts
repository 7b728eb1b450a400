/** Splits the tokens of a prompt among text, images and audio: as reported, or as estimated if only the total is reported. */

import type { Usage } from '../types.ts';
import { NO_TOKENS, sumEstimates, type TokenEstimate } from './token-estimate.ts';

/** Whole tokens that add up to those of the prompt. */
export interface SplitTokens {
  readonly text: number;
  readonly image: number;
  readonly audio: number;
}

/** Our estimate of a prompt by modality; the chat template counts as text. */
export interface PromptSplit {
  readonly text: TokenEstimate;
  readonly image: TokenEstimate;
  readonly audio: TokenEstimate;
}

export interface FoundSplit {
  readonly tokens: SplitTokens;
  readonly source: 'endpoint' | 'estimate';
}

type Medium = 'image' | 'audio';

/**
 * The split that the endpoint reported, completed by the estimate. An endpoint that reports 0 tokens for the audio (or
 * images) of a request does not count them separately; then the estimate is used.
 */
export function splitPrompt(usage: Usage, promptTokens: number, estimate: PromptSplit | undefined): FoundSplit {
  const reported = { image: usage.imageTokens, audio: usage.audioTokens };
  const isReported = (medium: Medium) => reported[medium] !== null && (reported[medium] !== 0 || !expects(medium));
  const expects = (medium: Medium) => estimate !== undefined && estimate[medium].expected > 0;
  const open = (['image', 'audio'] as const).filter((medium) => !isReported(medium) && expects(medium));
  const known = (medium: Medium) => (isReported(medium) ? (reported[medium] ?? 0) : 0);
  const audio = Math.min(known('audio'), promptTokens);
  const image = Math.min(known('image'), promptTokens - audio);
  const rest = promptTokens - audio - image;
  if (estimate === undefined || open.length === 0) return { tokens: { text: rest, image, audio }, source: 'endpoint' };
  const [text = 0, first = 0, second = 0] = allocate(rest, [estimate.text, ...open.map((medium) => estimate[medium])]);
  const guessed = { [open[0] ?? 'image']: first, ...(open[1] === undefined ? {} : { [open[1]]: second }) };
  return { tokens: { text, image, audio, ...guessed }, source: 'estimate' };
}

/**
 * Whole numbers that add up to `total`. The difference from the expected sum is distributed over the parts with room in
 * their bands, in proportion to that room; what remains is distributed in proportion to size.
 */
export function allocate(total: number, parts: readonly TokenEstimate[]): readonly number[] {
  const expected = parts.map((part) => part.expected);
  const difference = total - sum(expected);
  const room = parts.map((part) => (difference > 0 ? part.high - part.expected : part.expected - part.low));
  const within = Math.min(Math.abs(difference), sum(room));
  const toBand = share(within, room).map((step, index) => (expected[index] ?? 0) + Math.sign(difference) * step);
  const left = total - sum(toBand);
  if (left === 0) return toBand;
  const sizes = sum(toBand) > 0 ? toBand : parts.map(() => 1);
  return share(Math.abs(left), sizes).map((step, index) => (toBand[index] ?? 0) + Math.sign(left) * step);
}

/** `amount` in whole shares proportional to the weights (largest remainders first). */
function share(amount: number, weights: readonly number[]): readonly number[] {
  const weight = sum(weights);
  if (weight === 0) return weights.map(() => 0);
  const exact = weights.map((part) => (amount * part) / weight);
  const shares = exact.map(Math.floor);
  const byRemainder = exact.map((value, index) => ({ index, rest: value - Math.floor(value) }));
  byRemainder.sort((a, b) => b.rest - a.rest || a.index - b.index);
  const extra = amount - sum(shares);
  for (const { index } of byRemainder.slice(0, extra)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The split of an estimate's parts. */
export function promptSplitOf(parts: {
  readonly text: TokenEstimate;
  readonly template: TokenEstimate;
  readonly image: TokenEstimate;
  readonly audio: TokenEstimate;
}): PromptSplit {
  const text = sumEstimates([parts.text, parts.template]);
  return { text: text.high === 0 ? NO_TOKENS : text, image: parts.image, audio: parts.audio };
}
