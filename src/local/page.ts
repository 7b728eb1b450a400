/** The result of an image recogniser: words with boxes, in lines, in reading order. */

/** A rectangle in pixels of an upright page. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Word extends Box {
  readonly text: string;
}

export interface Page {
  /** Lines in the order of the recogniser; each has at least one word. */
  readonly lines: readonly (readonly Word[])[];
}

/** Words are in one row when the distance of their centres is below this share of the height of a word. */
const ROW_SHARE = 0.5;

/** The text of the page, line by line. */
export function transcript(page: Page): string {
  return page.lines.map((line) => line.map((word) => word.text).join(' ')).join('\n');
}

/** Words grouped only by their vertical position, top to bottom, each row left to right. */
export function rowsOf(words: readonly Word[]): readonly (readonly Word[])[] {
  const rows: { middle: number; height: number; words: Word[] }[] = [];
  for (const word of words.toSorted((a, b) => middleOf(a) - middleOf(b))) {
    const height = word.bottom - word.top;
    const row = rows.at(-1);
    if (row !== undefined && middleOf(word) - row.middle < ROW_SHARE * Math.max(height, row.height)) {
      row.words.push(word);
      row.middle += (middleOf(word) - row.middle) / row.words.length;
      row.height = Math.max(row.height, height);
    } else rows.push({ middle: middleOf(word), height, words: [word] });
  }
  return rows.map((row) => row.words.toSorted((a, b) => a.left - b.left));
}

/** Text that runs up or down the page, e.g. the label of an axis. */
export function isSideways(word: Word): boolean {
  return word.text.length >= 3 && word.bottom - word.top > 1.5 * (word.right - word.left);
}

function middleOf(box: Box): number {
  return (box.top + box.bottom) / 2;
}
