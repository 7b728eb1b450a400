/** A number of tokens that is not known yet: a band, where it comes from and how far to trust it. */

/**
 * `exact`: a published rule or tokenizer, reproduced to the token. `close`: off by a few tokens or percent.
 * `rough`: hosts differ, see the band. `guess`: nothing is known about the model.
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

/** One estimate for each thing that is billed. */
export interface EstimateParts {
  readonly text: TokenEstimate;
  readonly template: TokenEstimate;
  readonly image: TokenEstimate;
  readonly audio: TokenEstimate;
  readonly completion: TokenEstimate;
}

/** What a part that is not there costs. */
export const NO_TOKENS: TokenEstimate = { low: 0, expected: 0, high: 0, rule: 'none', confidence: 'exact' };

/** A figure without a band. */
export function exactly(tokens: number, rule: string): TokenEstimate {
  return { low: tokens, expected: tokens, high: tokens, rule, confidence: 'exact' };
}

/** An estimate whose bounds are made whole and put in order around `expected`. */
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

/** Bounds add up (the worst case of all parts at once); the confidence is that of the weakest part. */
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
