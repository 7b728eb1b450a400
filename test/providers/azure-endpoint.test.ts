// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { type AzureKind, azureEndpoint, earlierEndpoint } from '../../src/providers/azure-endpoint.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import { testModel } from '../helpers/ask.ts';

const COGNITIVE = 'https://cognitiveservices.azure.com/.default';
const FOUNDRY = 'https://ai.azure.com/.default';
const PREVIEW = '?api-version=2024-05-01-preview';
const GA = '?api-version=2024-10-21';

const endpointOf = (endpoint: string, more = {}) =>
  azureEndpoint(testModel('azure', { endpoint, model: 'dep', ...more }));

const pasted: readonly [pasted: string, kind: AzureKind, called: string, scope: string][] = [
  [
    'https://r.services.ai.azure.com/models',
    'models',
    `https://r.services.ai.azure.com/models/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://r.services.ai.azure.com/models/',
    'models',
    `https://r.services.ai.azure.com/models/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    ' https://r.services.ai.azure.com/models ',
    'models',
    `https://r.services.ai.azure.com/models/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  ['https://r.services.ai.azure.com', 'v1', 'https://r.services.ai.azure.com/openai/v1/chat/completions', FOUNDRY],
  [' HTTPS://R.Services.AI.Azure.com/ ', 'v1', 'https://r.services.ai.azure.com/openai/v1/chat/completions', FOUNDRY],
  [
    'https://r.services.ai.azure.us',
    'v1',
    'https://r.services.ai.azure.us/openai/v1/chat/completions',
    'https://ai.azure.us/.default',
  ],
  [
    'https://r.services.ai.azure.com?api-version=2024-05-01-preview',
    'models',
    `https://r.services.ai.azure.com/models/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://r.services.ai.azure.com/api/models',
    'models',
    `https://r.services.ai.azure.com/api/models/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://r.services.ai.azure.com/models/chat/completions',
    'models',
    `https://r.services.ai.azure.com/models/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://r.services.ai.azure.com/models/chat/completions?api-version=2025-04-01',
    'models',
    'https://r.services.ai.azure.com/models/chat/completions?api-version=2025-04-01',
    COGNITIVE,
  ],
  [
    'https://r.services.ai.azure.com/openai/v1/models',
    'v1',
    'https://r.services.ai.azure.com/openai/v1/chat/completions',
    FOUNDRY,
  ],
  [
    'https://r.services.ai.azure.com/openai/v1',
    'v1',
    'https://r.services.ai.azure.com/openai/v1/chat/completions',
    FOUNDRY,
  ],
  [
    'https://r.services.ai.azure.com/openai/v1/?api-version=preview',
    'v1',
    'https://r.services.ai.azure.com/openai/v1/chat/completions?api-version=preview',
    FOUNDRY,
  ],
  ['https://r.openai.azure.com/openai/v1/', 'v1', 'https://r.openai.azure.com/openai/v1/chat/completions', COGNITIVE],
  ['https://r.openai.azure.com', 'v1', 'https://r.openai.azure.com/openai/v1/chat/completions', COGNITIVE],
  ['https://r.openai.azure.com/openai', 'v1', 'https://r.openai.azure.com/openai/v1/chat/completions', COGNITIVE],
  [
    'https://r.cognitiveservices.azure.com/openai/v1',
    'v1',
    'https://r.cognitiveservices.azure.com/openai/v1/chat/completions',
    COGNITIVE,
  ],
  [
    'https://r.openai.azure.com/openai/deployments/gpt-4o',
    'deployments',
    `https://r.openai.azure.com/openai/deployments/gpt-4o/chat/completions${GA}`,
    COGNITIVE,
  ],
  [
    'https://r.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview',
    'deployments',
    'https://r.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview',
    COGNITIVE,
  ],
  [
    'https://r.services.ai.azure.com/api/projects/p',
    'v1',
    'https://r.services.ai.azure.com/api/projects/p/openai/v1/chat/completions',
    'https://ai.azure.com/.default',
  ],
  [
    'https://r.services.ai.azure.com/api/projects/p/openai/v1',
    'v1',
    'https://r.services.ai.azure.com/api/projects/p/openai/v1/chat/completions',
    'https://ai.azure.com/.default',
  ],
  [
    'https://phi.eastus2.models.ai.azure.com',
    'serverless',
    `https://phi.eastus2.models.ai.azure.com/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://phi.eastus2.models.ai.azure.com/v1/chat/completions',
    'serverless',
    `https://phi.eastus2.models.ai.azure.com/v1/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://phi-serverless.eastus2.inference.ai.azure.com',
    'serverless',
    `https://phi-serverless.eastus2.inference.ai.azure.com/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://e.eastus.inference.ml.azure.com',
    'managed',
    `https://e.eastus.inference.ml.azure.com/chat/completions${PREVIEW}`,
    'https://ml.azure.com/.default',
  ],
  [
    'https://e.eastus.inference.ml.azure.com/score',
    'managed',
    `https://e.eastus.inference.ml.azure.com/chat/completions${PREVIEW}`,
    'https://ml.azure.com/.default',
  ],
  [
    'https://r.services.ai.azure.us/models',
    'models',
    `https://r.services.ai.azure.us/models/chat/completions${PREVIEW}`,
    'https://cognitiveservices.azure.us/.default',
  ],
  [
    'https://models.github.ai/inference',
    'unknown',
    `https://models.github.ai/inference/chat/completions${PREVIEW}`,
    COGNITIVE,
  ],
  [
    'https://gateway.example.com/foundry/models?subscription=7',
    'models',
    'https://gateway.example.com/foundry/models/chat/completions?subscription=7&api-version=2024-05-01-preview',
    COGNITIVE,
  ],
  ['http://127.0.0.1:4010', 'unknown', `http://127.0.0.1:4010/chat/completions${PREVIEW}`, COGNITIVE],
];

test.each(pasted)('%s is of kind %s and called as %s', (endpoint, kind, called, scope) => {
  const found = endpointOf(endpoint);

  expect({ kind: found.kind, url: found.url.href, scope: found.scope }).toEqual({ kind, url: called, scope });
});

test.each([
  [
    'https://r.services.ai.azure.com/models',
    '2025-05-01',
    'https://r.services.ai.azure.com/models/chat/completions?api-version=2025-05-01',
  ],
  [
    'https://r.services.ai.azure.com/models?api-version=2025-04-01',
    '2025-05-01',
    'https://r.services.ai.azure.com/models/chat/completions?api-version=2025-05-01',
  ],
  [
    'https://r.services.ai.azure.com',
    '2024-05-01-preview',
    'https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview',
  ],
  [
    'https://r.services.ai.azure.com',
    'preview',
    'https://r.services.ai.azure.com/openai/v1/chat/completions?api-version=preview',
  ],
  [
    'https://r.openai.azure.com/',
    '2024-06-01',
    'https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-06-01',
  ],
  [
    'https://r.openai.azure.com/openai',
    '2024-06-01',
    'https://r.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-06-01',
  ],
  [
    'https://r.openai.azure.com/',
    'preview',
    'https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview',
  ],
])('%s with apiVersion %s is called as %s', (endpoint, apiVersion, called) => {
  expect(endpointOf(endpoint, { apiVersion }).url.href).toBe(called);
});

test.each([
  ['https://m.eastus2.models.ai.azure.com', true],
  ['https://m.eastus2.inference.ai.azure.com', true],
  ['https://m.eastus2.inference.ml.azure.com', true],
  ['https://unheard.of.azure.com/x', true],
  ['https://gateway.example.com/openai/v1', true],
  ['https://gateway.example.com/openai/deployments/d', false],
  ['https://r.services.ai.azure.com/models', false],
  ['https://r.openai.azure.com/openai/v1', false],
])('%s gets its key as a bearer token, too: %s', (endpoint, expected) => {
  expect(endpointOf(endpoint).bearerKey).toBe(expected);
});

test.each([
  ['r.services.ai.azure.com/models', 'm1: endpoint "r.services.ai.azure.com/models" is not a URL'],
  ['ftp://r.services.ai.azure.com/models', 'is neither https nor http'],
  ['https://me:secret@r.services.ai.azure.com/models', 'm1: the endpoint carries a user name or a password'],
  ['https://r.openai.azure.com/openai/v1/responses', 'm1: /openai/v1/responses is not a chat completions route'],
  ['https://r.openai.azure.com/openai/deployments/d/embeddings', 'is not a chat completions route'],
  ['https://r.services.ai.azure.com/api/projects/p/agents', 'is not a chat completions route'],
  ['https://r.services.ai.azure.com/anthropic', 'use provider: anthropic'],
])('rejects %s', (endpoint, message) => {
  expect(() => endpointOf(endpoint)).toThrow(InputError);
  expect(() => endpointOf(endpoint)).toThrow(message);
});

test('projects are called at their own route, also where their list of models was pasted', () => {
  const called = endpointOf('https://r.services.ai.azure.com/api/projects/p').url.href;

  expect(endpointOf('https://r.services.ai.azure.com/api/projects/p/models').url.href).toBe(called);
});

test('needs an endpoint', () => {
  expect(() => azureEndpoint(testModel('azure'))).toThrow('provider azure needs an endpoint');
});

test('what is called can be pasted again and is called alike', () => {
  fc.assert(
    fc.property(fc.constantFrom(...pasted.map(([endpoint]) => endpoint)), (endpoint) => {
      const { url, kind } = endpointOf(endpoint);
      const again = endpointOf(url.href);
      expect([again.url.href, again.kind]).toEqual([url.href, kind]);
    }),
  );
});

test.each([
  ['https://r.services.ai.azure.com', 'https://r.services.ai.azure.com/models'],
  ['https://r.services.ai.azure.us/?team=a', 'https://r.services.ai.azure.us/models?team=a'],
  ['https://r.services.ai.azure.com/openai/v1', null],
  ['https://r.services.ai.azure.com?api-version=2024-05-01-preview', null],
  ['https://r.openai.azure.com', null],
])('earlier versions called %s as they call %s', (endpoint, earlier) => {
  expect(earlierEndpoint(testModel('azure', { endpoint }))).toBe(earlier);
});

test.each([
  ['https://r.services.ai.azure.com/openai/v1', 'https://cognitiveservices.azure.com/.default'],
  ['https://r.services.ai.azure.com/api/projects/p', 'https://cognitiveservices.azure.com/.default'],
  ['https://r.services.ai.azure.us/models', 'https://ai.azure.us/.default'],
  ['https://r.openai.azure.com', FOUNDRY],
  ['https://e.eastus.inference.ml.azure.com', 'https://cognitiveservices.azure.com/.default'],
])('when %s rejects a token, %s is the scope to try', (endpoint, otherScope) => {
  expect(endpointOf(endpoint).otherScope).toBe(otherScope);
});

test.each(['https://r.services.ai.azure.com/models', 'https://r.services.ai.azure.us/api/models'])(
  'says of %s that the end of its API is announced',
  (endpoint) => {
    const announced = PROVIDERS.azure.announcements(testModel('azure', { endpoint }));

    expect(announced).toEqual([
      `m1: Microsoft announced the end of the model inference API (/models) for 2026-08-26 · use ${new URL(endpoint).origin}/openai/v1`,
    ]);
  },
);

test.each([
  'https://r.services.ai.azure.com',
  'https://r.openai.azure.com/openai/deployments/d',
  'https://d.eastus.models.ai.azure.com',
  'https://gateway.example.com/foundry/models',
  '${ENDPOINT}',
])('says nothing of the kind of %s', (endpoint) => {
  expect(PROVIDERS.azure.announcements(testModel('azure', { endpoint }))).toEqual([]);
});
