import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.ts';
import { google } from '../../src/providers/google.ts';
import { local } from '../../src/providers/local.ts';
import { schemaFaults, strictSchemaNotes } from '../../src/providers/strict-schema.ts';
import type { GenerateParams, ModelConfig } from '../../src/types.ts';
import { ENV, testModel } from '../helpers/ask.ts';

const object = (properties: Readonly<Record<string, unknown>>, more = {}) => ({
  ...{ type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
  ...more,
});
const deep = (levels: number): object => (levels === 0 ? { type: 'string' } : object({ a: deep(levels - 1) }));

test.each<readonly [name: string, schema: unknown, faults: readonly string[]]>([
  ['one that follows all rules', object({ a: { anyOf: [{ type: 'string' }, { type: 'null' }] } }), []],
  ['references', object({ a: { $ref: '#/$defs/b' } }, { $defs: { b: object({ c: { type: 'number' } }) } }), []],
  ['ten levels', deep(10), []],
  ['eleven levels', deep(11), ['is nested deeper than 10 levels']],
  ['a list', { type: 'array', items: object({}) }, ['is not an object at its root']],
  ['alternatives at the root', object({}, { anyOf: [] }), ['is not an object at its root']],
  ['an optional property', object({ a: {}, b: {} }, { required: ['b'] }), ['does not require a at its root']],
  [
    'an open object in a list',
    object({ a: { type: 'array', items: { type: 'object' } } }),
    ['lacks "additionalProperties": false at /a/items'],
  ],
  ['a keyword that is not known', object({ a: { allOf: [] } }), ['has "allOf" at /a']],
  [
    'too many properties',
    object(Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`p${index}`, {}]))),
    ['has 5001 properties; 5000 are allowed'],
  ],
])('a strict schema: %s', (_name, schema, faults) => {
  expect(schemaFaults(schema)).toEqual(faults);
});

describe('the rules hold', () => {
  const params: GenerateParams = {
    responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true },
  };
  const azureUrl = 'https://r.services.ai.azure.com/openai/v1';

  test.each<readonly [where: string, model: ModelConfig, count: number]>([
    ['at OpenAI', testModel('openai', { model: 'gpt-5', params }), 1],
    ["for OpenAI's models on Azure", testModel('azure', { endpoint: azureUrl, model: 'my-gpt-4o', params }), 1],
    ["not for others' on Azure", testModel('azure', { endpoint: azureUrl, model: 'mistral-large', params }), 0],
    ['not on other servers', testModel('openai', { endpoint: 'http://h/v1', model: 'gpt-oss', params }), 0],
    [
      'not without strict',
      testModel('openai', {
        model: 'gpt-5',
        params: { responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' } } },
      }),
      0,
    ],
  ])('%s', (_where, model, count) => {
    expect(strictSchemaNotes(model)).toHaveLength(count);
  });
});

test.each([
  ['anthropic', anthropic],
  ['google', google],
] as const)('%s says what it does not send of a schema', (name, provider) => {
  const responseFormat = { type: 'json_schema', name: 'n', schema: { type: 'object' } } as const;
  const notes = (more: object) =>
    provider.notes(testModel(name, { params: { responseFormat: { ...responseFormat, ...more } } }));

  expect(notes({})).toEqual(['m1: responseFormat.name is not sent: the protocol has no such setting']);
  expect(notes({ strict: false })).toEqual([
    'm1: responseFormat.name is not sent: the protocol has no such setting',
    'm1: responseFormat.strict is not sent: the protocol has no such setting',
  ]);
});

test.each(['json_object', 'json_schema'] as const)('the embedded endpoint says that it has no %s', (type) => {
  const responseFormat = type === 'json_object' ? { type } : { type, name: 'n', schema: {} };

  expect(local.problems(testModel('local', { params: { responseFormat } }), ENV)).toEqual([
    {
      message: 'm1: the embedded models answer plain text only: they have no responseFormat',
      hint: 'leave it out',
      member: ['params', 'responseFormat'],
    },
  ]);
  expect(local.problems(testModel('local', { params: { responseFormat: { type: 'text' } } }), ENV)).toEqual([]);
});
