import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { createPlanner } from '../../../src/plan/planned-request.ts';
import { strictSchemaNotes } from '../../../src/providers/strict-schema.ts';
import type { Sample } from '../../../src/types.ts';
import { inputErrorOf } from '../input-error-of.ts';
import { folderWith } from '../temporary-folder.ts';

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };

/** Loads a configuration whose model answers by this schema. */
function load(
  schema: string,
  { files = {}, more = '' }: { files?: Readonly<Record<string, string>>; more?: string } = {},
) {
  const format = `{type: json_schema, name: n, schema: ${schema}, strict: true}`;
  const text = `dataset: m.csv
models:
  - id: a
    provider: openai
    model: gpt-5
    auth: {type: none}
    params:
      responseFormat: ${format}
${more}`;
  const cwd = folderWith({ 'sub/c.yaml': text, 'sub/m.csv': 'id,prompt\n1,x\n', ...files });
  return loadConfig('sub/c.yaml', { cwd, env: {} });
}

const formatOf = async (config: ReturnType<typeof load>) => (await config).models[0]?.params.responseFormat;

test('a schema may be a file, relative to the configuration, and counts as if it were written out', async () => {
  const inFile = await load('schemas/answer.json', {
    files: { 'sub/schemas/answer.json': `\ufeff${JSON.stringify(SCHEMA)}` },
  });
  const inPlace = await load(JSON.stringify(SCHEMA));

  const hashOf = ({ models: [model] }: typeof inFile) => {
    if (model === undefined) throw new Error('no model');
    const sample: Sample = {
      ...{ id: '1', index: 0, line: 2, turns: [], target: [], group: null, tags: [], metadata: {} },
      messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    };
    return createPlanner(model).plan(sample).requestHash;
  };
  expect(inFile.models).toEqual(inPlace.models);
  expect(hashOf(inFile)).toBe(hashOf(inPlace));
  // The path is what the user wrote, and is safe to store.
  expect(JSON.stringify(inFile.raw)).toContain('"schema":"schemas/answer.json"');
});

test('a schema of a variant may be a file, too', async () => {
  const more = 'variants:\n  - {id: v, params: {responseFormat: {type: json_schema, name: n, schema: v.json}}}\n';
  const config = load(JSON.stringify(SCHEMA), { files: { 'sub/v.json': '{"type": "object"}' }, more });

  expect(await formatOf(config)).toEqual({ type: 'json_schema', name: 'n', schema: { type: 'object' } });
});

test.each([
  ['missing.json', {}, 'missing.json cannot be read: ENOENT'],
  ['cut.json', { 'sub/cut.json': '{\n  "type": ' }, 'cut.json:2:11 is not JSON: it ends where a value is expected'],
  ['list.json', { 'sub/list.json': '[]' }, 'list.json is not a JSON Schema: it must be an object'],
  [
    'type.json',
    { 'sub/type.json': '{"type": "objct"}' },
    'is not a JSON Schema: /type must be equal to one of the allowed values',
  ],
  ['{type: objct}', {}, 'is not a JSON Schema: /type must be equal to one of the allowed values'],
])('%s is a problem with its place, and nothing is sent', async (schema, files, message) => {
  const problems = await inputErrorOf(load(schema, { files }));

  expect(problems).toBe(
    `sub/c.yaml:8:60 models[0].params.responseFormat.schema: ${message} · write a JSON Schema, or the path of its file, relative to this one`,
  );
});

test('a strict schema that OpenAI rejects is a note of the model', async () => {
  const { models } = await load('{type: object, properties: {a: {type: string}}}');

  const hint = 'OpenAI rejects it with strict: true · change the schema, or leave strict out';
  expect(models.flatMap(strictSchemaNotes)).toEqual([
    `a: the strict schema n lacks "additionalProperties": false at its root · ${hint}`,
    `a: the strict schema n does not require a at its root · ${hint}`,
  ]);
});
