import { expect, test } from 'vitest';
import { modelDefinition, type RunDefinition } from '../../src/plan/request-hash.ts';
import { comparable, isSameRun, storedDefinition } from '../../src/plan/stored-definition.ts';
import { createRedaction } from '../../src/text/redaction.ts';
import type { ModelConfig } from '../../src/types.ts';

const reference = `\${HOST}`;

function runAt(host: string, isFilledIn: boolean) {
  const filledIn = isFilledIn ? createRedaction([{ value: host, shown: reference }]) : undefined;
  const model: ModelConfig = {
    id: 'm',
    provider: 'openai',
    model: 'x',
    endpoint: `https://${host}/v1`,
    modalities: ['text'],
    params: {},
    limits: { concurrency: 1, timeoutMs: 1, retries: 0 },
    system: `You are ${host}.`,
    ...(filledIn === undefined ? {} : { filledIn }),
  };
  const definition: RunDefinition = {
    dataset: 'd',
    samples: 1,
    repeat: 1,
    scorers: [],
    models: [modelDefinition(model, { provider: 'openai', url: `https://${host}/v1/chat/completions` })],
  };
  return { definition, models: [model], filledIn };
}

const stored = ({ definition, models, filledIn }: ReturnType<typeof runAt>) =>
  storedDefinition(definition, models, filledIn);
const isSame = (recorded: RunDefinition, { definition, models, filledIn }: ReturnType<typeof runAt>) =>
  isSameRun(comparable(recorded, definition, models, filledIn));

test('without values from the environment the definition is stored as it is', () => {
  const run = runAt('alpha.example', false);

  expect(stored(run)).toBe(run.definition);
});

test('a stored definition shows references and holds no hash that another run has', () => {
  const run = runAt('alpha.example', true);
  const [first, second] = [stored(run), stored(run)];

  expect(JSON.stringify(first)).not.toContain('alpha');
  expect(first.models[0]?.wire).toEqual({ provider: 'openai', url: `https://${reference}/v1` });
  expect(first.models[0]?.system).not.toBe(run.definition.models[0]?.system);
  expect(Object.keys(first.marks ?? {})).toEqual(['models.m.url', 'models.m.system']);
  expect(first.marks).not.toEqual(second.marks);
});

test.each([
  ['values from the environment', true, true],
  ['values that an earlier version stored', false, true],
  ['values that are no longer references', true, false],
])('equal %s are the same run, others are not', (_, was, is) => {
  const recorded = stored(runAt('alpha.example', was));

  expect(isSame(recorded, runAt('alpha.example', is))).toBe(true);
  expect(isSame(recorded, runAt('beta.example', is))).toBe(false);
});
