/** Reads a file of equivalent spellings, and replaces each by the first of its line. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { toWords } from './units.ts';

/** Spellings by their first word; the longest first. */
export type Equivalences = ReadonlyMap<
  string,
  readonly { readonly words: readonly string[]; readonly kept: readonly string[] }[]
>;

/** A line of the file with its number. */
interface Line {
  readonly number: number;
  readonly spellings: readonly string[];
}

/** What cannot be used of the file, one sentence each with file and line. */
export function equivalenceProblems(path: string): readonly string[] {
  const name = basename(path);
  try {
    const lines = readLines(path);
    const seen = new Map<string, number>();
    return lines.flatMap(({ number, spellings }) => {
      if (spellings.length < 2) return [`${name}:${number} has fewer than two spellings`];
      return spellings.flatMap((spelling) => {
        const earlier = seen.get(spelling.toLowerCase());
        seen.set(spelling.toLowerCase(), number);
        return earlier === undefined ? [] : [`${name}:${number} "${spelling.slice(0, 60)}" is also on line ${earlier}`];
      });
    });
  } catch (error) {
    return [`${name} cannot be read: ${error instanceof Error && 'code' in error ? error.code : String(error)}`];
  }
}

/** The file's spellings as the normaliser leaves them. */
export function readEquivalences(path: string, normalize: (text: string) => string): Equivalences {
  const byFirst = new Map<string, { words: readonly string[]; kept: readonly string[] }[]>();
  for (const { spellings } of readLines(path)) {
    const [kept = [], ...others] = spellings.map((spelling) => toWords(normalize(spelling)));
    for (const words of others) {
      const [first] = words;
      if (first === undefined) continue;
      const group = byFirst.get(first) ?? [];
      group.push({ words, kept });
      byFirst.set(
        first,
        group.sort((a, b) => b.words.length - a.words.length),
      );
    }
  }
  return byFirst;
}

/** Replaces every spelling of the file by the first one of its line. */
export function unifySpellings(words: readonly string[], equivalences: Equivalences): readonly string[] {
  const result: string[] = [];
  for (let index = 0; index < words.length; ) {
    const found = equivalences
      .get(words[index] ?? '')
      ?.find((candidate) => candidate.words.every((word, offset) => words[index + offset] === word));
    result.push(...(found?.kept ?? [words[index] ?? '']));
    index += found?.words.length ?? 1;
  }
  return result;
}

/** Two or more spellings a line, separated by commas, in quotes where they hold one; `#` starts a remark. */
function readLines(path: string): readonly Line[] {
  return readFileSync(path, 'utf8')
    .replace(/^\ufeff/u, '')
    .split(/\r?\n/u)
    .map((line, index) => ({ number: index + 1, spellings: cells(line) }))
    .filter(({ spellings }) => spellings.length > 0 && spellings[0]?.startsWith('#') !== true);
}

function cells(line: string): readonly string[] {
  return [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/gu)]
    .map(([, quoted, bare = '']) => (quoted ?? bare).replaceAll('""', '"').trim())
    .filter((cell) => cell !== '');
}
