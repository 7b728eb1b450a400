import { describe, expect, test } from 'vitest';
import { createColumnCheck } from '../../src/plan/unused-columns.ts';
import type { ScorerConfig } from '../../src/types.ts';

/** The warnings for rows with a different value each in `caption`, and a few values in `language`. */
function warningsFor(use: Partial<Parameters<typeof createColumnCheck>[1]>, count = 30, own?: readonly ScorerConfig[]) {
  const check = createColumnCheck('m.csv', { models: [], prompt: undefined, scorers: [], ...use });
  for (let index = 0; index < count; index += 1)
    check.look({
      metadata: { caption: `text ${index}`, language: index % 2 === 0 ? 'en' : 'de' },
      ...(own === undefined ? {} : { scorers: own }),
    });
  return check.warnings();
}

test('names a column with many values that nothing uses, and no column that makes slices', () => {
  expect(warningsFor({})).toEqual([
    'm.csv: nothing uses the column "caption": it is metadata with more than 20 values, which makes no slices · rename what was meant as another column',
  ]);
});

test('says nothing of up to 20 values', () => {
  expect(warningsFor({}, 20)).toEqual([]);
  expect(warningsFor({}, 21)).toHaveLength(1);
});

describe('a column is used', () => {
  test.each([
    ['by the prompt of the configuration', { prompt: 'Is it {{caption}}?' }],
    ['by the template of a model', { models: [{}, { template: '{{prompt}} {{meta.caption}}' }] }],
    ['by the options of a scorer', { scorers: [{ name: 'judge', rubric: 'Compare with {{ meta.caption }}.' }] }],
  ])('%s', (_, use) => {
    expect(warningsFor(use)).toEqual([]);
  });

  test('by the scorer of a sample', () => {
    expect(warningsFor({}, 30, [{ name: 'judge', rubric: '{{caption}}' }])).toEqual([]);
  });

  test('by scorer choice, if it is called choices', () => {
    const check = createColumnCheck('m.csv', { models: [], prompt: undefined, scorers: [{ name: 'choice' }] });
    for (let index = 0; index < 30; index += 1) check.look({ metadata: { choices: `a|${index}` } });

    expect(check.warnings()).toEqual([]);
  });
});

test('names at most eight columns and counts the others', () => {
  const check = createColumnCheck('m.csv', { models: [], prompt: undefined, scorers: [] });
  for (let row = 0; row < 30; row += 1)
    check.look({ metadata: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`c${at}`, `${row}`])) });

  expect(check.warnings()).toEqual([
    expect.stringContaining('the columns "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7" and 3 more: they are metadata'),
  ]);
});
