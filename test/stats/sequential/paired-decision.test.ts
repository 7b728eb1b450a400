import { expect, test } from 'vitest';
import { createPairedDecision } from '../../../src/stats/sequential/paired-decision.ts';

function decide(differences: readonly number[], population: number, margin: number | null = null) {
  const decision = createPairedDecision({ alpha: 0.05, margin });
  for (const difference of differences) decision.add(difference, population);
  return decision;
}

const times = (count: number, of: (index: number) => number) => Array.from({ length: count }, (_, index) => of(index));

test('B is better when it wins again and again, and the interval is above zero', () => {
  const decision = decide(
    times(100, (index) => (index % 2 === 0 ? 1 : 0)),
    1000,
  );

  expect(decision.conclusion()).toBe('better');
  expect(decision.count()).toBeLessThan(30);
  expect(decision.interval()[0]).toBeGreaterThan(0);
});

test('B is worse in the mirror', () => {
  expect(
    decide(
      times(100, (index) => (index % 2 === 0 ? -1 : 0)),
      1000,
    ).conclusion(),
  ).toBe('worse');
});

test('what comes after the decision changes nothing', () => {
  const early = decide(
    times(30, () => 1),
    1000,
  );
  const later = decide([...times(30, () => 1), ...times(200, () => -1)], 1000);

  expect(later.conclusion()).toBe('better');
  expect(later.interval()).toEqual(early.interval());
});

test('equal models stay open without a margin, and are as good within one', () => {
  const equal = times(300, (index) => (index % 4 === 0 ? 1 : index % 4 === 2 ? -1 : 0));

  expect(decide(equal, 1000).conclusion()).toBe('open');
  const within = decide(equal, 1000, 0.15);
  expect(within.conclusion()).toBe('within');
  const [low, high] = within.interval();
  expect(low).toBeGreaterThan(-0.15);
  expect(high).toBeLessThan(0.15);
});

test('the last samples decide what they can no longer change', () => {
  expect(decide([1, 0, 1], 4).conclusion()).toBe('better');
  expect(decide([1, 0, 1], 5).conclusion()).toBe('open');
});

test('nothing is known of no samples', () => {
  const decision = decide([], 10);

  expect(decision.difference()).toBeNull();
  expect(decision.interval()).toEqual([-1, 1]);
});
