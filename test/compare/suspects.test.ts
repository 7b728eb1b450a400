import { expect, test } from 'vitest';
import { reliabilities, suspectOf } from '../../src/compare/suspects.ts';
import type { RunInfo, SummaryRow } from '../../src/report.ts';
import type { Result } from '../../src/result.ts';
import { createRandom } from '../../src/stats/random.ts';
import { answered, failed } from '../helpers/results.ts';

const RELIABLE = new Map([
  ['a', 0.9],
  ['b', 0.8],
  ['c', 0.7],
]);

function says(model: string, answer: string, target: string, index = 0): Result {
  const result = answered(answer === target ? 1 : 0, { model, index, sample: { target: [target] } });
  return { ...result, answer } as Result;
}

const suspicionOf = (answers: Readonly<Record<string, string>>, target: string) =>
  suspectOf(
    Object.entries(answers).map(([model, answer]) => says(model, answer, target)),
    RELIABLE,
  )?.suspicion ?? Number.NaN;

test('models that agree against the target are more suspicious than those that contradict each other', () => {
  const agreeing = suspicionOf({ a: '12', b: '12', c: '12' }, '7');
  const contradicting = suspicionOf({ a: '12', b: '35', c: '48' }, '7');

  expect(agreeing).toBeGreaterThan(0.9);
  expect(contradicting).toBeLessThan(agreeing / 2);
});

test('a right answer that most give clears the target', () => {
  expect(suspicionOf({ a: '7', b: '7', c: '7' }, '7')).toBeCloseTo(0, 12);
  expect(suspicionOf({ a: '7', b: '7', c: '12' }, '7')).toBeLessThan(0.3);
});

test('agreement of better models counts for more', () => {
  expect(suspicionOf({ a: '12', b: '12', c: '7' }, '7')).toBeGreaterThan(
    suspicionOf({ a: '7', b: '12', c: '12' }, '7'),
  );
});

test('the answer that most are close to is proposed, and named with how many give it', () => {
  const results = [says('a', 'Bern', 'Basel'), says('b', 'bern.', 'Basel'), says('c', 'Zug', 'Basel')];

  expect(suspectOf(results, RELIABLE)).toMatchObject({ answer: 'Bern', agreeing: 2, answered: 3, target: ['Basel'] });
});

test('what was not answered or not scored says nothing', () => {
  expect(suspectOf([failed('timeout', { model: 'a' })], RELIABLE)).toBeNull();
  expect(suspectOf([says('a', ' ', 'x')], RELIABLE)).toBeNull();
  expect(suspectOf([{ ...says('a', 'y', 'x'), score: null }], RELIABLE)).toBeNull();
});

test('at least 80 of 100 wrong targets are among the first tenth', () => {
  const random = createRandom(11);
  const chance = () => random() / 2 ** 32;
  const word = () => String.fromCodePoint(...Array.from({ length: 6 }, () => 97 + Math.floor(26 * chance())));
  const samples = Array.from({ length: 400 }, (_, index) => {
    const truth = word();
    const target = index % 20 === 0 ? word() : truth;
    const results = [...RELIABLE].map(([model, right]) =>
      says(model, chance() < right - 0.1 ? truth : word(), target, index),
    );
    return { isWrong: index % 20 === 0, suspicion: suspectOf(results, RELIABLE)?.suspicion ?? 0 };
  });

  const first = samples.sort((x, y) => y.suspicion - x.suspicion).slice(0, 40);

  expect(first.filter(({ isWrong }) => isWrong).length).toBeGreaterThanOrEqual(16);
});

test('of the variants of a model the best is heard, and no model that lacks a medium or is under stress', () => {
  const scores = { 'a@x': 0.5, 'a@y': 0.7, b: 0.4, 'b@no-image': 0.9, 'b@jpeg-5': 0.8 };
  const heard = (ids: readonly (keyof typeof scores)[]) => [
    ...reliabilities({
      run: {
        models: ids.map((id) => ({
          id,
          provider: 'p',
          model: 'm',
          ...(id === 'b@jpeg-5' ? { stress: { base: 'b', kind: 'jpeg', level: 5 } } : {}),
        })),
      } as unknown as RunInfo,
      summary: ids.map((model) => ({ model, slice: 'all', metric: 'score_all', value: scores[model] }) as SummaryRow),
    }),
  ];

  expect(heard(['a@x', 'a@y', 'b', 'b@no-image', 'b@jpeg-5'])).toEqual([
    ['a@y', 0.7],
    ['b', 0.4],
  ]);
  expect(heard(['a@x', 'a@y'])).toEqual([
    ['a@x', 0.5],
    ['a@y', 0.7],
  ]);
});
