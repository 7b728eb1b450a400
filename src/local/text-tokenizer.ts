/** Counts and cuts text in BPE tokens (o200k_base), so that usage figures of the embedded models are real ones. */

export interface TextTokenizer {
  count(text: string): number;
  /** At most `limit` tokens of the text; null = all of it. */
  truncate(
    text: string,
    limit: number | null,
  ): { readonly text: string; readonly tokens: number; readonly cut: boolean };
}

/** Control tokens in a prompt are plain text here; by default the library throws at them. */
const AS_TEXT = { disallowedSpecial: new Set<string>() };

/** Loads the ranks (70 MB of memory). */
export async function loadTextTokenizer(): Promise<TextTokenizer> {
  const { countTokens, decode, encode } = await import('gpt-tokenizer/encoding/o200k_base');
  return {
    count: (text) => countTokens(text, AS_TEXT),
    truncate(text, limit) {
      const tokens = encode(text, AS_TEXT);
      const cut = limit !== null && tokens.length > limit;
      return { text: cut ? decode(tokens.slice(0, limit)) : text, tokens: cut ? limit : tokens.length, cut };
    },
  };
}
