import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bradleyTerry } from '../../src/stats/bradley-terry.ts';

/** How often the model expects a player to win the games that were played. */
function expectedWins(table: readonly (readonly number[])[], logAbilities: ArrayLike<number>, player: number): number {
  const own = logAbilities[player] ?? 0;
  return table.reduce((sum, row, opponent) => {
    const games = opponent === player ? 0 : (row[player] ?? 0) + (table[player]?.[opponent] ?? 0);
    return sum + games / (1 + Math.exp((logAbilities[opponent] ?? 0) - own));
  }, 0);
}

test('of two players the strength is the odds, with the standard error of a logit', () => {
  const { logAbilities = [], standardErrors = [] } =
    bradleyTerry(
      [
        [0, 30],
        [10, 0],
      ],
      1,
    ) ?? {};

  expect(logAbilities[0]).toBeCloseTo(Math.log(3), 10);
  expect(standardErrors[0]).toBeCloseTo(Math.sqrt(1 / 30 + 1 / 10), 10);
  expect([logAbilities[1], standardErrors[1]]).toEqual([0, 0]);
});

test('expected wins equal the wins of each player', () => {
  const wins = fc.array(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 4, maxLength: 4 }), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(wins, fc.nat({ max: 3 }), (table, reference) => {
      const { logAbilities = new Float64Array() } = bradleyTerry(table, reference) ?? {};
      for (const [player, row] of table.entries()) {
        const won = row.reduce((sum, value, opponent) => sum + (opponent === player ? 0 : value), 0);
        expect(expectedWins(table, logAbilities, player)).toBeCloseTo(won, 6);
      }
      expect(logAbilities[reference]).toBe(0);
    }),
  );
});

test('a player who never lost has no finite strength', () => {
  expect(
    bradleyTerry(
      [
        [0, 3, 2],
        [0, 0, 1],
        [0, 4, 0],
      ],
      0,
    ),
  ).toBeNull();
});

test('players who never met through others cannot be compared', () => {
  const apart = [
    [0, 2, 0, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 2],
    [0, 0, 1, 0],
  ];

  expect(bradleyTerry(apart, 0)).toBeNull();
});

test('lopsided tables are solved, too', () => {
  const table = [
    [0, 0, 3, 2520],
    [4, 0, 72_404, 2326],
    [2, 3, 0, 0],
    [2, 0, 0, 0],
  ];
  const { logAbilities = [] } = bradleyTerry(table, 0) ?? {};

  // Steps of full length run away here; at the maximum each player wins as often as expected (see above).
  for (const [player, won] of [2523, 74_734, 5, 2].entries())
    expect(expectedWins(table, logAbilities, player)).toBeCloseTo(won, 5);
});

test('the table stays as it was and its diagonal is not read', () => {
  const wins = [
    [9, 3],
    [1, 9],
  ];
  const found = bradleyTerry(wins, 1);

  expect(found?.logAbilities[0]).toBeCloseTo(Math.log(3), 10);
  expect(wins).toEqual([
    [9, 3],
    [1, 9],
  ]);
});

test('tables that are not square and values that are no counts are rejected', () => {
  expect(() => bradleyTerry([[0, 1], [1]], 0)).toThrow(RangeError);
  expect(() =>
    bradleyTerry(
      [
        [0, -1],
        [1, 0],
      ],
      0,
    ),
  ).toThrow(RangeError);
  expect(() =>
    bradleyTerry(
      [
        [0, Number.NaN],
        [1, 0],
      ],
      0,
    ),
  ).toThrow(RangeError);
  expect(() =>
    bradleyTerry(
      [
        [0, 1],
        [1, 0],
      ],
      2,
    ),
  ).toThrow(RangeError);
});
