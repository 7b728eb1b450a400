import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column } from '../../../src/reporters/column.ts';
import { sheetXml } from '../../../src/reporters/xlsx/sheet-xml.ts';
import { workbook } from '../../../src/reporters/xlsx/workbook.ts';
import { bytesOf, cellsOf, openWorkbook, partsOf, sheetOf } from '../../helpers/spreadsheet.ts';

type Row = readonly (string | number | null)[];

const column = (name: string, index: number, more: Partial<Column<Row>> = {}): Column<Row> => ({
  name,
  type: 'string',
  description: name,
  cell: (row) => row[index] ?? null,
  ...more,
});

const TEXT = [column('id', 0), column('m.answer', 1)];
const TYPED = [
  column('id', 0),
  column('n', 1, { type: 'integer' }),
  column('ms', 2, { type: 'number', unit: 'ms' }),
  column('usd', 3, { type: 'number', unit: 'USD' }),
  column('at', 4, { type: 'datetime' }),
];

async function bytes(columns: readonly Column<Row>[], rows: Iterable<Row>, limits?: Parameters<typeof sheetXml>[2]) {
  return bytesOf(workbook([{ name: 'rows', xml: sheetXml(columns, rows, limits) }]));
}

async function written(...parameters: Parameters<typeof bytes>) {
  return sheetOf(openWorkbook(await bytes(...parameters)), 'rows');
}

async function xmlOf(...parameters: Parameters<typeof bytes>): Promise<string> {
  return partsOf(await bytes(...parameters)).get('xl/worksheets/sheet1.xml') ?? '';
}

describe('texts', () => {
  test.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '0012',
    '1e5',
    '2026-01-02',
    'TRUE',
    '#N/A',
    '12345678901234567890',
  ])('%j is a text, not a formula, a number or a date', async (text) => {
    const sheet = await written(TEXT, [[text, text]]);

    expect(sheet['A2']).toMatchObject({ t: 's', v: text });
    expect(sheet['A2']).not.toHaveProperty('f');
  });

  test('a text like a formula is marked, so that it is a text after it was edited, too', async () => {
    const xml = await xmlOf(TEXT, [['=1+1', 'plain']]);

    expect(xml).toContain('<c r="A2" s="3" t="inlineStr">');
    expect(xml).toContain('<c r="B2" s="2" t="inlineStr">');
  });

  test('another program reads any text back unchanged', async () => {
    const piece = fc.oneof(
      fc.constantFrom('_x0041_', '\u0000', '\u001b[2J', '\ud800', '\uffff', '<b>', '&amp;', ']]>', '<![CDATA[', '\n'),
      fc.string({ unit: 'binary' }),
      fc.string(),
    );
    const texts = fc.array(
      fc.array(piece).map((pieces) => pieces.join('')),
      { minLength: 1 },
    );

    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const rows = all.map((text): Row => [`id${text}`, text]);
        const read = cellsOf(await written(TEXT, rows)).slice(1);
        // The reader makes LF of CR LF after it has read both.
        const lf = (text: unknown) => String(text ?? '').replaceAll('\r\n', '\n');
        expect(read.map((row) => row.map(lf))).toEqual(rows.map((row) => row.map(lf)));
      }),
      { numRuns: 60 },
    );
  });

  test('an answer of a million characters is cut with a note', async () => {
    const sheet = await written(TEXT, [['a', 'é'.repeat(1_000_000)]]);

    expect(String(sheet['B2']?.v)).toHaveLength(32_767);
    expect(String(sheet['B2']?.v)).toMatch(/é … \[cut: the journal has all 1000000 characters\]$/u);
  });
});

describe('typed cells', () => {
  test('numbers are numbers, rounded by their unit, and shown without an exponent', async () => {
    const sheet = await written(TYPED, [['a', 42, 621.25, 0.1 + 0.2, null]]);

    expect(sheet['B2']).toMatchObject({ t: 'n', v: 42 });
    expect(sheet['C2']).toMatchObject({ t: 'n', v: 621.3, z: '0.0' });
    expect(sheet['D2']).toMatchObject({ t: 'n', v: 0.3, z: '0.00########' });
  });

  test('a time is a time of the spreadsheet in UTC', async () => {
    const sheet = await written(TYPED, [['a', null, null, null, '2026-11-23T10:15:01.250Z']]);

    expect(sheet['E2']).toMatchObject({ t: 'n', z: expect.stringContaining('yyyy') });
    expect((Number(sheet['E2']?.v) - 25_569) * 86_400_000).toBeCloseTo(Date.parse('2026-11-23T10:15:01.250Z'), 0);
  });

  test('what is missing or not finite is an empty cell, and 0 is 0', async () => {
    const [, first, second] = cellsOf(
      await written(TYPED, [
        ['a', null, Number.NaN, Number.POSITIVE_INFINITY, null],
        ['b', 0, 0, 0, null],
      ]),
    );

    expect(first).toEqual(['a', null, null, null, null]);
    expect(second).toEqual(['b', 0, 0, 0, null]);
  });

  test('anything else in a column of numbers is a text', async () => {
    const sheet = await written(TYPED, [['a', '=1+1', 'x', '5.5', '2026-99-99T00:00:00Z']]);

    expect(sheet['B2']).toMatchObject({ t: 's', v: '=1+1' });
    expect(sheet['C2']).toMatchObject({ t: 's', v: 'x' });
    expect(sheet['D2']).toMatchObject({ t: 'n', v: 5.5 });
    expect(sheet['E2']).toMatchObject({ t: 's', v: '2026-99-99T00:00:00Z' });
  });
});

describe('the sheet', () => {
  test('keeps header and first column in sight, filters all columns, and has widths', async () => {
    const xml = await xmlOf(TEXT, [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const sheet = await written(TEXT, [
      ['a', 'b'],
      ['c', 'd'],
    ]);

    expect(xml).toContain('<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>');
    expect(sheet['!autofilter']).toEqual({ ref: 'A1:B3' });
    expect(sheet['!cols']?.map((col) => col.width)).toEqual([18, 60]);
  });

  test('shows 12 lines of a long answer, and all of a short one', async () => {
    const xml = await xmlOf(TEXT, [
      ['a', 'line\n'.repeat(40)],
      ['b', 'short'],
      ['c', 'x'.repeat(5000)],
    ]);

    expect(xml).toContain('<row r="2" ht="180" customHeight="1">');
    expect(xml).toContain('<row r="3"><c');
    expect(xml).toContain('<row r="4" ht="180" customHeight="1">');
  });

  test('without rows has a header', async () => {
    const sheet = await written(TEXT, []);

    expect(cellsOf(sheet)).toEqual([['id', 'm.answer']]);
    expect(sheet['!autofilter']).toEqual({ ref: 'A1:B1' });
  });

  test('names columns beyond Z', async () => {
    const columns = Array.from({ length: 703 }, (_, index) => column(`c${index}`, index));
    const sheet = await written(columns, [columns.map((_, index) => index % 7)]);

    expect([sheet['Z1']?.v, sheet['AA1']?.v, sheet['ZZ1']?.v, sheet['AAA1']?.v]).toEqual([
      'c25',
      'c26',
      'c701',
      'c702',
    ]);
  });

  test('that is full says so in its last row', async () => {
    const rows = Array.from({ length: 9 }, (_, index): Row => [`s${index}`, 'a']);
    const limits = { rows: 4, columns: 10, xmlLength: 1e6 };

    expect(cellsOf(await written(TEXT, rows, limits)).map(([id]) => id)).toEqual([
      'id',
      's0',
      's1',
      'This sheet is full: the journal has the other rows',
    ]);
    expect(cellsOf(await written(TEXT, rows.slice(0, 2), limits))).toHaveLength(3);
  });

  test('with too much text ends before the file is too large for its format', async () => {
    const rows = Array.from({ length: 9 }, (_, index): Row => [`s${index}`, 'a'.repeat(1000)]);
    const read = cellsOf(await written(TEXT, rows, { rows: 100, columns: 10, xmlLength: 4000 }));

    expect(read.length).toBeLessThan(8);
    expect(read.at(-1)?.[0]).toBe('This sheet is full: the journal has the other rows');
  });

  test('with more columns than a spreadsheet has says how many are left out', async () => {
    const columns = ['a', 'b', 'c', 'd'].map((name, index) => column(name, index));
    const read = cellsOf(await written(columns, [['1', '2', '3', '4']], { rows: 10, columns: 3, xmlLength: 1e6 }));

    expect(read).toEqual([
      ['a', 'b', '2 more columns are in the journal'],
      ['1', '2', null],
    ]);
  });
});
