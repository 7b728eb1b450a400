import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReportFile } from '../../src/report.ts';
import type { Column } from '../../src/reporters/column.ts';
import { csv } from '../../src/reporters/csv.ts';
import { CSV_DELIMITERS, csvFormatOf, USUAL_CSV } from '../../src/reporters/csv-format.ts';
import { csvTable } from '../../src/reporters/csv-table.ts';
import { unguard } from '../../src/reporters/formula-guard.ts';
import { readFolder } from '../dataset/folder.ts';
import { workspace } from '../helpers/cli.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

const COLUMNS: readonly Column<readonly string[]>[] = ['a', 'b'].map((name, index) => ({
  name,
  type: 'string',
  description: '',
  cell: (row) => row[index] ?? null,
}));

async function textOf(chunks: ReportFile['content']): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

test('every format is read back as it was, with one mark at the start', async () => {
  const cell = fc
    .array(fc.oneof(fc.string(), fc.constantFrom('"', ',', ';', '\t', '\n', '\r', '=1', '-5', '\ufeff')))
    .map((pieces) => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell)),
      fc.boolean(),
      fc.constantFrom(...CSV_DELIMITERS),
      async (rows, bom, delimiter) => {
        const text = await textOf(csvTable(COLUMNS, rows, { bom, delimiter }));

        expect(text.startsWith('\ufeff')).toBe(bom);
        const read: string[][] = parse(text, { bom: true, delimiter, record_delimiter: '\n' });
        expect(read.map((cells) => cells.map(unguard))).toEqual([['a', 'b'], ...rows]);
      },
    ),
  );
});

test.each([
  [undefined, USUAL_CSV],
  [{ csv: { bom: true } }, { bom: true, delimiter: ',' }],
  [{ csv: { delimiter: ';' } }, { bom: false, delimiter: ';' }],
  [{ csv: { delimiter: 'x', bom: 'yes' } }, USUAL_CSV],
])('the format of a run with the configuration %j', (config, format) => {
  expect(csvFormatOf(config)).toEqual(format);
});

test('all tables of a run are written as its configuration says, and datapackage.json says so, too', async () => {
  const report = fixtureReport();
  const files = csv.files({ ...report, run: { ...report.run, config: { csv: { bom: true, delimiter: ';' } } } });

  const texts = await Promise.all(files.map(async ({ name, content }) => [name, await textOf(content)] as const));

  for (const [name, text] of texts.filter(([name]) => name.endsWith('.csv'))) {
    expect([name, text.slice(0, 1)]).toEqual([name, '\ufeff']);
    expect(text.split('\n')[0]?.split(';').length).toBeGreaterThan(4);
  }
  const described = JSON.parse(texts.find(([name]) => name === 'datapackage.json')?.[1] ?? '{}');
  expect(described.earsight.byteOrderMark).toBe(true);
  expect(described.resources.map(({ dialect }: { dialect: object }) => dialect)).toEqual(
    described.resources.map(() => expect.objectContaining({ delimiter: ';' })),
  );
});

test('the estimate of cells follows the configuration, and its file can be a manifest', async () => {
  using folder = workspace({
    'earsight.config.yaml':
      'dataset: m.csv\nmodels: [{id: a, provider: openai, model: gpt-4o, auth: {type: none}}]\ncsv: {bom: true, delimiter: ";"}\n',
    'm.csv': 'id,prompt\nx;y,hello\n',
  });

  const first = await folder.run(['estimate', '--csv', 'cells.csv']);
  const again = await folder.run(['estimate', '--csv', 'cells.csv']);

  expect([first.code, again.code]).toEqual([0, 0]);
  expect(folder.read('cells.csv')).toMatch(/^\ufeffsample_id;model;repeat;.*\n"x;y";a;0;/);
  const { samples } = await readFolder({ 'cells.csv': folder.read('cells.csv') }, 'cells.csv', {
    prompt: '{{sample_id}}',
  });
  expect(samples.map(({ metadata }) => metadata['sample_id'])).toEqual(['x;y']);
});
