import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { RunReport } from '../../../src/report.ts';
import { html } from '../../../src/reporters/html/html.ts';
import { readPage } from '../../helpers/page-file.ts';
import { fixtureReport } from '../../helpers/report-fixture.ts';

async function rendered(report: RunReport): Promise<string> {
  let text = '';
  for (const { content } of html.files(report)) for await (const chunk of content) text += chunk;
  return text;
}

const withoutScript = (page: string) => page.replace(/<script>[\s\S]*?<\/script>/, '');

test('allows only its own script and style sheet, and no address of another host', async () => {
  const page = await rendered(fixtureReport());
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
  const hashOf = (tag: string) => {
    const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };

  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src ${hashOf('script')};`);
  expect(policy).toContain(`style-src ${hashOf('style')};`);
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(withoutScript(page)).not.toMatch(/(?:src|href)="(?!data:)/);
});

test('holds every sample and cell, as the results have them', async () => {
  const { head, samples, tail } = readPage(await rendered(fixtureReport()));

  expect(head.models.map(({ id }) => id)).toEqual(['phi-4-mm', 'gpt-4o@terse', '=cmd|é音声🎧']);
  expect(samples.map(({ id }) => id)).toEqual(['plain', '=1+1', '0012', 'turns-1']);
  expect(samples.flatMap(({ cells }) => cells)).toHaveLength(23);
  expect(samples[1]?.cells[1]).toMatchObject({
    m: 0,
    answer: 'bare\rreturn and "quotes", commas\nand\r\nlines',
    score: (0.1 + 0.2 + 1e-7) / 2,
  });
  expect(samples[1]?.cells[2]).toMatchObject({ outcome: 'filtered', failure: { kind: 'content_filter' }, score: null });
  expect(tail).toMatchObject({ shown: 4, all: 4, notes: [] });
});

test('writes a missing measurement as absent, never as 0', async () => {
  const { samples } = readPage(await rendered(fixtureReport()));
  const skipped = samples[2]?.cells.find(({ status }) => status === 'skipped');

  expect(skipped).toBeDefined();
  expect(skipped).not.toHaveProperty('ms');
  expect(skipped).not.toHaveProperty('usd');
  expect(skipped).not.toHaveProperty('tokens');
  expect(skipped?.score).toBeNull();
});

test('lets no text of a run leave its block or the title', async () => {
  const base = fixtureReport();
  const hostile = '</script><script>alert(1)</script><!-- </title><img src=x onerror=alert(2)>';
  const page = await rendered({
    ...base,
    run: { ...base.run, name: hostile, runId: hostile },
    warnings: [hostile],
    async *samples() {
      for await (const results of base.samples()) {
        yield results.map((result) => ({ ...result, sampleId: hostile, answer: hostile }));
      }
    },
  });

  expect(page.match(/<script/g)).toHaveLength(3);
  expect(page.match(/<\/title>/g)).toHaveLength(1);
  expect(withoutScript(page)).not.toContain('alert(1)</script>');
  expect(readPage(page).samples[0]?.id).toBe(hostile);
});

test('cuts an answer of a million characters, and says how long it was', async () => {
  const base = fixtureReport();
  const answer = 'x'.repeat(1_000_000);
  const { samples } = readPage(
    await rendered({
      ...base,
      async *samples() {
        for await (const results of base.samples()) {
          yield results.map((result) => (result.status === 'completed' ? { ...result, answer } : result));
        }
      },
    }),
  );

  expect(samples[0]?.cells[0]).toMatchObject({ cutFrom: 1_000_000 });
  expect(samples[0]?.cells[0]?.answer?.length).toBeLessThan(30_000);
});

test('names the media that were changed before they were sent, with hash and codec', async () => {
  const sent = {
    uri: 'img/a.tif',
    mediaType: 'image/png',
    byteLength: 1234,
    sha256: 'ab'.repeat(32),
    codec: 'sharp 0.35.5',
  };
  const report = fixtureReport();
  const { samples } = readPage(
    await rendered({
      ...report,
      async *samples() {
        for await (const results of report.samples())
          yield results.map((result, index) => (index === 0 ? { ...result, sentMedia: [sent] } : result));
      },
    }),
  );

  expect(samples[0]?.cells.map(({ changed }) => changed)).toEqual([
    [sent],
    ...(samples[0]?.cells.slice(1).map(() => undefined) ?? []),
  ]);
});
