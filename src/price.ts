/** What a model costs, by the token, the minute, the page or the character. */

/**
 * USD per 1,000,000 tokens. An absent rate is unknown (unpriced), never 0. Audio is never billed at the text rate. Images
 * without a rate of their own are billed at the prompt rate, cached tokens at the rate of the prompt that they belong to.
 */
export interface Price {
  readonly promptPerMillion?: number;
  readonly completionPerMillion?: number;
  readonly cachedPromptPerMillion?: number;
  /** For tokens written to the cache, where the vendor charges extra. */
  readonly cacheWritePerMillion?: number;
  readonly imagePromptPerMillion?: number;
  readonly audioPromptPerMillion?: number;
  readonly audioCompletionPerMillion?: number;
  /** USD for a minute of sound in the prompt. With it, tokens without a rate of their own cost nothing more. */
  readonly perAudioMinute?: number;
  /** USD for a page; an image is one. With it, tokens without a rate of their own cost nothing more. */
  readonly perPage?: number;
  /** For 1,000,000 characters (code points) of text in the prompt, in the place of its tokens. */
  readonly promptPerMillionCharacters?: number;
  /** Fraction taken off for batch APIs, e.g. 0.5. */
  readonly batchDiscount?: number;
  /** Rates that replace the base rates above a number of prompt tokens. */
  readonly tiers?: readonly ({ readonly abovePromptTokens: number } & TierRates)[];
}

type TierRates = Omit<
  Price,
  | 'imagePromptPerMillion'
  | 'audioCompletionPerMillion'
  | 'perAudioMinute'
  | 'perPage'
  | 'promptPerMillionCharacters'
  | 'batchDiscount'
  | 'tiers'
>;
