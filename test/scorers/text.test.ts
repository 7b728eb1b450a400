import { describe, expect, test } from 'vitest';
import { NORMALIZERS } from '../../src/scorers/normalize/normalizers.ts';
import { createScorer } from '../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };

async function value(config: { name: string; [option: string]: unknown }, answer: string, ...target: string[]) {
  return (await createScorer(config).score({ answer, target, sample })).value;
}

describe('the basic normaliser', () => {
  test.each([
    ['  The   Answer\n', 'the answer'],
    ['Paris.', 'paris'],
    ['**Paris**.', 'paris'],
    ['"Paris."', 'paris'],
    ['“Zwölf”', 'zwölf'],
    ['「東京」。', '東京'],
    ['e\u0301te\u0301', 'été'],
    ['A*', 'a*'],
    ['5!', '5!'],
    ['-5', '-5'],
    ['.5', '.5'],
    ['10²', '10²'],
    ['_Paris_ and __London__', 'paris and london'],
    ['snake_case_name', 'snake_case_name'],
    ['**The** answer is *Paris*', 'the answer is paris'],
    ['2 * 3 * 4', '2 * 3 * 4'],
    ['use `Paris` here', 'use paris here'],
    ['Ｐａｒｉｓ　７５', 'paris 75'],
    ['ﾊﾟﾘ', 'パリ'],
    ['it’s “so”', 'it\'s "so"'],
    ['Pa\u00adris\u200b\u2060\ufe0f', 'paris'],
    ['\u202aParis\u202c', 'paris'],
    ['...', '...'],
    ['""', '""'],
    ['', ''],
  ])('turns %j into %j', (text, plain) => {
    expect(NORMALIZERS.basic(text)).toBe(plain);
  });
});

describe('exact', () => {
  test.each([
    ['Paris.', 'paris', 1],
    ['in Paris', 'Paris', 0],
    ['', '', 1],
    ['', 'Paris', 0],
    ['50', '50%', 0],
  ])('%j against %j is %d', async (answer, target, expected) => {
    expect(await value({ name: 'exact' }, answer, target)).toBe(expected);
  });

  test('compares exactly without a normaliser', async () => {
    expect(await value({ name: 'exact', normalizer: 'none' }, 'Paris', 'paris')).toBe(0);
    expect(await value({ name: 'exact', normalizer: 'whisper-en' }, 'colour, two', 'color 2')).toBe(1);
  });
});

describe('includes', () => {
  test.each([
    ['The capital is Paris.', 'paris', 1],
    ['Paris', 'Paris and London', 0],
    ['anything', '', 0],
    ['', '', 1],
  ])('%j against %j is %d', async (answer, target, expected) => {
    expect(await value({ name: 'includes' }, answer, target)).toBe(expected);
  });

  test('looks within words on demand', async () => {
    expect(await value({ name: 'includes', wholeWords: false }, 'got 25 here', '5')).toBe(1);
  });

  test.each([
    ['got 25 here', '5', 0],
    ['got 25, then 5 here', '5', 1],
    ['catalogue', 'cat', 0],
    ['a cat', 'cat', 1],
    ['größer', 'r', 0],
    ['𝒜cat', 'cat', 0],
    ['cost: $5 or so', '$5', 1],
    ['it is 1.25', '25', 0],
    ['it is 25.5', '25', 0],
    ['it is 25,000', '25', 0],
    ['at 7:45', '45', 0],
    ['it is 25.', '25', 1],
    ['v. 25, then 30', '25', 1],
  ])('by whole words %j against %j is %d', async (answer, target, expected) => {
    expect(await value({ name: 'includes' }, answer, target)).toBe(expected);
  });
});
