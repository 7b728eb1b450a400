import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Each layer imports only from the lines above it; folders on one line never import one another. */
const LAYERS = [
  ['types.ts', 'result.ts', 'errors.ts'],
  ['dataset', 'providers', 'tokens', 'scorers', 'stats', 'reporters'],
  ['engine'],
  ['local'],
  ['batch', 'queue'],
  ['config', 'progress.ts'],
  ['commands'],
  ['cli.ts', 'index.ts'],
] as const;

/** Lines a file may have; longer ones want to be two. */
const MAX_LINES = 320;

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const placeOf = (file: string) => file.split(/[\\/]/)[0] ?? '';
const layerOf = (place: string) => LAYERS.findIndex((layer) => (layer as readonly string[]).includes(place));

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)].map((match) =>
    relative(src, resolve(src, dirname(file), match[1] ?? '')),
  );
}

test('sees the source', () => {
  expect(files.length).toBeGreaterThan(1);
  expect(files.flatMap(importsOf).length).toBeGreaterThan(0);
});

test('every file has a place in the house', () => {
  expect(files.filter((file) => layerOf(placeOf(file)) === -1)).toEqual([]);
});

test('layers import only downwards and neighbours never import one another', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((target) => {
        const [from, to] = [placeOf(file), placeOf(target)];
        if (from === to || (layerOf(from) === 0 && layerOf(to) === 0)) return false;
        return layerOf(to) >= layerOf(from);
      })
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('files stay small', () => {
  const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > MAX_LINES);
  expect(long).toEqual([]);
});
