/** Estimates the tokens of a clip. */

import { InputError } from '../errors.ts';
import { resolveAudioRule, type TokenModel } from './resolve-rule.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** Known facts of a clip. */
export interface AudioFacts {
  /** null or absent = unknown. */
  readonly seconds?: number | null;
  /** Hz of the file; some hosts count by it. */
  readonly sampleRate?: number | null;
  /** The length is an average: the tokens are within a band, and never exact. */
  readonly isApproximate?: boolean;
}

/** Lengths that a clip of unknown length lies between, in seconds; the middle one is the expectation. */
const UNKNOWN_SECONDS = [1, 30, 300] as const;
/** What an average rate may be off by. */
const APPROXIMATE = [0.9, 1, 1.1] as const;
/** Tokens for one second over all families: lowest, usual, highest. */
const UNKNOWN_RATES = [10, 25, 32] as const;
/** Qwen2-Audio uses at most 30 s of a clip; Voxtral pads the shortest clip to 30 s. */
const LEAST_OF_LONG = 750;
const MOST_OF_SHORT = 376;

/**
 * Tokens of one clip without the chat template's framing. An unknown model gets a wide band under the rule `unknown`.
 * @throws {InputError} for a length of 0 or below, and for a mapping to an unknown rule.
 *
 * @example
 * import { audioTokens } from 'earsight';
 *
 * const { low, expected, high } = audioTokens('Phi-4-multimodal-instruct', { seconds: 10 });
 * console.log(low, expected, high);
 */
export function audioTokens(model: string | TokenModel, clip: AudioFacts): TokenEstimate {
  const resolved = resolveAudioRule(typeof model === 'string' ? { model } : model);
  const seconds = clip.seconds ?? null;
  if (seconds !== null && !(seconds > 0 && Number.isFinite(seconds)))
    throw new InputError({ message: `a clip of ${seconds} seconds has no tokens`, hint: 'check the file' });
  const isApproximate = clip.isApproximate === true;
  const [short, usual, long] = secondsBetween(seconds, isApproximate);
  if (resolved === null) {
    const [least, rate, most] = UNKNOWN_RATES;
    const lowest = Math.max(1, Math.min(short * least, LEAST_OF_LONG));
    return banded(Math.max(1, usual * rate), [lowest, Math.max(long * most, MOST_OF_SHORT)], 'unknown', 'guess');
  }
  const { rule, name, settings } = resolved;
  const at = (length: number) => ({ seconds: length, sampleRate: clip.sampleRate ?? null });
  const range = (length: number) => {
    const tokens = rule.tokens(at(length), settings);
    return rule.range?.(at(length), settings) ?? [tokens, tokens];
  };
  const bounds = [range(short)[0] - rule.slack[0], range(long)[1] + rule.slack[1]] as const;
  const lowest = Math.max(1, bounds[0]);
  const known = isApproximate && rule.confidence === 'exact' ? 'close' : rule.confidence;
  const confidence = seconds === null ? 'rough' : known;
  return banded(rule.tokens(at(usual), settings), [lowest, bounds[1]], name, confidence);
}

/** The shortest, expected and longest length of a clip; null = it is not known. */
export function secondsBetween(seconds: number | null, isApproximate: boolean): readonly [number, number, number] {
  if (seconds === null) return UNKNOWN_SECONDS;
  const [low, expected, high] = isApproximate ? APPROXIMATE : [1, 1, 1];
  return [seconds * low, seconds * expected, seconds * high];
}
