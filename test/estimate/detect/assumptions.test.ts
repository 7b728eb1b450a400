import { expect, test } from 'vitest';
import { assumedSpread, parseAssumptions } from '../../../src/estimate/detect/assumptions.ts';

test('assumptions are read one by one or separated by commas', () => {
  expect(parseAssumptions(['discordant=0.25, score=0.8', 'noise=0.1'])).toEqual({
    assumed: { discordant: 0.25, score: 0.8, noise: 0.1 },
  });
});

test.each([
  ['discordnat=0.2', 'cannot be assumed'],
  ['discordant=25', 'from 0 to 1'],
  ['discordant=', 'from 0 to 1'],
  ['discordant', 'from 0 to 1'],
  ['score=0.5', 'either discordant or deviation'],
  ['discordant=0.2,deviation=0.3', 'either discordant or deviation'],
  ['deviation=0', 'deviation is 0'],
  ['deviation=0.3,score=0.5', 'goes with discordant'],
])('%s is rejected', (item, words) => {
  const read = parseAssumptions([item]);

  expect(JSON.stringify(read)).toContain(words);
  expect('problems' in read).toBe(true);
});

test('a rate that B cannot fall to is one that it rises to', () => {
  expect(assumedSpread({ discordant: 0.2, score: 0.05 }, 0.1).single?.[1]).toBeCloseTo(0.15 * 0.85);
  expect(assumedSpread({ discordant: 0.2, score: 0.5 }, 0.1).single?.[1]).toBeCloseTo(0.4 * 0.6);
});
