import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { NORMALIZERS } from '../../../src/scorers/normalize/normalizers.ts';
import { createScorer, scorerProblems } from '../../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };

test('a word error rate above 1 keeps its raw figure and is worth 0', async () => {
  const score = await createScorer({ name: 'wer' }).score({ answer: 'X X Y Y', target: ['X'], sample });

  expect(score).toEqual({
    ...{ scorer: 'wer', unit: 'wer', raw: 3, value: 0 },
    counts: { errors: 3, substitutions: 0, deletions: 0, insertions: 3, hits: 1, reference: 1 },
    alignment: expect.anything(),
  });
});

test('an empty answer to words is as wrong as can be', async () => {
  for (const name of ['wer', 'cer'])
    expect(await createScorer({ name }).score({ answer: '', target: ['some words'], sample })).toMatchObject({
      ...{ raw: 1, value: 0 },
    });
});

test('silence that is heard as silence is right, words heard in silence count', async () => {
  const scorer = createScorer({ name: 'wer' });

  expect(await scorer.score({ answer: '', target: [''], sample })).toMatchObject({ raw: 0, value: 1 });
  expect(await scorer.score({ answer: 'thank you', target: [''], sample })).toMatchObject({ raw: 2, value: 0 });
});

test('the nearest target counts, with its own counts', async () => {
  const target = ['a b c d', 'a b c', 'x'];
  const score = await createScorer({ name: 'wer' }).score({ answer: 'a b c d e', target, sample });

  expect(score).toMatchObject({ raw: 0.25, counts: { errors: 1, reference: 4 } });
});

test('the normaliser applies to both sides', async () => {
  const scorer = createScorer({ name: 'wer', normalizer: 'whisper-basic' });

  expect(await scorer.score({ answer: 'hello [noise] world', target: ['Hello, world!'], sample })).toMatchObject({
    raw: 0,
  });
});

test('the alignment is kept with the score, in order', async () => {
  const score = await createScorer({ name: 'wer' }).score({
    ...{ answer: 'the cat sit on big mat', sample },
    target: ['the cat sat on the mat', 'nothing like it'],
  });

  expect(score.alignment).toEqual([
    ['correct', 'the cat'],
    ['substituted', 'sat', 'sit'],
    ['correct', 'on'],
    ['substituted', 'the', 'big'],
    ['correct', 'mat'],
  ]);
});

test('the alignment of characters is written without spaces', async () => {
  const scorer = createScorer({ name: 'wer', language: 'zh' });

  const { alignment } = await scorer.score({ answer: '我爱北京天门', target: ['我爱 北京天安门'], sample });

  expect(alignment).toEqual([
    ['correct', '我爱北京天'],
    ['deleted', '安'],
    ['correct', '门'],
  ]);
});

test('compounds are joined on both sides, wherever they stand', async () => {
  const plain = createScorer({ name: 'wer' });
  const joining = createScorer({ name: 'wer', compounds: true });
  const input = { answer: 'the database is a data base', target: ['the data base is a database'], sample };

  expect((await plain.score(input)).raw).toBeGreaterThan(0);
  expect(await joining.score(input)).toMatchObject({
    raw: 0,
    explanation: 'compounds joined',
    counts: { reference: 5 },
  });
});

test('compounds are alike in both directions', async () => {
  const joining = createScorer({ name: 'wer', compounds: true });
  const words = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba', 'aba'), { maxLength: 8 }).map((list) => list.join(' '));
  await fc.assert(
    fc.asyncProperty(words, words, async (a, b) => {
      const there = await joining.score({ answer: a, target: [b], sample });
      const back = await joining.score({ answer: b, target: [a], sample });
      expect(there.counts?.['errors']).toBe(back.counts?.['errors']);
    }),
  );
});

describe('a file of equivalent spellings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'equivalences-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileOf = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('makes the spellings of a line the same', async () => {
    const equivalences = fileOf('terms.csv', '# names\nSmith, Smyth\n"New York, NY", NYC,new york\n');
    const scorer = createScorer({ name: 'wer', normalizer: 'whisper-basic', equivalences });

    const score = await scorer.score({ answer: 'Mr Smyth of NYC', target: ['Mr. Smith of New York'], sample });

    expect(score).toMatchObject({ raw: 0, explanation: 'equivalences of terms.csv' });
  });

  test('that is broken is named with its line', () => {
    const equivalences = fileOf('broken.csv', 'a, b\nc\nd, a\n');

    expect(scorerProblems({ name: 'wer', equivalences })).toEqual([
      { message: 'scorer "wer": equivalences: broken.csv:2 has fewer than two spellings' },
      { message: 'scorer "wer": equivalences: broken.csv:3 "a" is also on line 1' },
    ]);
  });

  test('that is not there is named', () => {
    expect(scorerProblems({ name: 'mer', equivalences: join(folder, 'absent.csv') })).toEqual([
      { message: 'scorer "mer": equivalences: absent.csv cannot be read: ENOENT' },
    ]);
  });
});

test.each([
  ['', '', { mer: 0, wil: 0 }],
  ['', 'a', { mer: 1, wil: 1 }],
  ['a', '', { mer: 1, wil: 1 }],
  ['hello world done', 'hello world', { mer: 1 / 3, wil: 1 / 3 }],
])('%j against %j has figures, never none', async (answer, target, rates) => {
  for (const [name, rate] of Object.entries(rates)) {
    const { raw } = await createScorer({ name }).score({ answer, target: [target], sample });
    expect(raw).toBeCloseTo(rate, 9);
  }
});

test('a normaliser applies to both sides, so that normalised texts get the same rate', async () => {
  const text = fc.array(fc.constantFrom('Hello,', 'colour', 'twenty', 'one', "it's", '(x)', 'WORLD'), { maxLength: 6 });
  for (const normalizer of ['basic', 'whisper-basic', 'whisper-en', 'open-asr'] as const) {
    const scorer = createScorer({ name: 'wer', normalizer });
    await fc.assert(
      fc.asyncProperty(text, async (words) => {
        const [target, answer] = [words.join(' '), NORMALIZERS[normalizer](words.join(' '))];
        fc.pre(NORMALIZERS[normalizer](answer) === answer);
        expect((await scorer.score({ answer, target: [target], sample })).raw).toBe(0);
      }),
    );
  }
});
