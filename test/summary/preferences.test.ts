import { expect, test } from 'vitest';
import type { PreferenceLine } from '../../src/journal/lines/preference-line.ts';
import { isPreferenceLine } from '../../src/journal/lines/preference-line.ts';
import { createPreferences } from '../../src/journal/scores/preferences.ts';
import { preferenceText } from '../../src/reporters/preference-text.ts';
import { labelInRun, preferenceFigures } from '../../src/summary/preferences.ts';

const line = (index: number, preferred: PreferenceLine['preferred'], parts: Partial<PreferenceLine> = {}) => ({
  ...{ judge: 'j', promptHash: 'h', sampleId: `s${index}`, sampleKey: `k${index}`, cluster: null },
  ...{ a: { runId: 'r', modelId: 'm' }, b: { runId: 'r', modelId: 'n' }, preferred, reason: null },
  ...parts,
});

const figuresOf = (lines: readonly PreferenceLine[]) => preferenceFigures(lines, labelInRun('r'));

test('wins and losses without ties have the interval of Wilson, and missing verdicts are no loss', () => {
  const [figures, ...others] = figuresOf([
    line(0, 'b'),
    line(1, 'b'),
    line(2, 'a'),
    line(3, null, { reason: 'no answer' }),
  ]);

  expect(others).toEqual([]);
  expect(figures).toMatchObject({ a: 'm', b: 'n', n: 3, winsB: 2, winsA: 1, ties: 0, missing: 1 });
  expect(figures?.winRate.ciMethod).toBe('wilson');
  expect(preferenceText(figures ?? expect.fail())).toBe(
    'j: win rate of n against m 66.7% (20.8–93.9) on 3 samples: 2 wins, 1 loss, 0 ties; 1 without a verdict: 1 no answer',
  );
});

test('a tie counts half, and its reason is counted', () => {
  const [figures] = figuresOf([
    line(0, 'tie', { reason: 'position bias' }),
    line(1, 'tie', { reason: 'same answer' }),
    line(2, 'tie'),
    line(3, 'b', { cluster: 'g' }),
    line(4, 'b', { cluster: 'g' }),
  ]);

  expect(figures).toMatchObject({ ties: 3, positionBias: 1, sameAnswer: 1, winRate: { value: 0.7 } });
  expect(figures?.winRate.ciMethod).toBe('clustered-t');
});

test('judges, instructions and runs are told apart', () => {
  const lines = [line(0, 'a'), line(0, 'b', { judge: 'k' }), line(0, 'b', { a: { runId: 'other', modelId: 'm' } })];

  expect(figuresOf(lines).map(({ a, judge, winsB }) => [a, judge, winsB])).toEqual([
    ['m', 'j', 0],
    ['m', 'k', 1],
    ['m (other)', 'j', 1],
  ]);
});

test('the newest verdict counts, and a newer answer makes it void', () => {
  const preferences = createPreferences();
  preferences.add(line(0, 'a'));
  preferences.add(line(0, 'b'));
  preferences.add(line(1, 'a'));
  expect(preferences.list().map(({ preferred }) => preferred)).toEqual(['b', 'a']);

  preferences.forget({ sampleKey: 'k0', modelId: 'n' });
  preferences.forget({ sampleKey: 'k1', modelId: 'other' });
  expect(preferences.list().map(({ sampleId }) => sampleId)).toEqual(['s1']);
});

test.each([
  [line(0, 'a'), true],
  [{ ...line(0, 'a'), preferred: 'c' }, false],
  [{ ...line(0, 'a'), a: { runId: 'r' } }, false],
  [{ ...line(0, 'a'), cluster: 1 }, false],
  [null, false],
])('%# is checked as a line', (value, isValid) => {
  expect(isPreferenceLine(value)).toBe(isValid);
});
