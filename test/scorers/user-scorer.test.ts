import { expect, test } from 'vitest';
import { addScorer, createScorer } from '../../src/scorers/registry.ts';
import type { UserScorer } from '../../src/scorers/user-scorer.ts';

const INPUT = { answer: 'a', target: ['a'], sample: { id: 's', metadata: {} } };

function scored(scorer: UserScorer) {
  addScorer('own', scorer);
  return createScorer({ name: 'own' }).score(INPUT);
}

test('a promise that never settles leaves the answer unscored with the reason', async () => {
  const score = await scored({ timeoutMs: 2, score: () => new Promise(() => {}) });

  expect(score).toMatchObject({
    value: null,
    failed: true,
    explanation: 'the scorer failed: it gave no score within 0.002 s',
  });
});

test('a promise that fails after its time disturbs nothing', async () => {
  let fail = (_: Error) => {};
  const promise = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const score = await scored({ timeoutMs: 2, score: () => promise });
  fail(new Error('late'));
  await expect(promise).rejects.toThrow('late');

  expect(score.value).toBeNull();
});

test('a promise that settles gives its score, also one with a time longer than timers know', async () => {
  expect((await scored({ timeoutMs: Number.MAX_SAFE_INTEGER, score: async () => 0.25 })).value).toBe(0.25);
  expect((await scored({ score: () => true })).value).toBe(1);
});

test.each([0, -1, Number.NaN])('rejects the time %s', (timeoutMs) => {
  expect(() => addScorer('own', { timeoutMs, score: () => 1 })).toThrow('timeoutMs');
});
