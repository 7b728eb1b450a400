/** The contract of every registered scorer. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusFigure, createScorer, SCORERS, scorerProblems } from '../../src/scorers/registry.ts';
import type { Judging, ScorerFactory } from '../../src/scorers/scorer.ts';

const sample = { id: 's', metadata: {} };

const JUDGE_CALL = {
  ...{ model: 'j', servedModel: null, promptHash: 'p', attempts: 1 },
  ...{ promptTokens: null, completionTokens: null, costUsd: null },
};

/** Options that a scorer needs before it works, and an answer with a target that gets the full value. */
const EXAMPLES: Readonly<
  Record<string, { options?: object; answer?: string; target?: readonly string[]; judging?: Judging }>
> = {
  regex: { options: { pattern: '\\w+|^$|.' } },
  choice: { answer: 'B', target: ['B'] },
  'yes-no': { answer: 'Yes.', target: ['yes'] },
  'vqa-accuracy': { target: ['42', '42', '42', '42'] },
  keywords: { options: { terms: ['42'] } },
  iou: { answer: '[1, 2, 3, 4]', target: ['[1, 2, 3, 4]'] },
  refusal: { answer: 'I cannot help with that.' },
  judge: {
    options: { model: 'j' },
    judging: { history: [], ask: async () => ({ text: 'GRADE: C', call: JUDGE_CALL }) },
  },
};

/** Why a text that equals its target may get less than the full value. */
const NO_IDENTITY: Readonly<Record<string, string>> = {
  choice: 'a text need not name an option',
  'yes-no': 'a text need not say yes or no',
  'mmmu-open': 'the reference compares numbers in two decimals, and NaN equals nothing',
  'relaxed-accuracy': 'the reference finds NaN unlike NaN',
  'vqa-accuracy': 'a single target has no others to agree with',
  keywords: 'its value is about the terms',
  iou: 'a text need not have a box',
  json: 'a text need not be JSON',
  refusal: 'it is no comparison',
  judge: 'the judge decides',
  regex: 'it is no comparison',
  'rouge-l': 'the reference reads only ASCII letters and digits',
};

/** A megabyte each, of words, numbers, marks, a lone surrogate and NUL. */
const LONG_TEXTS = [7, 11].map((step) => {
  const words = ['the', '“red”', '1,234.5', '\ud800', 'état', '\0', '_so_', '(x)', 'yes', 'B', '我爱', '{"a":'];
  return Array.from({ length: 200_000 }, (_, index) => words[(index * step + (index >> 5)) % words.length]).join(' ');
});

describe.each<[string, ScorerFactory]>(Object.entries(SCORERS))('scorer %s', (name, factory) => {
  const { options = {}, answer: given = '42', target: wanted = ['42'], judging } = EXAMPLES[name] ?? {};
  const scorer = () => createScorer({ name, ...options });

  test('describes itself and every option in one line', () => {
    expect(factory.description).toMatch(/^[^\n]{10,110}$/u);
    expect(factory.version).toBeGreaterThanOrEqual(1);
    for (const option of Object.values(factory.options.shape)) expect(option.description).toMatch(/^[^\n]{10,}$/u);
  });

  test('gives a right answer the full value and names its scores after itself', async () => {
    expect(scorer().name).toBe(name);
    expect(await scorer().score({ answer: given, target: wanted, sample, judging })).toMatchObject({
      scorer: name,
      value: 1,
    });
  });

  test('leaves an answer without a target unscored if it needs one', async () => {
    const { value, raw } = await scorer().score({ answer: given, target: [], sample, judging });

    expect([value === null, raw === null]).toEqual([scorer().needsTarget, scorer().needsTarget]);
  });

  test('gives every text a value from 0 to 1, or null', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...'0123456789.,- %()/$€{}[]":AByesno\\^_*\0\ud800\udfff'), maxLength: 30 }),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { minLength: 1, maxLength: 3 }), async (answer, target) => {
        const { value, raw, explanation } = await scorer().score({ answer, target, sample });
        if (value === null) expect(raw).toBeNull();
        else {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(raw).not.toBeNull();
        }
        expect(explanation ?? '').not.toContain('failed');
      }),
      { numRuns: 200 },
    );
  });

  test('judges 1 MB against 1 MB exactly or not at all', async () => {
    const [answer = '', target = ''] = LONG_TEXTS;
    for (const texts of [
      { answer, target: [target] },
      { answer: answer + given, target: wanted.map((text) => answer + text) },
    ]) {
      const { value, explanation } = await scorer().score({ ...texts, sample });
      if (value === null) expect(explanation ?? '').not.toContain('the scorer failed');
      else expect(value).toBeLessThanOrEqual(1);
    }
  }, 60_000);

  test('rejects an unknown option and ignores the weight', () => {
    expect(scorerProblems({ name, ...options, weight: 2 })).toEqual([]);
    expect(scorerProblems({ name, ...options, nonsense: 1 })).toMatchObject([
      { message: `scorer "${name}": unknown option "nonsense"` },
    ]);
  });

  test.each([
    '( [ < " 1 , ',
    '.',
    ' ',
    '*',
    '"',
    '_a ',
    '1,111',
    '1.',
    '1/',
    '[',
    '{"a":',
    'and a half ',
    'one two hundred ',
    'answer is ',
    'A or B, ',
  ])('judges 200,000 characters of %j in little time', async (unit) => {
    const variants = 'normalizer' in factory.options.shape ? [{}, { normalizer: 'open-asr' }] : [{}];
    for (const variant of variants) {
      const answer = `${unit.repeat(Math.floor(200_000 / unit.length))}x`;
      const { value } = await createScorer({ name, ...options, ...variant }).score({
        ...{ answer, sample },
        target: ['some words'],
      });
      expect(value ?? 0).toBeLessThanOrEqual(1);
    }
  });
});

test('pools corpus figures by the unit of a score, however it is named', () => {
  expect(corpusFigure('wer', { errors: 3, reference: 4 })).toEqual({ raw: 0.75, value: 0.25 });
  expect(corpusFigure('cer', { errors: 5, reference: 4 })).toEqual({ raw: 1.25, value: 0 });
  expect(corpusFigure('wer', {})).toEqual({ raw: 0, value: 1 });
  expect(corpusFigure('match', {})).toBeNull();
  expect(corpusFigure('unknown', {})).toBeNull();
});

test('no two scorers with a corpus figure have the same unit', () => {
  const units = Object.values<ScorerFactory>(SCORERS).flatMap(({ pool, unit }) => (pool === undefined ? [] : [unit]));

  expect(new Set(units).size).toBe(units.length);
});

test('the scorers without identity exist', () => {
  expect(Object.keys(SCORERS)).toEqual(expect.arrayContaining(Object.keys(NO_IDENTITY)));
});

test.each(Object.keys(SCORERS).filter((name) => !(name in NO_IDENTITY)))(
  'scorer %s gives a text that equals its target the full value',
  async (name) => {
    const scorer = createScorer({ name, ...EXAMPLES[name]?.options });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        const { value } = await scorer.score({ answer: text, target: [text], sample });
        expect(value).toBe(1);
      }),
    );
  },
);
