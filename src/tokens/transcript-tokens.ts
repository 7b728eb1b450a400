/** Estimates the length of a transcript from the length of the speech. */

import type { UnitEstimate } from './billed-units.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/**
 * Tokens of a second of speech: 150 words a minute are 2.5 words or some 3.5 tokens a second. Fast speech in a language
 * that a tokenizer knows badly has three times as many; silence has none.
 */
const PER_SECOND = { low: 0, expected: 3.5, high: 12 } as const;

/** A word more than the speech has. */
const SLACK = 8;

/** Without `maxTokens`, because transcriptions take no such limit. */
export function transcriptTokens({ low, expected, high }: UnitEstimate): TokenEstimate {
  const seconds = (units: UnitEstimate['low']) => units.audioSeconds ?? 0;
  return banded(
    seconds(expected) * PER_SECOND.expected,
    [seconds(low) * PER_SECOND.low, seconds(high) * PER_SECOND.high + SLACK],
    'length of the speech',
    'rough',
  );
}
