import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NORMALIZERS } from '../../src/scorers/normalize/normalizers.ts';
import { SCORERS } from '../../src/scorers/registry.ts';

const page = readFileSync(new URL('../../docs/scorers.md', import.meta.url), 'utf8');
const section = (title: string) => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (text: string) => [...text.matchAll(/^\| `([\w-]+)` \|(?: `([^`]+)` \|)?/gm)].map(([, ...cells]) => cells);

test.each(Object.entries(SCORERS))('the page has every option of %s with its default', (name, { options }) => {
  const defaults: Readonly<Record<string, unknown>> = options.parse({});

  expect(rows(section(`\`${name}\``))).toEqual(Object.keys(options.shape).map((key) => [key, String(defaults[key])]));
});

test('the page has every normaliser', () => {
  expect(rows(section('Normalisers')).map(([name]) => name)).toEqual(Object.keys(NORMALIZERS));
});
