/** Configurations of promptfoo: each test with each prompt is a sample. */

import { dirname } from 'node:path';
import { isMap, isSeq } from 'yaml';
import { isRecord } from '../../../text/is-record.ts';
import { quote } from '../../../text/quote.ts';
import type { Defect } from '../../defect.ts';
import type { NamedRow, Note } from '../../raw-row.ts';
import { readText } from '../../read-text.ts';
import { MAX_YAML_BYTES, parseYaml } from '../../yaml.ts';
import type { ForeignFormat, Members } from '../foreign-format.ts';
import { asMetadata } from '../foreign-values.ts';
import { mapAssertions } from './assertions.ts';
import { type Prompt, readPrompts } from './prompts.ts';
import { isMedia, renderPrompt } from './render.ts';
import { rawTests, type TestCase, testCases } from './test-cases.ts';
import { filled } from './tests-csv.ts';

export const promptfoo: ForeignFormat = {
  description:
    'configurations of promptfoo, YAML or JSON: prompts with the tests, variables, file:// media, assertions',
  source:
    'promptfoo/promptfoo: site/docs/configuration/reference.md, prompts.md, test-cases.md, expected-outputs/deterministic.md',
  extensions: ['.yaml', '.yml', '.json'],
  shape: 'objects',
  precedence: 'prompt',
  matches: () => false,
  matchesDocument: ({ prompts, providers, targets, tests }) =>
    tests !== undefined && [prompts, providers, targets].some((member) => member !== undefined),
  read: readConfig,
};

type Read = NamedRow | Defect | Note;

async function* readConfig(path: string): AsyncGenerator<readonly Read[]> {
  const text = await readText(path, MAX_YAML_BYTES);
  const parsed = typeof text === 'string' ? parseYaml(text) : text;
  if (parsed === undefined) return;
  if ('message' in parsed) {
    yield [parsed];
    return;
  }
  const { values, contents, lineOf } = parsed;
  if (!isRecord(values)) {
    yield [{ line: 1, message: 'is not a promptfoo configuration', hint: 'it has prompts and tests' }];
    return;
  }
  const nodeOf = (name: string): unknown => (isMap(contents) ? contents.get(name, true) : undefined);
  const folder = dirname(path);
  yield notesOf(values, (name) => lineOf(nodeOf(name)));
  const prompts: Prompt[] = [];
  const faults: Defect[] = [];
  for (const prompt of await readPrompts(values['prompts'], folder)) {
    if (!('fault' in prompt)) prompts.push(prompt);
    else faults.push({ line: lineOf(nodeOf('prompts')), message: prompt.fault, ...hintOf(prompt) });
  }
  yield faults;
  const node = nodeOf('tests');
  const { tests, defaultTest } = values;
  for (const [index, item] of [tests].flat().entries()) {
    const line = lineOf(isSeq(node) ? node.items[index] : node);
    const raw = await rawTests(item, folder);
    if ('fault' in raw) yield [{ line, message: raw.fault, ...hintOf(raw) }];
    else
      for (const [at, test] of raw.entries())
        yield await readTest(test, `test ${index + 1}${raw.length > 1 ? `.${at + 1}` : ''}`, line);
  }

  async function readTest(test: Members, name: string, line: number): Promise<readonly Read[]> {
    const rows: Read[] = testNotes(test, line);
    for (const one of await testCases(test, isRecord(defaultTest) ? defaultTest : {}, folder)) {
      if ('fault' in one) rows.push({ line, message: `${name} ${one.fault}`, ...hintOf(one) });
      else for (const prompt of prompts) rows.push(...rowsOf(one, prompt, prompts.length > 1, line, name));
    }
    return rows;
  }
}

const hintOf = ({ hint }: { readonly hint?: string }) => (hint === undefined ? {} : { hint });

/** Members without a counterpart. */
function notesOf(values: Members, lineOf: (name: string) => number): readonly Note[] {
  const known = ['prompts', 'tests', 'defaultTest', 'providers', 'targets', 'description', '$schema'];
  const others = Object.keys(values).filter((name) => !known.includes(name));
  const providers = [values['providers'] ?? values['targets'] ?? []].flat();
  const line = lineOf(values['providers'] === undefined ? 'targets' : 'providers');
  const isShared = typeof values['defaultTest'] === 'string';
  return [
    ...providers.map((provider: unknown) => ({ line, ...providerNote(provider) })),
    ...(isShared ? [{ line: lineOf('defaultTest'), note: 'the file of defaultTest is not read' }] : []),
    ...others.map((name) => ({ line: lineOf(name), note: `${quote(name)} has no counterpart` })),
  ];
}

const OURS: Readonly<Record<string, string>> = {
  openai: 'openai',
  azure: 'azure',
  anthropic: 'anthropic',
  google: 'google',
  vertex: 'google',
};

/** Models are those of the configuration of earsight. */
function providerNote(provider: unknown): { readonly note: string; readonly hint: string } {
  const id = typeof provider === 'string' ? provider : isRecord(provider) ? String(provider['id'] ?? 'without id') : '';
  const [vendor = '', ...rest] = id.split(':');
  const model = rest.filter((part) => !['chat', 'completion', 'responses', 'messages'].includes(part)).join(':');
  const name = OURS[vendor];
  const hint =
    name === undefined || model === ''
      ? 'name its models in the configuration, see docs/providers.md'
      : `in the configuration: {id: ${model}, provider: ${name}, model: ${model}}`;
  return { note: `provider ${quote(id)} is not asked`, hint };
}

function testNotes(test: Members, line: number): Note[] {
  const known = ['vars', 'assert', 'options', 'metadata', 'description'];
  const options = isRecord(test['options']) ? Object.keys(test['options']) : [];
  const knownOptions = ['prefix', 'suffix', 'disableVarExpansion'];
  return [
    ...Object.keys(test).filter((name) => !known.includes(name) && (test[name] ?? null) !== null),
    ...options.filter((name) => !knownOptions.includes(name)).map((name) => `options.${name}`),
  ].map((name) => ({ line, note: `${quote(name)} of a test has no counterpart` }));
}

function rowsOf(test: TestCase, prompt: Prompt, isOneOfSeveral: boolean, line: number, name: string): readonly Read[] {
  const question = renderPrompt(prompt, test.vars, test);
  if ('fault' in question) {
    const { fault, hint } = question;
    return [{ line, message: `${name} ${String(fault)}`, ...(typeof hint === 'string' ? { hint } : {}) }];
  }
  const mapped = mapAssertions(
    test.asserts.map((assertion) => ({ ...assertion, value: filled(assertion.value, test.vars) })),
  );
  const shown = Object.entries(test.vars).filter(([, value]) => !isMedia(value));
  return [
    ...mapped.notes.map((note) => ({ line, ...note })),
    {
      line,
      values: {
        ...question,
        ...(mapped.scorers.length === 0 ? {} : { scorer: mapped.scorers }),
        ...(mapped.targets.length === 0 ? {} : { target: mapped.targets }),
        ...(isOneOfSeveral ? { group: name } : {}),
        ...asMetadata({
          ...Object.fromEntries(shown),
          ...test.metadata,
          ...(isOneOfSeveral ? { prompt: prompt.label } : {}),
        }),
      },
    },
  ];
}
