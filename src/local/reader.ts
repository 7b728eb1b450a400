/** The extractive reader: answers a question with words from the page, or not at all. */

import { type Box, isSideways, type Page, rowsOf, transcript, type Word } from './page.ts';
import type { Question } from './question.ts';

type Row = readonly Word[];

/** A label in a row, with its position and the words after it. */
interface Match {
  readonly rowIndex: number;
  readonly span: Box;
  /** Words of the row before the label. */
  readonly before: number;
  /** Words after the label; the first may be the rest of a word that starts with the label. */
  readonly after: Row;
  /** Whether a gap, a colon or a figure separates the label from the words after it. */
  readonly parted: boolean;
}

/** Words further apart than this many word heights belong to different cells. */
const CELL_GAP = 1;
/** A value below its label is at most this many word heights away. */
const BELOW_REACH = 3;

/** Columns without a heading. */
const ANY_VALUE = /^(?:value|number|amount|price|cost|figure)$/;

/** Words of the page that answer the question; null when there are none. */
export function answerFromPage(question: Question, page: Page): string | null {
  if (question.type === 'transcribe') return transcript(page);
  const rows = rowsOf(page.lines.flat().filter((word) => !isSideways(word)));
  switch (question.type) {
    case 'title': {
      const first = rows.find((row) => /\p{L}/u.test(textOf(row)));
      return first === undefined ? null : textOf(first);
    }
    case 'extreme':
      return extremeOf(rows, question.which, question.of);
    case 'lookup':
      return lookUp(rows, question.label, question.cell);
    default:
      return question satisfies never;
  }
}

/** "price of tea" is a label, or a cell of a table, or, if "price" is a word for any value, the value beside "tea". */
function lookUp(rows: readonly Row[], label: string, cell: { readonly column: string; readonly row: string } | null) {
  const beside = valueBeside(rows, label);
  if (beside !== null || cell === null) return beside;
  const crossed = cellAt(rows, cell.column, cell.row);
  return crossed === null && ANY_VALUE.test(cell.column) ? valueBeside(rows, cell.row) : crossed;
}

/** The value right of a label, or below it when there is none to its right. */
function valueBeside(rows: readonly Row[], label: string): string | null {
  const [best] = findLabel(rows, label).toSorted(
    (a, b) => a.before - b.before || Number(b.parted) - Number(a.parted) || b.rowIndex - a.rowIndex,
  );
  if (best === undefined) return null;
  const cells = cellsOf(best.after);
  const last = cells.at(-1);
  // "Coffee  2  7.00": of several figures the last is the amount; otherwise the first cell is the value.
  const cell = last !== undefined && cells.every((words) => numberOf(textOf(words)) !== null) ? last : cells[0];
  return cell === undefined ? valueBelow(rows, best) : textOf(cell);
}

function valueBelow(rows: readonly Row[], { rowIndex, span }: Match): string | null {
  const reach = span.bottom + BELOW_REACH * (span.bottom - span.top);
  const cells = cellsOf(rows[rowIndex + 1] ?? []);
  const cell = cells.find((words) => boundsOf(words).top < reach && overlap(boundsOf(words), span) > 0);
  return cell === undefined ? null : textOf(cell);
}

/** The cell where the column of a heading crosses the row of a name. */
function cellAt(rows: readonly Row[], column: string, row: string): string | null {
  for (const heading of findLabel(rows, column)) {
    for (const name of findLabel(rows, row)) {
      if (name.rowIndex <= heading.rowIndex || name.before > 0) continue;
      const cells = cellsOf(name.after).toSorted(
        (a, b) => distance(boundsOf(a), heading.span) - distance(boundsOf(b), heading.span),
      );
      if (cells[0] !== undefined) return textOf(cells[0]);
    }
  }
  return null;
}

function extremeOf(rows: readonly Row[], which: 'largest' | 'smallest', of: 'number' | 'label'): string | null {
  const sign = which === 'largest' ? 1 : -1;
  const numbers = rows.flatMap((row) =>
    row.flatMap((word) => {
      const value = numberOf(word.text);
      return value === null ? [] : [{ row, word, value: sign * value }];
    }),
  );
  const [best] = numbers.toSorted((a, b) => b.value - a.value);
  if (best === undefined) return null;
  if (of === 'number') return trimmed(best.word.text);
  const named = cellsOf(best.row.filter((word) => word.left < best.word.left && numberOf(word.text) === null))[0];
  return named === undefined ? labelBelow(rows, best.word) : textOf(named);
}

/** In a column chart, the name of a column is below its figure. */
function labelBelow(rows: readonly Row[], figure: Word): string | null {
  const names = rows
    .flatMap(cellsOf)
    .filter((words) => words.every((word) => word.top > figure.bottom && numberOf(word.text) === null));
  const [nearest] = names
    .filter((words) => overlap(boundsOf(words), figure) > 0)
    .toSorted((a, b) => boundsOf(a).top - boundsOf(b).top);
  return nearest === undefined ? null : textOf(nearest);
}

/** All positions of the letters and digits of the label, from the start of a word to the end of one, or to a colon or a figure. */
function findLabel(rows: readonly Row[], label: string): readonly Match[] {
  const wanted = keyOf(label);
  if (wanted === '') return [];
  return rows.flatMap((row, rowIndex) =>
    row.flatMap((_, before) => {
      const match = matchAt(row, before, wanted);
      return match === null ? [] : [{ ...match, rowIndex, before }];
    }),
  );
}

function matchAt(row: Row, first: number, wanted: string): Omit<Match, 'rowIndex' | 'before'> | null {
  let seen = '';
  for (let index = first; index < row.length && seen.length < wanted.length; index += 1) {
    const word = row[index];
    if (word === undefined) break;
    const characters = [...word.text];
    for (let position = 0; position < characters.length && seen.length < wanted.length; position += 1)
      seen += keyOf(characters[position] ?? '');
    if (!wanted.startsWith(seen)) return null;
    if (seen.length < wanted.length) continue;
    return endOfLabel(row, first, index, wanted);
  }
  return null;
}

/** The label ends inside or at the end of the word at `last`. */
function endOfLabel(row: Row, first: number, last: number, wanted: string): Omit<Match, 'rowIndex' | 'before'> | null {
  const word = row[last];
  if (word === undefined) return null;
  const earlier = keyOf(textOf(row.slice(first, last)));
  const tail = wanted.slice(earlier.length);
  let end = 0;
  for (let key = ''; key.length < tail.length && end < word.text.length; end += 1) key += keyOf(word.text[end] ?? '');
  const rest = word.text.slice(end);
  const runsInto = /^[^\p{L}\p{N}]/u.test(rest) || (/^\p{N}/u.test(rest) && /\p{L}$/u.test(tail));
  if (rest !== '' && !runsInto) return null;
  if (/\d$/.test(tail) && /^[.,:]\d/.test(rest)) return null; // the label's digits are the start of a longer figure

  const split = word.left + ((word.right - word.left) * end) / word.text.length;
  const remainder = rest.replace(/^[\s:=.…-]+/u, '');
  const after = [
    ...(remainder === '' ? [] : [{ ...word, text: remainder, left: split }]),
    ...row.slice(last + 1).filter((other, index) => index > 0 || !/^[:=.…·-]+$/u.test(other.text)),
  ];
  const next = after[0];
  const gap = next === undefined ? 0 : next.left - word.right;
  return {
    span: boundsOf([...row.slice(first, last), { ...word, right: split }]),
    after,
    parted:
      /[:=]$/.test(word.text) || next === undefined || gap > CELL_GAP * heightOf(word) || numberOf(next.text) !== null,
  };
}

/** The words of a row, grouped by wide gaps. */
function cellsOf(row: Row): readonly Row[] {
  const cells: Word[][] = [];
  for (const word of row) {
    const previous = cells.at(-1)?.at(-1);
    const near = previous !== undefined && word.left - previous.right <= CELL_GAP * heightOf(word);
    if (near) cells.at(-1)?.push(word);
    else cells.push([word]);
  }
  return cells;
}

/** The value of a printed number with its currency or percent sign, or null. Commas group thousands. */
function numberOf(text: string): number | null {
  const digits = /^[\p{Sc}#+]?(-?)[\p{Sc}]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?[%\p{Sc}]?$/u.exec(trimmed(text));
  return digits === null ? null : Number(`${digits[1]}${digits[2]?.replaceAll(',', '')}${digits[3] ?? ''}`);
}

function textOf(words: Row): string {
  return trimmed(words.map((word) => word.text).join(' '));
}

/** A text without the rules and leaders around a cell. */
function trimmed(text: string): string {
  return text.replace(/^[\s|:=_]+|[\s|,;:=_]+$/gu, '');
}

/** Letters and digits only, lower case. */
function keyOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function boundsOf(words: Row): Box {
  return {
    left: Math.min(...words.map((word) => word.left)),
    top: Math.min(...words.map((word) => word.top)),
    right: Math.max(...words.map((word) => word.right)),
    bottom: Math.max(...words.map((word) => word.bottom)),
  };
}

function heightOf(word: Word): number {
  return word.bottom - word.top;
}

function overlap(a: Box, b: Box): number {
  return Math.min(a.right, b.right) - Math.max(a.left, b.left);
}

/** Horizontal distance of the nearest edges or centres of two boxes: columns are aligned left, right or centred. */
function distance(a: Box, b: Box): number {
  return Math.min(
    Math.abs(a.left - b.left),
    Math.abs(a.right - b.right),
    Math.abs(a.left + a.right - b.left - b.right) / 2,
  );
}
