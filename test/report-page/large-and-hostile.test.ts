import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFile } from '../../src/files/write-file.ts';
import type { RunReport } from '../../src/report.ts';
import { html } from '../../src/reporters/html/html.ts';
import type { Result } from '../../src/result.ts';
import { NO_CHROMIUM, openReport, startChromium } from '../helpers/chromium.ts';
import { FIXTURE_RESULTS, fixtureReport } from '../helpers/report-fixture.ts';

/** Each would run a script, load something or break the page if it were read as markup. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '</script><script>alert(2)</script>',
  '<img src=x onerror=alert(3)>',
  '<svg onload=alert(4)>',
  '"><iframe src="javascript:alert(5)"></iframe>',
  "' onmouseover='alert(6)",
  '{{constructor.constructor("alert(7)")()}}',
  '&lt;script&gt;alert(8)&lt;/script&gt;&#x3c;b&#x3e;',
  '<!-- --><![CDATA[<b>]]>',
  'javascript:alert(9)',
  '//evil.example/x.png',
  '\u202egnp.exe\u2066\u2069',
  '\u001b[2J\u001b]8;;http://evil.example\u0007x\u0000',
  '=HYPERLINK("http://evil.example")',
  '\ud800 lone \udc00 surrogates',
  '__proto__',
  'x'.repeat(1_000_000),
] as const;

/** An address cannot hold half of a surrogate pair. */
const wellFormed = (text: string) => Buffer.from(text).toString();

/** A report of which every text is hostile. */
function hostileReport(): RunReport {
  const base = fixtureReport();
  const models = base.run.models.slice(0, 2).map((model, index) => ({ ...model, id: `${HOSTILE[index]}` }));
  return {
    ...base,
    run: {
      ...base.run,
      name: HOSTILE[1],
      runId: HOSTILE[2],
      models,
      dataset: { ...base.run.dataset, path: HOSTILE[4] },
    },
    warnings: HOSTILE,
    failures: HOSTILE.map((message) => ({ model: HOSTILE[0], kind: 'server', cells: 2, message, messageCells: 1 })),
    async *samples() {
      for (const [index, text] of HOSTILE.entries()) yield models.map((model) => hostileResult(text, index, model.id));
    },
  };
}

function hostileResult(text: string, sampleIndex: number, modelId: string): Result {
  const [result] = FIXTURE_RESULTS;
  if (result?.status !== 'completed') throw new Error('the first result of the fixture is completed');
  const many = [text, HOSTILE[2], HOSTILE[10]];
  return {
    ...result,
    sampleId: text.slice(0, 1000),
    sampleIndex,
    modelId,
    answer: text,
    thinking: text,
    servedModel: text.slice(0, 1000),
    scores: [{ scorer: HOSTILE[3], value: 0.5, raw: 0.5, unit: text.slice(0, 100), explanation: text }],
    sample: {
      prompt: text,
      images: many,
      audio: many,
      target: many,
      group: text,
      tags: many,
      metadata: { [text.slice(0, 100)]: text },
    },
  };
}

/** So many samples of three models that answer alike. */
function largeReport(count: number): RunReport {
  const base = fixtureReport();
  const models = ['one', 'two', 'three'].map((id) => ({ id, provider: 'openai', model: id }));
  const [result] = FIXTURE_RESULTS;
  if (result?.status !== 'completed') throw new Error('the first result of the fixture is completed');
  return {
    ...base,
    run: { ...base.run, models, counts: { completed: 3 * count, failed: 0, skipped: 0, missing: 0 } },
    async *samples() {
      for (let index = 0; index < count; index += 1) {
        yield models.map(({ id }, model) => ({
          ...result,
          sampleId: `sample-${index}`,
          sampleIndex: index,
          sampleKey: `key-${index}`,
          modelId: id,
          score: index % 7 === 0 && model === 1 ? 0 : 1,
          answer: `The answer of ${id} to question ${index}.`,
        }));
      }
    },
  };
}

describe.skipIf(NO_CHROMIUM !== undefined)(`large and hostile reports${NO_CHROMIUM ? ` (${NO_CHROMIUM})` : ''}`, () => {
  let browser: Browser;
  let folder: string;
  const written = async (report: RunReport) => {
    const path = join(folder, 'report.html');
    for (const { content } of html.files(report)) await writeFile(path, content);
    return path;
  };

  beforeAll(async () => {
    browser = await startChromium();
    folder = mkdtempSync(join(tmpdir(), 'earsight-page-'));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('nothing of a hostile run runs, loads or becomes markup', async () => {
    const { page, errors, requests } = await openReport(browser, await written(hostileReport()));
    for (const sample of HOSTILE) {
      const hash = `#sample=${encodeURIComponent(wellFormed(sample.slice(0, 1000)))}`;
      await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      const markup = await page.evaluate(
        "document.querySelectorAll('#page script, #page iframe, #page [onerror], #page [onload], #page [onmouseover], #page a[href^=javascript]').length",
      );

      expect(markup).toBe(0);
    }
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await page.close();
  });

  test('shows control characters and reordering marks as escapes', async () => {
    const file = await written(hostileReport());
    const { page } = await openReport(browser, file);
    const text = (await page.textContent('#page')) ?? '';

    expect(text).toContain('\\u202egnp.exe');
    expect(text).toContain('\\x1b[2J');
    expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e\u2066]/);
    await page.close();
  });

  test('10,000 samples of 3 models need fewer than 2,000 nodes, also at the end of the list', async () => {
    const { page, errors } = await openReport(browser, await written(largeReport(10_000)));
    const nodes = () => page.evaluate("document.querySelectorAll('*').length");
    const before = await nodes();
    await page.keyboard.press('End');
    await page.waitForSelector('text=sample-9999');

    expect(before).toBeLessThan(2000);
    expect(await nodes()).toBeLessThan(2000);
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  test('above 50,000 cells it holds 10,000 samples, those where models disagree first, and says so', async () => {
    const { page } = await openReport(browser, await written(largeReport(17_000)), { hash: '#show=disagree' });

    expect(await page.textContent('.notes')).toContain('This page holds 10000 of 17000 samples');
    // Every seventh of the 17,000.
    expect(await page.textContent('[role=status]')).toBe('2,429 shown');
    await page.close();
  }, 60_000);
});
