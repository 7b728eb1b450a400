import { expect, test } from 'vitest';
import { PROVIDERS, type ProviderName } from '../../src/providers/registry.ts';
import type { Auth, ModelConfig } from '../../src/types.ts';

const FOUNDRY = 'https://r.services.ai.azure.com/models';
const COGNITIVE = 'https://cognitiveservices.azure.com/.default';
const NONE: Auth = { type: 'none' };

const key = (env: string): Auth => ({ type: 'key', env });
const entra = (scope?: string): Auth => (scope === undefined ? { type: 'entra' } : { type: 'entra', scope });

const cases: readonly [provider: ProviderName, endpoint: string | undefined, auth: Auth | undefined, shown: Auth][] = [
  ['openai', undefined, undefined, key('OPENAI_API_KEY')],
  ['openai', 'http://127.0.0.1:8000/v1', undefined, NONE],
  ['openai', 'https://r.openai.azure.com/openai/v1', entra(), entra(COGNITIVE)],
  ['azure', FOUNDRY, undefined, key('AZURE_INFERENCE_CREDENTIAL')],
  ['azure', FOUNDRY, key('MINE'), key('MINE')],
  ['azure', FOUNDRY, entra(), entra(COGNITIVE)],
  ['azure', FOUNDRY, entra('api://own/.default'), entra('api://own/.default')],
  ['azure', 'https://r.services.ai.azure.com/api/projects/p', entra(), entra('https://ai.azure.com/.default')],
  ['anthropic', undefined, undefined, key('ANTHROPIC_API_KEY')],
  ['google', undefined, undefined, key('GEMINI_API_KEY')],
  ['google', undefined, entra(), entra()],
  ['local', undefined, key('MINE'), NONE],
];

test.each(cases)('%s at %s with auth %j authorises with %j', (provider, endpoint, auth, shown) => {
  const model: ModelConfig = {
    id: 'm',
    provider,
    model: 'm',
    modalities: ['text'],
    params: {},
    limits: { concurrency: 1, timeoutMs: 1000, retries: 0 },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(auth === undefined ? {} : { auth }),
  };

  expect(PROVIDERS[provider].auth(model)).toEqual(shown);
});
