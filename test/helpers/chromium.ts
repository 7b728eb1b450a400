/** Starts Debian's Chromium for tests of the page; nothing is downloaded. */

import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const PATHS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const executablePath = PATHS.find((path) => path !== undefined && path !== '' && existsSync(path));

/** Tests in a browser are skipped with this reason; undefined = there is a browser. */
export const NO_CHROMIUM = executablePath === undefined ? 'no Chromium: apt-get install chromium' : undefined;

/** Most machines for tests run as root in a container, where the sandbox of Chromium does not start. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
}

/** A page with what went wrong in it, and what it asked for. */
export interface WatchedPage {
  readonly page: Page;
  /** Messages of the console that are errors or warnings, and errors that nobody caught. */
  readonly errors: readonly string[];
  /** Addresses of requests, without those of the file itself and of embedded media. */
  readonly requests: readonly string[];
}

export async function openReport(
  browser: Browser,
  file: string,
  options: { readonly hash?: string; readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<WatchedPage> {
  const { hash = '', width = 1280, scheme = 'light' } = options;
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`file://${file}`) && !/^(?:data|blob):/.test(url)) requests.push(url);
  });
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`file://${file}${hash}`);
  await page.waitForSelector('h1, #page:not(:empty)');
  return { page, errors, requests };
}

/** Serious and critical findings of axe-core, one line each. */
export async function accessibilityFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
