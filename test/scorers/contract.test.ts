/** The contract of every registered scorer. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusFigure, createScorer, SCORERS, scorerProblems } from '../../src/scorers/registry.ts';
import type { ScorerFactory } from '../../src/scorers/scorer.ts';

const sample = { id: 's', metadata: {} };

describe.each<[string, ScorerFactory]>(Object.entries(SCORERS))('scorer %s', (name, factory) => {
  test('describes itself and every option in one line', () => {
    expect(factory.description).toMatch(/^[^\n]{10,100}$/u);
    for (const option of Object.values(factory.options.shape)) expect(option.description).toMatch(/^[^\n]{10,}$/u);
  });

  test('works without options and names its scores after itself', async () => {
    const scorer = createScorer({ name });

    expect(scorer.name).toBe(name);
    expect(await scorer.score({ answer: '42', target: ['42'], sample })).toMatchObject({ scorer: name, value: 1 });
  });

  test('leaves an answer without a target unscored', async () => {
    expect(await createScorer({ name }).score({ answer: '42', target: [], sample })).toMatchObject({
      ...{ scorer: name, value: null, raw: null },
    });
  });

  test('uses the best of several targets', async () => {
    const scorer = createScorer({ name });

    expect(await scorer.score({ answer: '42', target: ['7', '42', '9'], sample })).toMatchObject({ value: 1 });
  });

  test('gives every text a value from 0 to 1, or null', async () => {
    const scorer = createScorer({ name });
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { minLength: 1, maxLength: 3 }), async (answer, target) => {
        const { value, raw } = await scorer.score({ answer, target, sample });
        if (value === null) expect(raw).toBeNull();
        else {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(raw).not.toBeNull();
        }
      }),
    );
  });

  test('gives a text that equals its target the full value', async () => {
    const scorer = createScorer({ name });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        expect(await scorer.score({ answer: text, target: [text], sample })).toMatchObject({ value: 1 });
      }),
    );
  });

  test('rejects an unknown option and ignores the weight', () => {
    expect(scorerProblems({ name, weight: 2 })).toEqual([]);
    expect(scorerProblems({ name, nonsense: 1 })).toMatchObject([
      { message: `scorer "${name}": unknown option "nonsense"` },
    ]);
  });

  test.each(['( [ < " 1 , ', '.', ' ', '*', '1,111', 'and a half ', 'one two hundred ', 'twenty one ', 'one '])(
    'judges 200,000 times %j in linear time',
    async (unit) => {
      const options = 'normalizer' in factory.options.shape ? [{}, { normalizer: 'whisper-en' }] : [{}];
      for (const option of options) {
        const answer = `${unit.repeat(Math.floor(200_000 / unit.length))}x`;
        const { value } = await createScorer({ name, ...option }).score({ answer, target: ['some words'], sample });
        expect(value ?? 0).toBe(0);
      }
    },
  );
});

test.each([
  [{ name: 'exakt' }, 'unknown scorer "exakt" · did you mean "exact"?'],
  [{ name: 'constructor' }, `unknown scorer "constructor" · known: ${Object.keys(SCORERS).join(', ')}`],
  [{ name: 'wer', normaliser: 'none' }, 'scorer "wer": unknown option "normaliser" · did you mean "normalizer"?'],
  [
    { name: 'wer', normalizer: 'whisper' },
    'scorer "wer": normalizer "whisper" is unknown · known: none, basic, whisper-basic, whisper-en',
  ],
  [{ name: 'numeric', relative: -1 }, 'scorer "numeric": relative must be at least 0'],
  [{ name: 'exact', weight: -1 }, 'scorer "exact": weight must be a number of at least 0 · leave it out to use 1'],
  [
    { name: 'numeric', absolut: 1, pik: 'any' },
    'scorer "numeric": unknown option "absolut" · did you mean "absolute"?\n' +
      'scorer "numeric": unknown option "pik" · did you mean "pick"?',
  ],
])('rejects %j and says what to do', (config, message) => {
  expect(() => createScorer(config)).toThrow(expect.objectContaining({ name: 'InputError', message }));
});

test('only error rates are pooled over a corpus', () => {
  expect(corpusFigure('wer', { errors: 3, reference: 4 })).toEqual({ raw: 0.75, value: 0.25 });
  expect(corpusFigure('cer', { errors: 5, reference: 4 })).toEqual({ raw: 1.25, value: 0 });
  expect(corpusFigure('wer', {})).toEqual({ raw: 0, value: 1 });
  expect(corpusFigure('exact', {})).toBeNull();
  expect(corpusFigure('unknown', {})).toBeNull();
});
