import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What is directly in `src/`: files, and folders with a slash. */
const entries = readdirSync(new URL('../../src', import.meta.url), { withFileTypes: true }).map((entry) =>
  entry.isDirectory() ? `${entry.name}/` : entry.name,
);

/** Layer and name of every row of the map. */
const rows = [...read('CONTRIBUTING.md').matchAll(/^\| (\d+) \| `([^`]+)` \|/gm)].map(([, layer, name = '']) => ({
  layer: Number(layer),
  name,
}));

/** The layers of the architecture test, without the folders that are still to be built. */
function layersOfTheTest(): readonly (readonly string[])[] {
  const [, list = ''] = /LAYERS = \[\n([\s\S]*?)\n\] as const/.exec(read('test/architecture.test.ts')) ?? [];
  return [...list.matchAll(/\[([^\]]+)\]/g)]
    .map(([layer]) => [...layer.matchAll(/'([\w.-]+)'/g)].map(([, name = '']) => name))
    .map((layer) => layer.map((name) => (name.includes('.') ? name : `${name}/`)))
    .map((layer) => layer.filter((name) => entries.includes(name)))
    .filter((layer) => layer.length > 0);
}

test('the map names every folder and root file of src and nothing else', () => {
  expect(rows.map(({ name }) => name).sort()).toEqual([...entries].sort());
});

test('the map has the layers of the architecture test in their order', () => {
  const layers = layersOfTheTest();

  expect(rows).toEqual(layers.flatMap((layer, index) => layer.map((name) => ({ layer: index + 1, name }))));
  expect(layers.length).toBeGreaterThan(10);
});
