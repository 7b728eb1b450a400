/** How many columns of a terminal a text takes, and how to make it fit. */

import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Each takes one column. Most text is of these, and the progress of a run measures it five times a second. */
const PLAIN = /^[\u0020-\u007e]*$/u;

/** Columns of a text without control characters. */
export function displayWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** Cuts a text to a width; the last column is an ellipsis when something was cut. It reads no further than the width. */
export function fitWidth(text: string, width: number): string {
  let fitted = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += displayWidth(segment);
    if (used > width) return `${fitted}…`;
    if (used < width) fitted += segment;
  }
  return text;
}

/** Cuts a text to a width as `fitWidth`, from the middle: long names often differ only at their ends. */
export function fitMiddle(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const tail = takeEnd(text, Math.floor((width - 1) / 2));
  return fitWidth(text, width - displayWidth(tail)) + tail;
}

/** The end of a text, at most this wide. */
function takeEnd(text: string, width: number): string {
  const segments = [...graphemes.segment(text)].map(({ segment }) => segment);
  let used = 0;
  let first = segments.length;
  while (first > 0 && used + displayWidth(segments[first - 1] ?? '') <= width) {
    first -= 1;
    used += displayWidth(segments[first] ?? '');
  }
  return segments.slice(first).join('');
}

/** Fills with blanks up to a width; `right` puts them before the text. */
export function padWidth(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}
