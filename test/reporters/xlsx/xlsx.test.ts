import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../../src/report.ts';
import { compareColumns } from '../../../src/reporters/compare-csv.ts';
import { xlsx } from '../../../src/reporters/xlsx/xlsx.ts';
import { FIXTURE_RESULTS, fixtureReport } from '../../helpers/report-fixture.ts';
import { bytesOf, cellsOf, openWorkbook, partsOf, sheetOf } from '../../helpers/spreadsheet.ts';

async function written(report: RunReport = fixtureReport()): Promise<Buffer> {
  const [file] = xlsx.files(report);
  return bytesOf(file?.content ?? []);
}

async function sheet(name: string, report?: RunReport) {
  return sheetOf(openWorkbook(await written(report)), name);
}

const lf = (text: string) => text.replaceAll('\r\n', '\n');

test('has one sheet each for comparison, summary and failures', async () => {
  expect(openWorkbook(await written()).SheetNames).toEqual(['comparison', 'summary', 'failures']);
});

test('equals its golden parts', async () => {
  const parts = [...partsOf(await written())].map(([name, xml]) => `${name}\n${xml.replaceAll('><', '>\n<')}`);

  await expect(parts.join('\n')).toMatchFileSnapshot('../../golden/hostile-compare.xlsx.txt');
});

describe('comparison', () => {
  test('has the columns of compare.csv and a row for each sample', async () => {
    const [header, ...rows] = cellsOf(await sheet('comparison'));

    expect(header).toEqual(compareColumns(fixtureReport()).map(({ name }) => name));
    expect(rows.map(([id]) => id)).toEqual(['plain', '=1+1', '0012', 'turns-1']);
  });

  test('gives ids, prompts and answers of hostile samples back, and no cell is a formula', async () => {
    const book = openWorkbook(await written());
    const [header = [], ...rows] = cellsOf(sheetOf(book, 'comparison'));
    const columnOf = (name: string) => rows.map((row) => row[header.indexOf(name)] ?? '');
    const firstAnswers = ['plain', '=1+1', '0012', 'turns-1'].map((id) => {
      const own = FIXTURE_RESULTS.find(
        ({ sampleId, modelId, status }) => sampleId === id && modelId === '=cmd|é音声🎧' && status === 'completed',
      );
      return own?.status === 'completed' ? own.answer : '';
    });

    expect(columnOf('=cmd|é音声🎧.answer')).toEqual(firstAnswers);
    expect(columnOf('prompt')[1]).toBe(lf('=HYPERLINK("https://evil.example","click")\r\nsecond line'));
    for (const one of Object.values(book.Sheets)) {
      for (const cell of Object.values(one)) expect(cell).not.toHaveProperty('f');
    }
  });

  test('has scores, latencies, tokens and costs as numbers', async () => {
    const [header = [], first = []] = cellsOf(await sheet('comparison'));
    const figure = (name: string) => first[header.indexOf(`phi-4-mm.${name}`)];

    expect(['latency_ms', 'prompt_tokens', 'cost_usd'].map(figure)).toEqual([671.3, 834, 0.3]);
    expect(figure('score')).toBeCloseTo(5 / 12, 12);
  });
});

describe('summary', () => {
  test('has the figures as numbers and leaves missing ones empty', async () => {
    const [header = [], ...rows] = cellsOf(await sheet('summary'));
    const value = header.indexOf('value');

    expect(rows).toHaveLength(fixtureReport().summary.length);
    expect(rows[0]?.[value]).toBe(0.6125);
    expect(rows.filter((row) => row[value] === null)).toHaveLength(3);
  });
});

describe('failures', () => {
  test('has each failed and skipped cell with its reason, and no completed one', async () => {
    const [header = [], ...rows] = cellsOf(await sheet('failures'));
    const expected = FIXTURE_RESULTS.flatMap((result) =>
      result.status === 'completed' ? [] : [[result.sampleId, result.modelId, result.status, result.failure.kind]],
    );

    const names = ['sample_id', 'model', 'status', 'failure_kind'];
    expect(rows.map((row) => names.map((name) => row[header.indexOf(name)]))).toEqual(expected);
    expect(header).toEqual(expect.arrayContaining(['failure_message', 'attempts', 'prompt', 'meta.lang']));
  });
});

test('names the scores of a set that is not of the run', async () => {
  const set = { scoredAt: null, scorers: [], names: ['exact'] };
  const scoreSets = {
    unscored: 0,
    used: 'again',
    all: [
      { name: 'run', ...set },
      { name: 'again', ...set },
    ],
  };
  const [header = []] = cellsOf(await sheet('comparison', { ...fixtureReport(), scoreSets }));

  expect(header).toContain('phi-4-mm.score@again');
});

test('a large run is written in pieces while it is read', async () => {
  const one = FIXTURE_RESULTS.slice(0, 6);
  let read = 0;
  const report: RunReport = {
    ...fixtureReport(),
    async *samples() {
      for (; read < 5000; read += 1) yield one;
    },
    async *results() {},
  };
  const [file] = xlsx.files(report);
  let readAtFirst: number | null = null;
  for await (const piece of file?.content ?? []) if (read > 0 && piece.length > 0) readAtFirst ??= read;

  expect(readAtFirst).toBeLessThan(2000);
});
