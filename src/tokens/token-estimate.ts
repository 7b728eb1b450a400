/** An estimated number of tokens: a band, its source and its confidence. */

/**
 * `exact`: a published rule or tokenizer, reproduced to the token. `close`: off by a few tokens or percent.
 * `rough`: hosts differ, see the band. `guess`: the model is unknown.
 */
const CONFIDENCES = ['exact', 'close', 'rough', 'guess'] as const;

export type Confidence = (typeof CONFIDENCES)[number];

/** Whole tokens with low <= expected <= high; never negative. */
export interface TokenEstimate {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  /** Names of the rules behind the figure, joined by ` + `. */
  readonly rule: string;
  readonly confidence: Confidence;
}

/** One estimate for each billed part. */
export interface EstimateParts {
  readonly text: TokenEstimate;
  readonly template: TokenEstimate;
  readonly image: TokenEstimate;
  readonly audio: TokenEstimate;
  readonly completion: TokenEstimate;
}

/** The estimate of an absent part. */
export const NO_TOKENS: TokenEstimate = { low: 0, expected: 0, high: 0, rule: 'none', confidence: 'exact' };

/** An exact number, without a band. */
export function exactly(tokens: number, rule: string): TokenEstimate {
  return { low: tokens, expected: tokens, high: tokens, rule, confidence: 'exact' };
}

/** An estimate with bounds rounded to whole tokens and ordered around `expected`. */
export function banded(
  expected: number,
  [low, high]: readonly [number, number],
  rule: string,
  confidence: Confidence,
): TokenEstimate {
  const middle = Math.round(expected);
  return {
    low: Math.max(0, Math.min(middle, Math.floor(low))),
    expected: middle,
    high: Math.max(middle, Math.ceil(high)),
    rule,
    confidence,
  };
}

/** Bounds add up (the worst case of all parts at once); the confidence is the lowest of all parts. */
export function sumEstimates(parts: readonly TokenEstimate[]): TokenEstimate {
  const counted = parts.filter((part) => part.high > 0 || part.rule !== NO_TOKENS.rule);
  const add = (pick: (part: TokenEstimate) => number) => counted.reduce((sum, part) => sum + pick(part), 0);
  const weakest = Math.max(0, ...counted.map((part) => CONFIDENCES.indexOf(part.confidence)));
  return {
    low: add((part) => part.low),
    expected: add((part) => part.expected),
    high: add((part) => part.high),
    rule: counted.length === 0 ? NO_TOKENS.rule : [...new Set(counted.map((part) => part.rule))].join(' + '),
    confidence: CONFIDENCES[weakest] ?? 'guess',
  };
}
