import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../../src/report.ts';
import { type Column, writeUsd } from '../../../src/reporters/column.ts';
import { csv } from '../../../src/reporters/csv.ts';
import { unguard } from '../../../src/reporters/formula-guard.ts';
import { parquet } from '../../../src/reporters/parquet/parquet.ts';
import { parquetTable } from '../../../src/reporters/parquet/parquet-table.ts';
import { fixtureReport } from '../../helpers/report-fixture.ts';
import { bytesOf } from '../../helpers/spreadsheet.ts';

type Row = Readonly<Record<string, unknown>>;

/** The bytes as readers want them. */
async function bufferOf(pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>) {
  return new Uint8Array(await bytesOf(pieces)).buffer;
}

function written(report: RunReport = fixtureReport()) {
  return bufferOf(parquet.files(report)[0]?.content ?? []);
}

async function csvRows(report: RunReport): Promise<readonly Readonly<Record<string, string>>[]> {
  const file = csv.files(report).find(({ name }) => name === 'results.csv');
  return parse(await bytesOf(file?.content ?? []), { columns: true });
}

/** The reader's own decoder drops a byte-order mark at the start of a text. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const parsers = { stringFromBytes: (bytes?: Uint8Array) => bytes && decoder.decode(bytes) };

const readRows = (file: ArrayBuffer): Promise<readonly Row[]> => parquetReadObjects({ file, parsers });

/** As CSV has it: missing is empty, and a dollar never has an exponent. */
function asText(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return name === 'cost_usd' ? writeUsd(Number(value)) : String(value);
}

describe('results.parquet', () => {
  test('has the columns of results.csv with their types', async () => {
    const { schema } = parquetMetadata(await written());
    const types = Object.fromEntries(
      schema.slice(1).map(({ name, type, converted_type = '' }) => [name, `${type} ${converted_type}`.trim()]),
    );

    expect(Object.keys(types)).toEqual(Object.keys((await csvRows(fixtureReport()))[0] ?? {}));
    expect(types).toMatchObject({
      sample_id: 'BYTE_ARRAY UTF8',
      repeat: 'INT64',
      score: 'DOUBLE',
      prompt_tokens: 'INT64',
      cost_usd: 'DOUBLE',
      started_at: 'INT64 TIMESTAMP_MILLIS',
      'meta.lang': 'BYTE_ARRAY UTF8',
    });
  });

  test('has the values of results.csv, row by row, and text without the guard against formulas', async () => {
    const rows = await readRows(await written());

    expect(rows.map((row) => Object.entries(row).map(([name, value]) => asText(name, value)))).toEqual(
      (await csvRows(fixtureReport())).map((row) => Object.values(row).map(unguard)),
    );
  });

  test('keeps what is missing as null: neither 0 nor an empty text', async () => {
    const rows = await readRows(await written());
    const skipped = rows.find(({ status }) => status === 'skipped');

    expect(skipped).toMatchObject({ answer: null, score: null, latency_ms: null, prompt_tokens: null, cost_usd: null });
  });

  test('describes itself: run, version, units and the key of a row', async () => {
    const { key_value_metadata: notes = [] } = parquetMetadata(await written());
    const note: unknown = JSON.parse(notes.find(({ key }) => key === 'earsight')?.value ?? '');

    expect(note).toMatchObject({
      runId: '20261123T101500Z-hostile',
      version: '0.1.0',
      primaryKey: ['sample_id', 'model', 'repeat'],
    });
    expect(note).toHaveProperty(
      'columns',
      expect.arrayContaining([expect.objectContaining({ name: 'cost_usd', unit: 'USD' })]),
    );
  });

  test('is a table of no rows for a run without results', async () => {
    const file = await written({ ...fixtureReport(), async *results() {} });

    expect(parquetMetadata(file).num_rows).toBe(0n);
    expect(await readRows(file)).toEqual([]);
  });

  test('is described in datapackage.json only when it is written with it', async () => {
    const described = async (reporters: readonly string[]) => {
      const file = csv.files({ ...fixtureReport(), reporters }).find(({ name }) => name === 'datapackage.json');
      const { resources }: { resources: readonly { name: string; schema: object }[] } = JSON.parse(
        (await bytesOf(file?.content ?? [])).toString(),
      );
      return resources.map(({ name }) => name);
    };

    expect(await described(['csv', 'parquet'])).toEqual(['results', 'compare', 'turns', 'summary', 'results-parquet']);
    expect(await described(['csv'])).toEqual(['results', 'compare', 'turns', 'summary']);
  });
});

describe('a table of any values', () => {
  interface Cells {
    readonly text: string | null;
    readonly count: number | null;
    readonly figure: number | null;
    readonly time: string | null;
  }
  const columns: readonly Column<Cells>[] = [
    { name: 'text', type: 'string', description: 'a text', cell: ({ text }) => text },
    { name: 'a.count', type: 'integer', description: 'a count', cell: ({ count }) => count },
    { name: 'figure', type: 'number', description: 'a figure', cell: ({ figure }) => figure },
    { name: 'time', type: 'datetime', description: 'a time', cell: ({ time }) => time },
  ];
  const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
  const cells = fc.record({
    text: nullable(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\0', "'=1+1", '=1+1', '\r\n', '\ufeff', ' \t', 'é', 'e\u0301', '🎧', 'null', 'NaN'),
      ),
    ),
    count: nullable(fc.maxSafeInteger()),
    figure: nullable(fc.double({ noNaN: true, noDefaultInfinity: true })),
    time: nullable(
      fc
        .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
        .map((date) => date.toISOString()),
    ),
  });

  test('gives back what was written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { maxLength: 30 }), async (rows) => {
        const file = await bufferOf(parquetTable(columns, rows, {}));

        expect(await readRows(file)).toEqual(
          rows.map(({ text, count, figure, time }) => ({
            text,
            'a.count': count === null ? null : BigInt(count),
            figure,
            time: time === null ? null : new Date(time),
          })),
        );
      }),
      { numRuns: 60 },
    );
  });

  test.each<readonly [string, Partial<Cells>]>([
    ['a count with a fraction', { count: 1.5 }],
    ['a count that no double holds', { count: 2 ** 60 }],
    ['a figure without end', { figure: Number.POSITIVE_INFINITY }],
    ['a figure that is not a number', { figure: Number.NaN }],
    ['a time that is none', { time: 'yesterday' }],
  ])('%s is missing', async (_, damaged) => {
    const empty: Cells = { text: null, count: null, figure: null, time: null };
    const file = await bufferOf(parquetTable(columns, [{ ...empty, ...damaged }], {}));

    expect(await readRows(file)).toEqual([{ text: null, 'a.count': null, figure: null, time: null }]);
  });

  test('is written as it is read: each row group before the rows of the next', async () => {
    const read: number[] = [];
    function* rows(): Generator<Cells> {
      for (let count = 1; count <= 25_000; count += 1) {
        read.push(count);
        yield { text: null, count, figure: null, time: null };
      }
    }
    const readBefore: number[] = [];
    const pieces: Uint8Array[] = [];
    for await (const piece of parquetTable(columns, rows(), {})) {
      readBefore.push(read.length);
      pieces.push(piece);
    }

    expect(readBefore).toEqual([10_000, 20_000, 25_000, 25_000]);
    expect(parquetMetadata(await bufferOf(pieces)).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      10_000, 10_000, 5_000,
    ]);
  });

  test('has fewer rows in a group when texts are long', async () => {
    const long = { text: 'x'.repeat(2 ** 22), count: null, figure: null, time: null };
    const file = await bufferOf(parquetTable(columns, [long, long, long], {}));

    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([2, 1]);
    expect((await readRows(file)).map(({ text }) => String(text).length)).toEqual([2 ** 22, 2 ** 22, 2 ** 22]);
  });
});
