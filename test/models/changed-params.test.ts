import { expect, test } from 'vitest';
import { changedParams } from '../../src/models/changed-params.ts';

test('later changes win and null leaves a parameter out', () => {
  const changed = changedParams({ temperature: 0, maxTokens: 9, seed: 1 }, { temperature: null, seed: 2 }, undefined);

  expect(changed).toEqual({ maxTokens: 9, seed: 2 });
});

test('a later value brings a parameter back', () => {
  expect(changedParams({ temperature: null }, { temperature: 0.5 })).toEqual({ temperature: 0.5 });
});

test('members keep their order, which the request hash depends on', () => {
  const changed = changedParams({ topP: 1, temperature: 0, maxTokens: 9 }, { temperature: null, seed: 1 });

  expect(JSON.stringify(changed)).toBe('{"topP":1,"maxTokens":9,"seed":1}');
});
