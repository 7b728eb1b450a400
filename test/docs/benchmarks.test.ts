import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the page names every bench of the package and no other', () => {
  const scripts: readonly string[] = Object.keys(JSON.parse(read('package.json')).scripts);
  const documented = [...read('docs/benchmarks.md').matchAll(/^\| `npm run (bench:[\w-]+)` \|/gm)].map(
    ([, name]) => name,
  );

  expect(documented.sort()).toEqual(scripts.filter((name) => name.startsWith('bench:')).sort());
});
