/** What every registered reporter keeps to. */

import { parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import type { Reporter, RunReport } from '../../src/report.ts';
import { REPORTERS } from '../../src/reporters/registry.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { bytesOf, partsOf } from '../helpers/spreadsheet.ts';

const EMPTY: RunReport = {
  ...fixtureReport(),
  scorers: [],
  metadataKeys: [],
  warnings: [],
  summary: [],
  failures: [],
  async *results() {},
  async *samples() {},
};

/** The texts by file; of a workbook each XML part, of a Parquet file its rows. */
async function render(reporter: Reporter, report: RunReport): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { name, content } of reporter.files(report)) {
    const bytes = await bytesOf(content);
    for (const [part, text] of await textsOf(name, bytes)) files.set(`${name}${part}`, text);
  }
  return files;
}

async function textsOf(name: string, bytes: Buffer): Promise<ReadonlyMap<string, string>> {
  if (name.endsWith('.xlsx')) return partsOf(bytes);
  if (!name.endsWith('.parquet')) return new Map([['', bytes.toString('utf8')]]);
  const rows: readonly Record<string, unknown>[] = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  return new Map([['', rows.map((row) => `${Object.values(row).map(String).join('|')}\n`).join('') || '\n']]);
}

describe.each<[string, Reporter]>(Object.entries(REPORTERS))('reporter %s', (_name, reporter) => {
  test('describes itself in one line', () => {
    expect(reporter.description).toMatch(/^[^\n]{10,100}$/u);
  });

  test('makes files with plain names, each named in the description', () => {
    for (const { name } of reporter.files(fixtureReport())) {
      expect(name).toMatch(/^[a-z]+\.[a-z]+$/u);
      expect(reporter.description).toContain(name);
    }
  });

  test('renders the same report the same way twice', async () => {
    expect(await render(reporter, fixtureReport())).toEqual(await render(reporter, fixtureReport()));
  });

  test('renders a run that has no results yet', async () => {
    for (const text of (await render(reporter, EMPTY)).values()) expect(text).toMatch(/\n$/u);
  });

  test('lets no control character of a model name, run name or path through', async () => {
    const base = fixtureReport();
    const hostile: RunReport = {
      ...EMPTY,
      run: {
        ...base.run,
        name: 'run\u001b[2J',
        models: [{ id: 'model\u001b[2J\u0007', provider: 'openai', model: 'x' }],
        dataset: { ...base.run.dataset, path: 'path\u001b[2J' },
      },
    };
    for (const [name, text] of await render(reporter, hostile)) {
      // CSV and Parquet keep text as it is: it is data, and only spreadsheets are guarded against.
      if (!/\.(?:csv|parquet)$/u.test(name)) expect(text).not.toMatch(/[\u001b\u0007]/u);
    }
  });
});

test('a registry line is all it takes: names are unique file names over all reporters', () => {
  const names = Object.values<Reporter>(REPORTERS).flatMap((reporter) =>
    reporter.files(fixtureReport()).map(({ name }) => name),
  );

  expect(new Set(names).size).toBe(names.length);
});
