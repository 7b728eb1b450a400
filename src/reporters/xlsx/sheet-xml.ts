/** Writes one worksheet as XML, row by row: a header that stays in sight, filters, typed cells. */

import { type Column, writeCell } from '../column.ts';
import { FORMULA_LIKE } from '../formula-guard.ts';
import { escapeCellText, fitCellText } from './cell-text.ts';
import { numberStyle, STYLE } from './styles.ts';

/** Where a sheet ends. */
export interface SheetLimits {
  readonly rows: number;
  readonly columns: number;
  /** Characters of XML, of up to three bytes: three sheets stay below the 4 GiB of a ZIP file. */
  readonly xmlLength: number;
}

/** Rows and columns of Excel (support.microsoft.com, "Excel specifications and limits"). */
const EXCEL: SheetLimits = { rows: 1_048_576, columns: 16_384, xmlLength: 2 ** 28 };

/** Characters collected for one chunk. */
const CHUNK_LENGTH = 65_536;

/** A longer answer would fill the screen. Its row shows this many lines, and the cell holds the rest. */
const MAX_LINES = 12;
/** Points of a line in 11 point Calibri. */
const LINE_HEIGHT = 15;

const WIDE = 60;
const NARROW = 18;
/** Columns with sentences; others hold names. */
const SENTENCES = /(?:^|\.)(?:answer|prompt|target|failure_message)(?:@.*)?$/u;

/** Rows after the last one that fits are left out, and a last row says so; so are columns, and a last header says so. */
export async function* sheetXml<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
  limits: SheetLimits = EXCEL,
): AsyncGenerator<string> {
  const shown = fitColumns(columns, limits.columns).map((column, index) => ({
    column,
    name: columnName(index),
    width: widthOf(column),
  }));
  let xml = head(shown.map(({ width }) => width));
  xml += `<row r="1">${shown.map(({ column, name }) => textCell(`${name}1`, column.name, STYLE.header)).join('')}</row>`;
  let total = 0;
  let row = 1;
  for await (const item of rows) {
    row += 1;
    if (row === limits.rows || total + xml.length > limits.xmlLength) {
      xml += `<row r="${row}">${textCell(`A${row}`, 'This sheet is full: the journal has the other rows', STYLE.header)}</row>`;
      break;
    }
    xml += rowXml(shown, item, row);
    if (xml.length < CHUNK_LENGTH) continue;
    yield xml;
    total += xml.length;
    xml = '';
  }
  yield `${xml}</sheetData><autoFilter ref="A1:${shown.at(-1)?.name ?? 'A'}${row}"/></worksheet>\n`;
}

interface ShownColumn<Row> {
  readonly column: Column<Row>;
  /** `A`, `B`, ... */
  readonly name: string;
  /** In characters. */
  readonly width: number;
}

function fitColumns<Row>(columns: readonly Column<Row>[], max: number): readonly Column<Row>[] {
  if (columns.length <= max) return columns;
  const name = `${columns.length - max + 1} more columns are in the journal`;
  return [...columns.slice(0, max - 1), { name, type: 'string', description: name, cell: () => null }];
}

/** The elements before the rows, in the order of the schema. The first column stays in sight, too: it says which row it is. */
function head(widths: readonly number[]): string {
  const pane = '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>';
  const cols = widths.map(
    (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`,
    `<cols>${cols.join('')}</cols><sheetData>`,
  ].join('');
}

function widthOf({ name, type }: Column<never>): number {
  if (type === 'datetime') return 20;
  if (type === 'string') return SENTENCES.test(name) ? WIDE : NARROW;
  // Room for the button of the filter.
  return Math.min(NARROW, Math.max(10, name.length + 3));
}

function rowXml<Row>(columns: readonly ShownColumn<Row>[], item: Row, row: number): string {
  let cells = '';
  let lines = 1;
  for (const { column, name, width } of columns) {
    const at = `${name}${row}`;
    const number = numberOf(column, item);
    if (number !== null) {
      cells += `<c r="${at}" s="${numberStyle(column)}"><v>${number}</v></c>`;
      continue;
    }
    const value = textOf(column, item);
    if (value === '') continue;
    lines = Math.max(lines, linesOf(value, width));
    cells += textCell(at, value, FORMULA_LIKE.test(value) ? STYLE.literal : STYLE.text);
  }
  const height = lines > MAX_LINES ? ` ht="${MAX_LINES * LINE_HEIGHT}" customHeight="1"` : '';
  return `<row r="${row}"${height}>${cells}</row>`;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/;
const TIME = /^\d{4}-/;
const DAY_MS = 86_400_000;
/** 1970-01-01 as a day of the calendar of spreadsheets. */
const DAYS_BEFORE_1970 = 25_569;

/** The number in a cell, or its time as days; null = it is a text or missing. */
function numberOf<Row>(column: Column<Row>, item: Row): string | null {
  if (column.type === 'string') return null;
  const written = writeCell(column, item);
  if (NUMBER.test(written)) return written;
  const days = column.type === 'datetime' && TIME.test(written) ? Date.parse(written) / DAY_MS : Number.NaN;
  return Number.isNaN(days) ? null : String(days + DAYS_BEFORE_1970);
}

/** A text, or what somebody else's journal has in a column of numbers. */
function textOf<Row>(column: Column<Row>, item: Row): string {
  const value = column.cell(item) ?? '';
  return typeof value === 'number' && !Number.isFinite(value) ? '' : fitCellText(String(value));
}

/** An inline string is never a formula, a number or a date, whatever it begins with. */
function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escapeCellText(text)}</t></is></c>`;
}

/** Lines that a text takes in a column, roughly: letters have different widths. */
function linesOf(text: string, width: number): number {
  let lines = 0;
  let start = 0;
  while (start <= text.length && lines <= MAX_LINES) {
    const end = text.indexOf('\n', start);
    const length = (end < 0 ? text.length : end) - start;
    lines += Math.max(1, Math.ceil(length / width));
    start = end < 0 ? text.length + 1 : end + 1;
  }
  return lines;
}

/** `A` for 0, `Z` for 25, `AA` for 26. */
function columnName(index: number): string {
  const before = Math.floor(index / 26) - 1;
  return (before < 0 ? '' : columnName(before)) + String.fromCharCode(65 + (index % 26));
}
