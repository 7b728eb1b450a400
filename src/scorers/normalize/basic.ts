/** The normaliser `basic`: levels what looks or reads the same, and nothing else. */

/** Marks without a shape of their own: zero-width and directional marks, soft hyphens, variation selectors. */
const INVISIBLE = /[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\p{Variation_Selector}/gu;

/** Full-width and half-width forms. */
const WIDTH_FORMS = /[\u3000\uff01-\uffee]+/gu;

/** `_emphasis_`, `__strong__`, `*emphasis*`, `**strong**` and `code` around words. */
const EMPHASIS: readonly RegExp[] = [
  /(?<![\p{L}\p{N}_])(_{1,3})(?=[^\s_])([^_\n]*[^\s_])\1(?![\p{L}\p{N}_])/gu,
  /(?<![\p{L}\p{N}*])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1(?![\p{L}\p{N}*])/gu,
  /(?<!`)(`)(?=[^\s`])([^`\n]*[^\s`])`(?!`)/gu,
];

/**
 * Unicode NFC, one width, straight quotes, no invisible marks, lower case, white space collapsed, Markdown emphasis
 * removed; quotes or Markdown around the whole text and final full stops removed.
 */
export function basic(text: string): string {
  const level = text
    .replace(WIDTH_FORMS, (forms) => forms.normalize('NFKC'))
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(/[‘’‚‛ʼ]/gu, "'")
    .replace(/[“”„‟]/gu, '"')
    .toLowerCase()
    .normalize('NFC');
  const plain = EMPHASIS.reduce((shown, pattern) => shown.replace(pattern, '$2'), level);
  return unwrapped(plain.replace(/\s+/gu, ' '));
}

/** Pairs that wrap a whole answer without being part of it. A single one is kept: `A*` is a grade. */
const CLOSING: Readonly<Record<string, string>> = {
  '*': '*',
  _: '_',
  '`': '`',
  '"': '"',
  "'": "'",
  '«': '»',
  '「': '」',
};

/** Takes wrappers, final full stops and the space inside them off, unless nothing would be left. */
function unwrapped(text: string): string {
  let [start, end] = trimmed(text, 0, text.length);
  for (;;) {
    let [from, to] = [start, end];
    if (to - from > 2 && CLOSING[text[from] ?? ''] === text[to - 1]) [from, to] = [from + 1, to - 1];
    while (to > from && (text[to - 1] === '.' || text[to - 1] === '。')) to -= 1;
    [from, to] = trimmed(text, from, to);
    if (from === to || (from === start && to === end)) return text.slice(start, end);
    [start, end] = [from, to];
  }
}

function trimmed(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  while (start < end && text[start] === ' ') start += 1;
  while (start < end && text[end - 1] === ' ') end -= 1;
  return [start, end];
}
