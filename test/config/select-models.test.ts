import { expect, test } from 'vitest';
import { selectModels } from '../../src/config/select-models.ts';
import type { ModelConfig } from '../../src/types.ts';

const models = ['phi@terse', 'phi@long', 'gpt-4o'].map(
  (id): ModelConfig => ({
    id,
    provider: 'openai',
    model: 'm',
    modalities: ['text'],
    params: {},
    limits: { concurrency: 1, timeoutMs: 1, retries: 0 },
  }),
);

test.each([
  [[], ['phi@terse', 'phi@long', 'gpt-4o']],
  [['phi'], ['phi@terse', 'phi@long']],
  [['phi@long'], ['phi@long']],
  [
    ['gpt-4o', 'phi@terse', 'gpt-4o'],
    ['phi@terse', 'gpt-4o'],
  ],
])('%j selects %j, in configuration order', (ids, expected) => {
  expect(selectModels(models, ids).map(({ id }) => id)).toEqual(expected);
});

test('names every unknown id with the nearest known one', () => {
  expect(() => selectModels(models, ['pih', 'gpt-4o', 'phi@ters'])).toThrow(
    '--model "pih" is not configured · did you mean "phi"?\n--model "phi@ters" is not configured · did you mean "phi@terse"?',
  );
});
