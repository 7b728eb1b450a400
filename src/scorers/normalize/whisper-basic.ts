/** The language-neutral normaliser published with Whisper: ignores case, punctuation and bracketed text. */

/** Letters that Unicode does not decompose into a base letter and a mark. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  æ: 'ae',
  Æ: 'AE',
  ß: 'ss',
  ẞ: 'SS',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'th',
  ł: 'l',
  Ł: 'L',
};

/** Options of `whisperBasic`. */
export interface WhisperBasicOptions {
  /** é becomes e. */
  readonly removeDiacritics?: boolean;
  /** Puts a space between all characters, for languages that are written without spaces. */
  readonly splitLetters?: boolean;
}

/**
 * Lower-cases, drops text in brackets, turns marks, symbols and punctuation into spaces and collapses white space; one
 * may remain at either end (openai/whisper `BasicTextNormalizer`).
 */
export function whisperBasic(text: string, options: WhisperBasicOptions = {}): string {
  const spoken = dropBracketed(text.toLowerCase());
  const clean = (options.removeDiacritics ? plainLetters(spoken) : withoutSymbols(spoken)).toLowerCase();
  const spaced = options.splitLetters ? graphemes(clean).join(' ') : clean;
  return spaced.replace(/\s+/gu, ' ');
}

/** Drops `[...]` and `<...>` in any mixture, then `(...)` unless empty. */
export function dropBracketed(text: string): string {
  return dropBetween(dropBetween(text, /[<[]/gu, /[>\]]/gu, 0), /\(/gu, /\)/gu, 1);
}

/** Turns symbols and punctuation but those in `keep` into spaces and drops diacritics. */
export function plainLetters(text: string, keep = ''): string {
  return text.normalize('NFKD').replace(/[\p{M}\p{S}\p{P}œŒøØæÆßẞđĐðÐþÞłŁ]/gu, (character) => {
    if (keep.includes(character)) return character;
    return UNDECOMPOSED[character] ?? (/\p{Mn}/u.test(character) ? '' : ' ');
  });
}

function withoutSymbols(text: string): string {
  return text.normalize('NFKC').replace(/[\p{M}\p{S}\p{P}]/gu, ' ');
}

function graphemes(text: string): readonly string[] {
  return Array.from(new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
}

/** Drops text from each opening to the next closing in one pass; one regular expression would take quadratic time. */
function dropBetween(text: string, opening: RegExp, closing: RegExp, least: number): string {
  let kept = '';
  let from = 0;
  for (;;) {
    opening.lastIndex = from;
    const open = opening.exec(text);
    if (open === null) break;
    closing.lastIndex = open.index;
    const close = closing.exec(text);
    if (close === null) break;
    const dropped = close.index - open.index - 1 >= least;
    kept += text.slice(from, dropped ? open.index : close.index + 1);
    from = close.index + 1;
  }
  return kept + text.slice(from);
}
