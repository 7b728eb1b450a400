import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RunInfo, SummaryRow } from '../../../src/report.ts';
import { terminalTable } from '../../../src/reporters/terminal/terminal-table.ts';
import { displayWidth } from '../../../src/text/display-width.ts';
import { fixtureReport } from '../../helpers/report-fixture.ts';

const { run, summary, failures } = fixtureReport();
const plain = (width: number) => terminalTable({ summary, run, failures }, { color: false, width, wraps: false });
const tableLines = (text: string) => text.split('\n').slice(0, 1 + run.models.length);

test.each([80, 100, 140])('equals its golden file at %d columns', async (width) => {
  await expect(plain(width)).toMatchFileSnapshot(`../../golden/hostile-terminal-${width}.txt`);
});

test('equals its golden file in colour', async () => {
  await expect(
    terminalTable({ summary, run, failures }, { color: true, width: 140, wraps: false }),
  ).toMatchFileSnapshot('../../golden/hostile-terminal-color.txt');
});

test('colour changes only colour', () => {
  const painted = terminalTable({ summary, run, failures }, { color: true, width: 140, wraps: false });

  const bare = stripVTControlCharacters(painted).replace(/ +$/gmu, '');

  expect(bare).toBe(plain(140));
});

test.each([80, 100, 120, 200])('keeps the table within %d columns', (width) => {
  for (const line of tableLines(plain(width))) expect(displayWidth(line)).toBeLessThanOrEqual(width);
});

/** Five models of long names, which differ at their ends. */
const five = [
  'azure-foundry-phi-4-multimodal-instruct-eastus2-prod-2025-aa',
  'azure-foundry-phi-4-multimodal-instruct-eastus2-prod-2025-bb',
  '音声認識モデル多言語版二〇二五年秋季東京地域本番環境甲',
  'llama-4-maverick-🎧👩‍👩‍👧-17b-128e-instruct-fp8-westus-prod-01',
  'gpt-4o-mini-transcribe-2025-11-30-global-standard-deployment',
];
const fiveRun: RunInfo = {
  ...{ ...run, repeat: 1, dataset: { ...run.dataset, samples: 60 } },
  models: five.map((id) => ({ id, provider: 'openai', model: 'x' })),
};
const fiveRows = five.flatMap((model, index): readonly SummaryRow[] => {
  const row = (metric: string, value: number | null, n = 60): SummaryRow => ({
    ...{ model, slice: 'all', metric, n, value, missing: 0 },
    ...{ ciLow: null, ciHigh: null, ciMethod: '' },
  });
  const score = 0.85 - 0.03 * index;
  return [
    { ...row('score', score, index === 3 ? 56 : 60), ciLow: score - 0.11, ciHigh: score + 0.07 },
    row('score_all', index === 3 ? score - 0.05 : score),
    row('score.exact', score),
    row('completed', 60),
    row('latency_ms_p50', 331 * (index + 1)),
    row('latency_ms_p95', 982 * (index + 1)),
    row('prompt_tokens_mean', 1214),
    row('completion_tokens_mean', 9),
    row('cost_usd_total', index === 4 ? null : 0.000_891 * (index + 1), index === 4 ? 0 : 60),
    row('failed', index === 3 ? 4 : 0),
    row('failed.bad_request', index === 3 ? 4 : 0),
  ];
});

test.each([50, 80, 120, 200])('five models of long names equal their golden file at %d columns', async (width) => {
  const text = terminalTable({ summary: fiveRows, run: fiveRun, failures: [] }, { color: false, width, wraps: true });

  for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(width, 61));
  await expect(text).toMatchFileSnapshot(`../../golden/long-names-terminal-${width}.txt`);
});

test('a name that does not fit beside the figures gets a line of its own', () => {
  const long: RunInfo = { ...run, models: [{ id: `${'m'.repeat(298)}-z`, provider: 'openai', model: 'x' }] };

  const [head = '', name = '', line = ''] = terminalTable(
    { summary: [], run: long, failures: [] },
    { color: false, width: 80, wraps: false },
  ).split('\n');

  expect(name).toMatch(/^m{40}…m{37}-z$/u);
  for (const text of [head, name, line]) expect(displayWidth(text)).toBeLessThanOrEqual(80);
  expect(line).toMatch(/^ {2} +\d/u);
});

test('shows untrusted names without obeying them', () => {
  const hostile: RunInfo = { ...run, models: [{ id: 'a\u001b[31m\u202eb\r\n', provider: 'openai', model: 'x' }] };

  const text = terminalTable({ summary: [], run: hostile, failures: [] }, { color: false, width: 120, wraps: false });

  expect(text).toContain('a\\x1b[31m\\u202eb\\r\\n');
  expect(text.split('\n').length).toBe(3);
});

describe('the table shows', () => {
  const [model] = run.models;
  const one: RunInfo = { ...run, repeat: 1, models: model === undefined ? [] : [model] };
  const row = (metric: string, value: number | null, n = 10, more: Partial<SummaryRow> = {}): SummaryRow => ({
    ...{ model: model?.id ?? '', slice: 'all', metric, n, value, missing: 0 },
    ...{ ciLow: null, ciHigh: null, ciMethod: '' },
    ...more,
  });
  const show = (...rows: readonly SummaryRow[]) =>
    terminalTable({ summary: rows, run: one, failures: [] }, { color: false, width: 120, wraps: false });

  test('no score columns where nothing was scored, and no complaint about it', () => {
    const text = show(row('completed', 10), row('unscored', 10), row('score', null, 0));

    expect(text).not.toMatch(/score/u);
    expect(text).toContain('samples');
  });

  test('how many samples have a score, of how many, at any width', () => {
    const few = { ...one, dataset: { ...one.dataset, samples: 500 } };
    const rows = [row('score', 0, 4), row('score_all', 0, 4), row('skipped', 496), row('skipped.budget', 496)];
    const at = (width: number) =>
      terminalTable({ summary: rows, run: few, failures: [] }, { color: false, width, wraps: false });

    for (const width of [40, 80, 140]) expect(at(width)).toContain('4 of 500');
    expect(at(140)).toContain('samples: how many have a score, of how many\n');
    expect(show(row('score', 0.5, 4), row('score_all', 0.5, 4))).not.toContain('of how many');
  });

  test('why an interval is wide, or missing', () => {
    const told = (clusters: number) =>
      show(row('score', 0.5, 60), row('score_all', 0.5, 60), row('score_clusters', clusters, 60));

    expect(told(1)).toContain(
      '60 scored samples count as 1, because those of one group, or about the same picture or clip, are not independent: there is no interval',
    );
    expect(told(30)).toContain('60 scored samples count as 30,');
    expect(told(30)).toContain('the interval is wide');
    expect(told(31)).not.toContain('count as');
  });

  test('answers without a score beside scored ones', () => {
    const text = show(row('score', 0.5), row('score_all', 0.5), row('unscored', 3), row('truncated', 1));

    expect(text).toContain('1 truncated, 2 unscored');
  });

  test('an unknown price as unpriced, a partly known one with the number of unpriced cells', () => {
    expect(show(row('completed', 10), row('cost_usd_total', null, 0))).toContain('unpriced');
    expect(show(row('completed', 10), row('cost_usd_total', 0.5, 7))).toContain('≥$0.50');
    expect(show(row('completed', 10), row('cost_usd_total', 0.5, 7))).toContain('3 unpriced');
    expect(show(row('completed', 10), row('cost_usd_total', 0, 10))).toMatch(/\$0\.00 /u);
    expect(show(row('completed', 0), row('cost_usd_total', null, 0))).not.toContain('unpriced');
  });

  test.each([
    [1234.5, '$1234.50'],
    [6.544, '$6.54'],
    [0.214, '$0.214'],
    [0.000_214_3, '$0.000214'],
    [0.000_000_000_01, '$0.00'],
  ])('a cost of %d as %s', (usd, shown) => {
    expect(show(row('completed', 10), row('cost_usd_total', usd))).toContain(` ${shown} `);
  });

  test.each([
    [0.4, '0 ms'],
    [621.25, '621 ms'],
    [999.6, '1.00 s'],
    [1390, '1.39 s'],
    [12_345, '12.3 s'],
    [59_960, '60.0 s'],
    [125_400, '2.1 min'],
  ])('a latency of %d ms as %s', (ms, shown) => {
    expect(show(row('latency_ms_p50', ms))).toContain(shown);
  });

  test('a missing measurement as a dash', () => {
    expect(show(row('completed', 1))).toMatch(/–\s+–\s+–/u);
    expect(show(row('prompt_tokens_mean', 12.4))).toContain('12→–');
  });

  test('the interval drawn from 0 to 1 with the figure inside', () => {
    const text = show(
      row('score', 0.5, 10, { ciLow: 0.25, ciHigh: 0.75, ciMethod: 't' }),
      row('score_all', 0.5),
      row('completed', 10),
    );

    expect(text).toMatch(/·{6}━{6}●━{6}·{5}/u);
    expect(text).toContain('25.0–75.0');
  });

  test('both ends of the drawing', () => {
    expect(show(row('score', 0))).toMatch(/ ●·{23}/u);
    expect(show(row('score', 1))).toMatch(/·{23}●/u);
  });
});
