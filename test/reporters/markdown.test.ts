import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunReport } from '../../src/report.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { escapeMarkdown } from '../../src/reporters/markdown-text.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

async function written(report: RunReport): Promise<string> {
  let text = '';
  for (const { content } of markdown.files(report)) for await (const chunk of content) text += chunk;
  return text;
}

test('report.md equals its golden file', async () => {
  await expect(await written(fixtureReport())).toMatchFileSnapshot('../golden/hostile-report.md');
});

test('every row of a table has as many cells as its head', async () => {
  const rows = (await written(fixtureReport())).split('\n').filter((line) => line.startsWith('|'));
  const cells = (line: string) => line.split(/(?<!\\)\|/u).length;
  const comparison = rows.slice(0, 5);
  const troubles = rows.slice(5, 10);
  const reasons = rows.slice(10);

  expect(new Set(comparison.map(cells)).size).toBe(1);
  expect(troubles.length).toBe(5);
  expect(new Set(troubles.map(cells)).size).toBe(1);
  expect(reasons.length).toBe(3);
  expect(new Set(reasons.map(cells)).size).toBe(1);
});

test('a run without failures has no table of failures', async () => {
  const { summary, ...rest } = fixtureReport();
  const fine = summary.filter(({ metric }) => metric.startsWith('latency_ms'));

  expect(await written({ ...rest, summary: fine })).not.toContain('What went wrong');
});

test('a single scorer without a raw figure is the score and has no column', async () => {
  const { summary, ...rest } = fixtureReport();
  const plain = summary.filter(({ metric }) => !metric.startsWith('score.wer'));

  const text = await written({ ...rest, scorers: ['exact'], summary: plain });

  expect(text).not.toContain('| exact |');
  expect(text).toContain('| Score, all | p50 |');
});

test.each([
  ['a|b', 'a\\|b'],
  ['<img src=x>', '&lt;img src=x&gt;'],
  ['*bold* _it_ `code` [x](y) ~s~ #1 $x$', '\\*bold\\* \\_it\\_ \\`code\\` \\[x\\](y) \\~s\\~ \\#1 \\$x\\$'],
  ['@octocat', '&#64;octocat'],
  ['gpt-4o@terse', 'gpt-4o@terse'],
  ['a\nb\u001b[2J\u202e', 'a\\\\nb\\\\x1b\\[2J\\\\u202e'],
  ['AT&T', 'AT&amp;T'],
])('writes %j as %j', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test('text of others never opens a tag, a cell or a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeMarkdown(text)).not.toMatch(/[<>\n\r]|(?<!\\)(?:\\\\)*\|/u);
    }),
  );
});
