import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Packages that come with a source file: its own imports and those of all files that it imports, but not what it loads when needed. */
function packagesOf(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.href)) return new Set();
  seen.add(file.href);
  const source = readFileSync(file, 'utf8');
  const targets = [...source.matchAll(/^(?:import|export) (?!type\b)(?:[^;']* from )?'([^']+)'/gm)].map(
    ([, target = '']) => target,
  );
  const own = targets.filter((target) => !/^(?:\.|node:)/.test(target));
  const files = targets.filter((target) => target.startsWith('.')).map((target) => new URL(target, file));
  return new Set([...own, ...files.flatMap((next) => [...packagesOf(next, seen)])]);
}

const source = (name: string) => new URL(`../../src/commands/${name}.ts`, import.meta.url);

test('the list of commands loads nothing but yargs', () => {
  expect([...packagesOf(source('main'))]).toEqual(['yargs']);
});

test.each(['init', 'validate', 'estimate', 'calibrate', 'report'])(
  'earsight %s, which sends nothing, loads no HTTP client',
  (name) => {
    expect([...packagesOf(source(name))]).not.toContain('undici');
  },
);

test.each(['init', 'validate'])('earsight %s, which prints no table, builds no tables of wide characters', (name) => {
  expect([...packagesOf(source(name))]).not.toContain('string-width');
});

test('earsight run loads what reads its configuration: the walk sees packages behind other files', () => {
  expect([...packagesOf(source('run'))]).toEqual(expect.arrayContaining(['zod', 'yaml', 'p-limit']));
});
