/** The service in the thread that counts and cuts text in BPE tokens (o200k_base). */

export interface CountRequest {
  /** Every text of the request. */
  readonly prompts: readonly string[];
  readonly answer: string;
  /** The answer is cut after this many tokens; null = not cut. */
  readonly maxTokens: number | null;
}

export interface TokenCount {
  readonly promptTokens: number;
  /** At least 1: an empty answer, such as that to silence, has its end mark. A reply of no token counts as none at all. */
  readonly completionTokens: number;
  readonly answer: string;
  /** Whether the answer was cut. */
  readonly cut: boolean;
}

/** Control tokens in a text count as plain text; by default the library throws at them. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

/** Loads the ranks, which take 70 MB; therefore the models share one such thread. */
export async function loadTokenService(): Promise<(request: CountRequest) => Promise<TokenCount>> {
  const { countTokens, decode, encode } = await import('gpt-tokenizer/encoding/o200k_base');
  return async ({ prompts, answer, maxTokens }) => {
    const promptTokens = prompts.reduce((sum, text) => sum + countTokens(text, AS_TEXT), 0);
    const tokens = encode(answer, AS_TEXT);
    if (maxTokens === null || tokens.length <= maxTokens)
      return { promptTokens, completionTokens: Math.max(1, tokens.length), answer, cut: false };
    const kept = decode(tokens.slice(0, maxTokens));
    return { promptTokens, completionTokens: maxTokens, answer: kept, cut: true };
  };
}
