import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Each layer imports only from the lines above it; folders on one line never import one another. */
const LAYERS = [
  [
    'types.ts',
    'modalities.ts',
    'price.ts',
    'rate-limit.ts',
    'result.ts',
    'errors.ts',
    'gate-report.ts',
    'shown-media.ts',
    'agreement-report.ts',
    'media-transform.ts',
    'optional-package.ts',
    'frontier-report.ts',
    'stress-kinds.ts',
    'stress-report.ts',
    'stopping-report.ts',
    'comparison-report.ts',
    'report.ts',
    'io.ts',
    'command.ts',
    'version.ts',
  ],
  ['text', 'collections', 'stats'],
  ['files', 'media', 'models'],
  ['dataset', 'providers', 'tokens', 'scorers', 'reporters', 'local'],
  ['config', 'report-page'],
  ['limits', 'plan'],
  ['journal'],
  ['estimate', 'summary'],
  ['compare'],
  ['run'],
  ['probe'],
  ['gate', 'view'],
  ['batch', 'queue'],
  ['progress', 'evaluate.ts', 'library.ts'],
  ['commands'],
  ['cli.ts', 'index.ts'],
] as const;

/** Lines a file may have; longer ones want to be two. */
const MAX_LINES = 320;

/** Files a folder may have before it needs to be two. */
const MAX_FILES = 26;

/** Folders of one thing a file: each file is a provider, a format, a rule, a scorer or an output. */
const ONE_THING_A_FILE = ['dataset', 'providers', 'tokens', 'scorers'];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

const folderOf = (file: string) => file.split(/[\\/]/)[0] ?? '';
const layerOf = (folder: string) => LAYERS.findIndex((layer) => (layer as readonly string[]).includes(folder));

const importsOf = new Map(
  files.map((file) => {
    const text = readFileSync(join(src, file), 'utf8');
    const targets = [...text.matchAll(/(?:from|import|import\()\s*'(\.[^']+\.tsx?)'/g)].map((match) =>
      relative(src, resolve(src, dirname(file), match[1] ?? '')),
    );
    return [file, targets] as const;
  }),
);

/** Files that reach themselves through their imports, types included. */
function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file);
    if (start !== -1) found.push([...path.slice(start), file].join(' -> '));
    if (start !== -1 || done.has(file)) return;
    for (const target of importsOf.get(file) ?? []) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  return found;
}

test('sees the source', () => {
  expect(files.length).toBeGreaterThan(100);
  expect([...importsOf.values()].flat().length).toBeGreaterThan(500);
});

test('every file has a place in the house', () => {
  expect(files.filter((file) => layerOf(folderOf(file)) === -1)).toEqual([]);
});

test('layers import only downwards and neighbours never import one another', () => {
  const wrong = [...importsOf].flatMap(([file, targets]) =>
    targets
      .filter((target) => {
        const [from, to] = [folderOf(file), folderOf(target)];
        if (from === to || (layerOf(from) === 0 && layerOf(to) === 0)) return false;
        return layerOf(to) >= layerOf(from);
      })
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('no file imports itself through others', () => {
  expect(circles()).toEqual([]);
});

test('folders stay small', () => {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const large = [...counts].filter(([folder, count]) => count > MAX_FILES && !ONE_THING_A_FILE.includes(folder));
  expect(large.map(([folder, count]) => `${folder}: ${count} files`)).toEqual([]);
});

test('files stay small', () => {
  const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > MAX_LINES);
  expect(long).toEqual([]);
});
