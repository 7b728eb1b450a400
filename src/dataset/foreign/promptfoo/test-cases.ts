/** The test cases of a promptfoo configuration, also from files of tests; variables that are lists make several. */

import { isRecord } from '../../../text/is-record.ts';
import { quote } from '../../../text/quote.ts';
import { FRAMES } from '../../foreign-types.ts';
import type { Members } from '../foreign-format.ts';
import { readTable } from '../read-table.ts';
import type { Assertion } from './assertions.ts';
import { findBelow, isFile, pathOf, readBelow, readLinesOfObjects, readValues } from './read-below.ts';
import type { Variables } from './render.ts';
import { testOf } from './tests-csv.ts';

/** One test with all defaults. */
export interface TestCase {
  readonly vars: Variables;
  readonly asserts: readonly Assertion[];
  readonly prefix: string;
  readonly suffix: string;
  readonly metadata: Members;
}

export interface TestFault {
  readonly fault: string;
  readonly hint?: string;
}

/** Tests that the lists of one test may make. */
const MAX_COMBINATIONS = 1000;

const membersOf = (value: unknown): Members => (isRecord(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Returns the raw tests of an item of `tests`: the item itself, or, when it names a file, the tests in that file. */
export async function rawTests(item: unknown, folder: string): Promise<readonly Members[] | TestFault> {
  if (isRecord(item) && !('path' in item)) return [item];
  const path = isFile(item) ? pathOf(item) : item;
  if (typeof path !== 'string') return { fault: 'is not a test', hint: 'write vars and assert, or file://tests.csv' };
  if (/[*?]/u.test(path)) return { fault: `${quote(path)} names several files`, hint: 'name each of them' };
  if (/\.csv$/iu.test(path)) return csvTests(path, folder);
  if (/\.jsonl$/iu.test(path)) return asTests(path, await readLinesOfObjects(folder, path));
  if (!/\.(?:ya?ml|json)$/iu.test(path))
    return { fault: `${quote(path)} is not read`, hint: 'known: .csv, .yaml, .json, .jsonl' };
  const read = await readValues(folder, path);
  return 'fault' in read
    ? { fault: `${quote(path)} ${read.fault}` }
    : asTests(path, listOf(read.values).filter(isRecord));
}

function asTests(path: string, read: readonly Members[] | { readonly fault: string }): readonly Members[] | TestFault {
  if ('fault' in read) return { fault: `${quote(path)} ${read.fault}` };
  return read.length === 0 ? { fault: `${quote(path)} has no tests` } : read;
}

async function csvTests(path: string, folder: string): Promise<readonly Members[] | TestFault> {
  const found = await findBelow(folder, path);
  if (typeof found !== 'string') return { fault: `${quote(path)} ${found.fault}` };
  const tests: Members[] = [];
  for await (const items of readTable(found))
    for (const item of items) {
      if ('message' in item) return { fault: `${quote(path)} line ${item.line ?? 1} ${item.message}` };
      const { vars, asserts, prefix, suffix, metadata } = testOf(item);
      const { description, ...others } = metadata;
      tests.push({ vars, assert: asserts, options: { prefix, suffix }, description, metadata: others });
    }
  return tests;
}

/** A test with the defaults of the configuration, once for each combination of its lists. */
export async function testCases(
  test: Members,
  defaults: Members,
  folder: string,
): Promise<readonly (TestCase | TestFault)[]> {
  const options = { ...membersOf(defaults['options']), ...membersOf(test['options']) };
  const { description, metadata } = test;
  const common = {
    asserts: [...listOf(defaults['assert']), ...listOf(test['assert'])].map(assertionOf),
    prefix: textOf(options['prefix']),
    suffix: textOf(options['suffix']),
    metadata: {
      ...membersOf(defaults['metadata']),
      ...membersOf(metadata),
      ...(description === undefined ? {} : { description }),
    },
  };
  const vars = { ...membersOf(defaults['vars']), ...membersOf(test['vars']) };
  const combined = options['disableVarExpansion'] === true ? [vars] : combinationsOf(vars);
  if (combined === undefined) return [{ fault: `its lists make more than ${MAX_COMBINATIONS} tests` }];
  const cases: (TestCase | TestFault)[] = [];
  for (const one of combined) {
    const loaded = await loadVariables(one, folder);
    cases.push('fault' in loaded ? { ...loaded, fault: String(loaded['fault']) } : { ...common, vars: loaded });
  }
  return cases;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function assertionOf(value: unknown): Assertion {
  const { type, ...rest } = membersOf(value);
  return { ...rest, type: String(type) };
}

function combinationsOf(vars: Members): readonly Members[] | undefined {
  let combined: readonly Members[] = [{}];
  for (const [name, value] of Object.entries(vars)) {
    const values = Array.isArray(value) && value.length > 0 ? value : [value];
    if (combined.length * values.length > MAX_COMBINATIONS) return undefined;
    combined = combined.flatMap((others) => values.map((item: unknown) => ({ ...others, [name]: item })));
  }
  return combined;
}

const IMAGES = /\.(?:png|jpe?g|gif|webp|hei[cf]|tiff?|avif)$/iu;
const CLIPS = /\.(?:wav|mp3|flac|ogg|m4a|opus|aac)$/iu;
const VIDEOS = /\.(?:mp4|mov|webm|avi|mkv)$/iu;

/** Files of media by their path; texts, JSON and YAML by what they contain. */
async function loadVariables(vars: Members, folder: string): Promise<Variables | (TestFault & Members)> {
  const loaded: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(vars)) {
    if (!isFile(value)) {
      loaded[name] = value;
      continue;
    }
    const path = pathOf(value);
    const where = `variable ${quote(name)} ${quote(path)}`;
    if (VIDEOS.test(path)) return { fault: `${where} is a video`, hint: FRAMES };
    if (IMAGES.test(path)) loaded[name] = { media: 'image', path };
    else if (CLIPS.test(path)) loaded[name] = { media: 'audio', path };
    else if (/\.(?:txt|md)$/iu.test(path)) {
      const text = await readBelow(folder, path);
      if (typeof text !== 'string') return { fault: `${where} ${text.fault}` };
      loaded[name] = text;
    } else if (/\.(?:ya?ml|json)$/iu.test(path)) {
      const read = await readValues(folder, path);
      if ('fault' in read) return { fault: `${where} ${read.fault}` };
      loaded[name] = read.values;
    } else return { fault: `${where} is not read`, hint: 'known: images, sound, .txt, .md, .json, .yaml' };
  }
  return loaded;
}
