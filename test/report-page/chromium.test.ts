import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startViewServer } from '../../src/view/server.ts';
import { accessibilityFindings, NO_CHROMIUM, openReport, startChromium } from '../helpers/chromium.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { pdfBytes } from '../helpers/pdf.ts';
import { mp4Bytes } from '../helpers/video.ts';

const config = (url: string) => `
name: signs
dataset: manifest.jsonl
models:
  - {id: careful, provider: openai, endpoint: "${url}/v1", model: careful, auth: {type: key, env: SIGNS_KEY}, price: {promptPerMillion: 1, completionPerMillion: 2}}
  - {id: hasty, provider: openai, endpoint: "${url}/v1", model: hasty, auth: {type: none}, price: {promptPerMillion: 0.1, completionPerMillion: 0.2}}
scorers: [{name: wer}]
`;

const KEY = 'sk-never-in-a-report';

const MANIFEST = [
  { id: 'sign', prompt: 'Read the sign.', image: 'sign.png', target: 'mind the gap', tags: ['picture'] },
  { id: 'clip', prompt: 'Transcribe the clip.', audio: 'clip.wav', target: 'turn on the light' },
  { id: 'both', prompt: 'Say yes.', target: 'yes', tags: ['picture'], scorer: ['wer', 'yes-no'] },
  { id: 'broken', prompt: 'Fail.', target: 'yes' },
];

const HEARD = [
  { id: 'clip', prompt: 'Transcribe the clip.', audio: 'clip.wav', target: 'turn on the light' },
  { id: 'paper', prompt: 'Read the sign.', document: 'paper.pdf', target: 'mind the gap' },
  { id: 'film', prompt: 'Say yes.', video: 'film.mp4', target: 'yes' },
];

const ANSWERS: Readonly<Record<string, readonly [careful: string, hasty: string]>> = {
  'Read the sign.': ['mind the gap', 'mine the gap'],
  'Transcribe the clip.': ['turn on the light', 'turn off a light'],
  'Say yes.': ['yes', 'yes'],
};

const completion = (content: string) => ({
  json: {
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35 },
  },
});

describe.skipIf(NO_CHROMIUM !== undefined)(`report.html in a browser${NO_CHROMIUM ? ` (${NO_CHROMIUM})` : ''}`, () => {
  let browser: Browser;
  let endpoint: Endpoint;
  let folder: Workspace;
  let file: string;

  beforeAll(async () => {
    browser = await startChromium();
    endpoint = await startEndpoint(({ body }) => {
      const [, answers] = Object.entries(ANSWERS).find(([prompt]) => body.includes(prompt)) ?? [];
      if (answers === undefined) return { status: 400, json: { error: { message: 'The server does not like this.' } } };
      return completion(answers[body.includes('"careful"') ? 0 : 1]);
    });
    folder = workspace({
      'earsight.config.yaml': config(endpoint.url),
      'manifest.jsonl': MANIFEST.map((sample) => `${JSON.stringify(sample)}\n`).join(''),
      'sign.png': pngBytes({ width: 64, height: 48 }),
      'clip.wav': wavBytes({ seconds: 0.5, seed: 7 }),
    });
    await folder.run(['run', '--out', 'out', '--quiet', '--yes'], { env: { SIGNS_KEY: KEY } });
    await folder.run(['score', 'out', '--as', 'again']);
    file = join(folder.directory, 'out', 'report.html');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await endpoint.close();
    folder[Symbol.dispose]();
  });

  test('opens from disk without an error and without a request', async () => {
    const { page, errors, requests } = await openReport(browser, file);

    expect(await page.textContent('h1')).toBe('signs');
    expect(await page.locator('.summary tbody tr').count()).toBe(2);
    expect(await page.locator('.chart > svg').count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator('.failures').textContent()).toContain('The server does not like this.');
    await page.locator('.toolbar').scrollIntoViewIfNeeded();
    expect(await page.locator('img.thumb').evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBe(64);
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
    await page.close();
  });

  test('shows error rates as rates, labels, confusions and the set of scores', async () => {
    const { page } = await openReport(browser, file);

    expect(await page.locator('.summary tbody tr').nth(1).textContent()).toMatch(/37\.5 % ↓/);
    expect(await page.locator('.words').textContent()).toContain('mind → mine');
    expect(await page.locator('.matrix tbody').first().textContent()).toBe('yes1');
    expect(await page.locator('.sets summary').textContent()).toContain("@again not the run's own · 1 other set");
    await page.close();
  });

  test('plays a clip', async () => {
    const { page, errors } = await openReport(browser, file);
    await page.locator('.toolbar').scrollIntoViewIfNeeded();
    const seconds = await page
      .locator('.row audio')
      .evaluate(async (audio: { play(): Promise<void>; duration: number }) => {
        await audio.play();
        return audio.duration;
      });

    expect(seconds).toBeCloseTo(0.5, 1);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('shows a document by its first page, plays a video, and has rtfx where every model heard something', async () => {
    using heard = workspace({
      'earsight.config.yaml': config(endpoint.url),
      'manifest.jsonl': HEARD.map((sample) => `${JSON.stringify(sample)}\n`).join(''),
      'clip.wav': wavBytes({ seconds: 0.5, seed: 7 }),
      'paper.pdf': pdfBytes({ texts: ['one', 'two'] }),
      'film.mp4': mp4Bytes({ seconds: 2 }),
    });
    await heard.run(['run', '--out', 'out', '--quiet', '--yes'], { env: { SIGNS_KEY: KEY } });
    const { page, errors } = await openReport(browser, join(heard.directory, 'out', 'report.html'));
    await page.locator('.toolbar').scrollIntoViewIfNeeded();

    const picture = page.locator('img.thumb');
    expect(await picture.getAttribute('alt')).toBe('paper.pdf · 2 pages');
    expect(await picture.evaluate((image: { naturalHeight: number }) => image.naturalHeight)).toBe(479);
    expect(await page.locator('.summary thead').textContent()).toContain('Latencyrtfx');
    expect(await page.locator('.summary tbody tr').first().textContent()).toMatch(/\d+(\.\d)?x/);
    // A film without pictures cannot be opened, and is named.
    expect(await page.locator('.rows').textContent()).toContain('film.mp4 · cannot be opened from here');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('filters and searches, and keeps both in its address', async () => {
    const { page } = await openReport(browser, file);
    await page.locator('.toolbar').scrollIntoViewIfNeeded();
    await page.selectOption('select[aria-label="Which samples"]', 'disagree');
    await page.keyboard.press('/');
    await page.keyboard.type('gap');

    await page.waitForFunction("document.querySelector('[role=status]')?.textContent === '1 shown'");
    expect(await page.locator('.rows .id').allTextContents()).toEqual(['sign']);
    expect(new URL(page.url()).hash).toBe('#q=gap&show=disagree');
    await page.close();
  });

  test('opens one sample by its address, goes on by key, and closes by Escape', async () => {
    const { page, errors } = await openReport(browser, file, { hash: '#sample=sign' });

    expect(await page.textContent('dialog h2')).toBe('sign');
    expect(await page.locator('dialog .diff ins').first().textContent()).toBe('mine');
    await page.keyboard.press('ArrowRight');
    expect(await page.textContent('dialog h2')).toBe('clip');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    expect(new URL(page.url()).hash).toBe('');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('judges blind by key press, and saves labels that score reads', async () => {
    const { page, errors } = await openReport(browser, file, { hash: '#blind=1' });
    const shown = await page.textContent('dialog');
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.keyboard.press('0');
    await page.waitForSelector('text=All samples are judged');
    const download = page.waitForEvent('download');
    await page.click('text=Save labels.jsonl');
    const saved = await download;
    const lines = readFileSync(await saved.path(), 'utf8')
      .trimEnd()
      .split('\n');
    const labels = lines.map((line): { readonly sample_id: string; readonly value: number } => JSON.parse(line));
    const values = (id: string) => labels.filter((one) => one.sample_id === id).map(({ value }) => value);

    expect(shown).toMatch(/Answer A.*Answer B/);
    expect(shown).not.toMatch(/careful|hasty/);
    expect(saved.suggestedFilename()).toBe('labels.jsonl');
    expect(values('sign')).toEqual([1, 0]);
    expect(values('clip')).toEqual([0, 1]);
    expect(values('both')).toEqual([0.5, 0.5]);
    expect(errors).toEqual([]);
    await page.close();

    folder.write({ 'labels.jsonl': `${lines.join('\n')}\n` });
    const { code, stdout } = await folder.run(['score', 'out', '--labels', 'labels.jsonl']);
    // The order of the answers is random, and so is which model they favour.
    expect([code, stdout]).toEqual([0, expect.stringMatching(/careful: human \d+\.\d%/)]);
  });

  test('keeps labels when the blind mode is closed, goes on where it was, and asks before the page is left', async () => {
    const { page } = await openReport(browser, file, { hash: '#blind=1' });
    const wouldAsk = () => page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))");
    const before = await wouldAsk();
    await page.selectOption('select[aria-label="What to judge"]', 'grade');
    for (const grade of ['5', '1']) await page.keyboard.press(grade);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'detached' });
    const meanwhile = await wouldAsk();
    await page.click('text=Judge blind');

    expect(await page.textContent('dialog [role=status]')).toBe('2 of 3 · 2 labels, 2 not saved');
    expect([before, meanwhile]).toEqual([false, true]);
    await page.click('text=Save labels.jsonl');
    expect(await page.textContent('dialog [role=status]')).toBe('2 of 3 · 2 labels');
    expect(await wouldAsk()).toBe(false);
    await page.close();
  });

  test('copies a request as curl, without its key, and a result as JSONL', async () => {
    const { page, errors } = await openReport(browser, file, { hash: '#sample=both' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = async (label: string) => {
      await page.click(`dialog button:text-is("${label}")`);
      await page.waitForSelector(`dialog button:has-text("${label}: copied")`);
      return String(await page.evaluate('navigator.clipboard.readText()'));
    };
    const curl = await copied('Copy as curl');
    const line = await copied('Copy as JSONL');

    expect(curl).toMatch(/^curl .*\/v1\/chat\/completions/);
    expect(curl).toContain('$SIGNS_KEY');
    expect(curl).not.toContain(KEY);
    expect(JSON.parse(line)).toMatchObject({ sample: 'both', model: 'careful', answer: 'yes' });
    expect(line).not.toContain('\n');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('shows the theme that is chosen, whatever the system has', async () => {
    const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const { page } = await openReport(browser, file, { scheme: 'light' });
    const light = await background(page);
    await page.selectOption('.theme select', 'dark');
    const chosen = await background(page);
    await page.selectOption('.theme select', 'auto');
    await page.emulateMedia({ colorScheme: 'dark' });

    expect(chosen).not.toBe(light);
    expect(await background(page)).toBe(chosen);
    await page.selectOption('.theme select', 'light');
    expect(await background(page)).toBe(light);
    await page.close();
  });

  test.each(['light', 'dark'] as const)('the pages of view have no finding and no error: %s', async (scheme) => {
    const server = await startViewServer({ results: folder.directory, port: 0, nameOf: (name) => name });
    const page = await browser.newPage({ viewport: { width: 390, height: 800 }, colorScheme: scheme });
    const errors: string[] = [];
    page.on('console', (message) => errors.push(message.text()));
    try {
      await page.goto(server.url);
      const list = await accessibilityFindings(page);
      await page.click('a[href*="compare"]');
      const comparison = await accessibilityFindings(page);
      await page.goBack();
      await page.click('a[href$="report.html"]');
      await page.locator('.toolbar').scrollIntoViewIfNeeded();
      await page.waitForSelector('.row audio');

      expect([list, comparison]).toEqual([[], []]);
      expect(await page.textContent('h1')).toBe('signs');
      expect(errors).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });

  test.each([
    ['light', 1280, ''],
    ['dark', 1280, ''],
    ['light', 390, ''],
    ['light', 1280, '#sample=sign'],
    ['dark', 390, '#sample=clip'],
    ['light', 1280, '#blind=1'],
    ['dark', 390, '#blind=1'],
  ] as const)('has no serious accessibility finding: %s, %i pixels, %s', async (scheme, width, hash) => {
    const { page } = await openReport(browser, file, { scheme, width, hash });

    expect(await accessibilityFindings(page)).toEqual([]);
    await page.close();
  });

  test('fits a narrow window, and prints the models side by side from there, too', async () => {
    const { page } = await openReport(browser, file, { width: 390 });
    const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");

    expect(beyond).toBe(0);
    expect(await page.locator('.rows > .row').count()).toBe(4);
    expect(await page.locator('.rows > .stacked').count()).toBe(0);
    await page.close();
  });

  test('prints the first samples, and not a window of the list', async () => {
    const { page } = await openReport(browser, file);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });

    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(4);
    await page.close();
  });
});
