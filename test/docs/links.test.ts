import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'results/README.md', 'datasets/README.md'].concat(
  ['demo', 'charts-and-tables', 'receipts-and-screens', 'speech'].map((set) => `datasets/${set}/README.md`),
  readdirSync(resolve(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
);

/** The anchor of a heading, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string) =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** Links and pictures inside the repository. */
const links = pages.flatMap((page) =>
  [...readFileSync(resolve(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(
    ([, path = '', anchor]) => ({ page, path, anchor }),
  ),
);

test('the pages link to one another', () => {
  expect(links.length).toBeGreaterThan(30);
});

test.each(links)('$page links to $path $anchor, which exists', ({ page, path, anchor }) => {
  const target = path === '' ? resolve(root, page) : resolve(root, dirname(page), path);

  expect(existsSync(target)).toBe(true);
  if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
});

test('the README links to every page of docs', () => {
  const linked = links.filter(({ page }) => page === 'README.md').map(({ path }) => path);

  expect(pages.filter((page) => page.startsWith('docs/') && !linked.includes(page))).toEqual([]);
});
