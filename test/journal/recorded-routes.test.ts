import { describe, expect, test } from 'vitest';
import { recordedModels, withRecordedRoutes } from '../../src/journal/recorded-routes.ts';
import { wireSettingsOf } from '../../src/plan/model-provider.ts';
import { modelDefinition, type RunDefinition } from '../../src/plan/request-hash.ts';
import type { RunInfo } from '../../src/report.ts';
import type { ModelConfig } from '../../src/types.ts';
import { testModel } from '../helpers/ask.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

const BARE = 'https://r.services.ai.azure.com';
const azure = (id: string, endpoint: string) => testModel('azure', { id, endpoint });

/** The run of these models, as a journal records it. */
const runOf = (...models: readonly ModelConfig[]): RunDefinition => ({
  dataset: 'd',
  samples: 1,
  repeat: 1,
  scorers: [],
  models: models.map((model) => modelDefinition(model, wireSettingsOf(model))),
});
const endpoints = (models: readonly ModelConfig[]) => models.map(({ endpoint }) => endpoint);

describe('a resource without a path', () => {
  test.each([
    ['nothing is recorded', [], BARE],
    ['its run called /models', [runOf(azure('a', `${BARE}/models`))], `${BARE}/models`],
    ['its run called /openai/v1', [runOf(azure('a', `${BARE}/openai/v1`))], BARE],
    [
      'another id called /models and it called /openai/v1',
      [runOf(azure('b', `${BARE}/models`), azure('a', BARE))],
      BARE,
    ],
    ['the run knows it by another id', [runOf(azure('b', `${BARE}/models`))], `${BARE}/models`],
    ['the run called another resource', [runOf(azure('a', 'https://s.services.ai.azure.com/models'))], BARE],
  ])('is called as recorded when %s', (_, runs, expected) => {
    expect(endpoints(withRecordedRoutes([azure('a', BARE)], runs))).toEqual([expected]);
  });

  test('keeps its request settings when the earlier version recorded them', () => {
    const recorded = azure('a', `${BARE}/models`);

    const [model] = withRecordedRoutes([azure('a', BARE)], [runOf(recorded)]);

    expect(model && wireSettingsOf(model)).toEqual(wireSettingsOf(recorded));
  });
});

test('other endpoints stay as they are configured', () => {
  const models = [azure('a', `${BARE}/openai/v1`), testModel('openai', { id: 'b' }), testModel('local', { id: 'c' })];

  expect(withRecordedRoutes(models, [runOf(azure('a', `${BARE}/models`))])).toEqual(models);
});

test('the models of a report have the URLs that were called; without a header they are unknown', () => {
  const { run } = fixtureReport();
  const info: RunInfo = { ...run, models: [{ id: 'a', provider: 'openai', model: 'gpt-4o' }] };
  const model = testModel('openai', { id: 'a', model: 'gpt-4o' });

  expect(recordedModels(runOf(model), info)).toMatchObject([
    { endpoint: 'https://api.openai.com/v1/chat/completions' },
  ]);
  expect(recordedModels(null, info)).toMatchObject([{ endpoint: '' }]);
});
