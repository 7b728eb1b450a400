import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { configJsonSchema } from '../../src/config/schema.ts';
import { CONFIG_FILE, exampleFiles } from '../../src/config/starter/starter-files.ts';
import { isRecord } from '../../src/text/is-record.ts';
import { uncommented } from '../helpers/uncommented.ts';
import { folderWith } from './temporary-folder.ts';

const document = readFileSync(fileURLToPath(new URL('../../docs/configuration.md', import.meta.url)), 'utf8');
const example = /```yaml\n(.*?)```/s.exec(document)?.[1] ?? '';

/** Members and defaults of every mapping of the schema by its place; a variant's `params` and `media` are a model's. */
function mappings(schema: unknown, place: string, found: Map<string, Map<string, unknown>>): typeof found {
  if (!isRecord(schema) || /^variants\[\]\.(?:params|media)/.test(place)) return found;
  for (const alternatives of [schema['anyOf'], schema['oneOf']])
    if (Array.isArray(alternatives)) for (const option of alternatives) mappings(option, place, found);
  const items = schema['items'];
  for (const item of Array.isArray(items) ? items : [items]) mappings(item, `${place}[]`, found);
  const properties = schema['properties'];
  if (!isRecord(properties)) return found;
  const members = found.get(place) ?? new Map<string, unknown>();
  found.set(place, members);
  for (const [name, member] of Object.entries(properties)) {
    members.set(name, isRecord(member) ? member['default'] : undefined);
    mappings(member, place === '' ? name : `${place}.${name}`, found);
  }
  return found;
}

/** Members and defaults of every table of the document by its heading. */
function tables(): Map<string, Map<string, string>> {
  const sections = document.split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => {
      const place = /^`(.*)`/.exec(section)?.[1] ?? '';
      const rows = [...section.matchAll(/^\| `(.+?)` \| (.*?) \|/gm)];
      return [place, new Map(rows.map(([, name = '', value = '']) => [name, value]))];
    }),
  );
}

const schemas = mappings(configJsonSchema(), '', new Map());

test('the document has a table for every mapping of the schema and no other', () => {
  expect([...tables().keys()].sort()).toEqual([...schemas.keys()].sort());
});

test.each([...schemas])('the table of %j holds its members with their defaults', (place, members) => {
  const table = tables().get(place) ?? new Map<string, string>();
  expect([...table.keys()].sort()).toEqual([...members.keys()].sort());
  for (const [name, value] of members)
    if (value !== undefined) expect(table.get(name)).toBe(`\`${JSON.stringify(value)}\``);
});

test('the document’s example loads', async () => {
  const cwd = folderWith({ 'earsight.config.yaml': example, 'manifest.csv': 'id,prompt\n1,x\n' });
  const env = { AZURE_RESOURCE: 'r', AZURE_INFERENCE_CREDENTIAL: 'k', OPENAI_API_KEY: 'k', OPENAI_PROJECT: 'p' };
  const { models } = await loadConfig(undefined, { cwd, env });
  expect(models.map(({ id }) => id)).toContain('local-server@terse');
});

test.each([
  ['the document’s example', () => example],
  ['the example of init', () => String(exampleFiles('question')[CONFIG_FILE])],
  ['its comments', () => uncommented(String(exampleFiles('question')[CONFIG_FILE]))],
])('the JSON Schema is draft-07 and takes %s', (_, text) => {
  const schema = configJsonSchema();
  const validate = new Ajv({ strict: false }).compile(schema);
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  expect(validate(parse(text())), JSON.stringify(validate.errors)).toBe(true);
});

test('the JSON Schema rejects an unknown member', () => {
  const validate = new Ajv({ strict: false }).compile(configJsonSchema());
  expect(validate({ dataset: 'a.csv', models: [{ id: 'a', provider: 'openai', model: 'm', colour: 'red' }] })).toBe(
    false,
  );
});

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Every configuration below these folders. */
const examples = ['examples', 'datasets', 'test/fixtures/runs'].flatMap((folder) =>
  readdirSync(root(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.config.yaml'))
    .map((name) => `${folder}/${name}`),
);

test('the JSON Schema takes every example and every configuration of a recorded run', () => {
  const validate = new Ajv({ strict: false }).compile(configJsonSchema());

  expect(examples.length).toBeGreaterThan(10);
  for (const name of examples)
    expect(validate(parse(readFileSync(root(name), 'utf8'))), `${name} ${JSON.stringify(validate.errors)}`).toBe(true);
});

/** Their defects are in files, variables, bytes, or between members; the others are syntax or schema. */
const BEYOND_A_SCHEMA = [
  'config-capabilities.yaml',
  'config-embedded.yaml',
  'config-endpoints.yaml',
  'config-inline-media.yaml',
  'config-latin1.yaml',
  'config-missing-variables.yaml',
  'config-no-dataset-file.yaml',
  'config-trailing-comma.json',
];

test('the JSON Schema rejects every bad configuration whose defect a schema can hold', () => {
  const validate = new Ajv({ strict: false }).compile(configJsonSchema());
  const folder = root('test/fixtures/bad');
  const bad = readdirSync(folder).filter((name) => /^config-.*\.(?:yaml|json)$/.test(name));

  const taken = bad.filter((name) => validate(parsedOrNull(readFileSync(`${folder}/${name}`, 'utf8'))));

  expect(bad.length).toBeGreaterThan(50);
  expect(taken).toEqual(BEYOND_A_SCHEMA);
});

function parsedOrNull(text: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch {
    return null;
  }
}
