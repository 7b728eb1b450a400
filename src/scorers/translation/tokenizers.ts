/** The tokenisers of sacreBLEU. */

export const TOKENIZERS = ['13a', 'intl', 'char', 'none'] as const;
export type TokenizerName = (typeof TOKENIZERS)[number];

/** Tokens of a segment, from a text without white space at its end. */
export const tokenizers: Readonly<Record<TokenizerName, (text: string) => readonly string[]>> = {
  '13a': tokenize13a,
  intl: tokenizeInternational,
  char: (text) => [...text].filter((character) => !/\s/u.test(character)),
  none: splitWords,
};

/** As Python's `str.split()`. */
export function splitWords(text: string): readonly string[] {
  return text.split(/[\s\u001c-\u001f\u0085]+/u).filter((word) => word !== '');
}

/** mteval-v13a: punctuation apart, but points, commas and dashes within numbers. */
function tokenize13a(text: string): readonly string[] {
  const line = text
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return splitWords(
    ` ${line} `
      .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
      .replace(/([^0-9])([.,])/gu, '$1 $2 ')
      .replace(/([.,])([^0-9])/gu, ' $1 $2')
      .replace(/([0-9])(-)/gu, '$1 $2 '),
  );
}

/** mteval-v14: punctuation of every script apart unless between digits, symbols apart. */
function tokenizeInternational(text: string): readonly string[] {
  return splitWords(
    text
      .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
      .replace(/(\p{S})/gu, ' $1 '),
  );
}
