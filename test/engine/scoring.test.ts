import { expect, test } from 'vitest';
import { createScoring } from '../../src/engine/scoring.ts';
import type { Sample } from '../../src/types.ts';

const sample: Sample = {
  ...{ id: 's', index: 0, line: 1, messages: [], turns: [], target: ['red'], group: null, tags: [], metadata: {} },
};
const say = (...answers: readonly string[]) => answers.map((answer) => ({ answer, target: ['red'] }));

test('the score of a cell is the mean of its scorers by their weights', async () => {
  const scoring = createScoring([{ name: 'exact' }, { name: 'includes', weight: 3 }]);

  const { score, scores } = await scoring.score(sample, say('a red one'));

  expect(scores.map(({ scorer, value }) => [scorer, value])).toEqual([
    ['exact', 0],
    ['includes', 1],
  ]);
  expect(score).toBe(0.75);
});

test('a scorer of weight 0 stands in the table and changes no score', async () => {
  const scoring = createScoring([{ name: 'exact' }, { name: 'includes', weight: 0 }]);

  const { score, scores } = await scoring.score(sample, say('a red one'));

  expect([score, scores.length]).toEqual([0, 2]);
});

test('turns without a target are not judged, the others are averaged', async () => {
  const scoring = createScoring([{ name: 'exact' }]);

  const { score } = await scoring.score(sample, [...say('red', 'blue'), { answer: 'red', target: [] }]);

  expect(score).toBe(0.5);
});
