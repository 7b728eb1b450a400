import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractNumbers } from '../../src/scorers/numbers-in-text.ts';
import { createScorer } from '../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };

async function value(answer: string, target: string | readonly string[], options: Record<string, unknown> = {}) {
  const score = await createScorer({ name: 'numeric', ...options }).score({
    ...{ answer, sample },
    target: typeof target === 'string' ? [target] : target,
  });
  return score.value;
}

describe('numbers in a text', () => {
  test.each<[string, number[]]>([
    ['the total is 42.', [42]],
    ['-5 and −6, +7', [-5, -6, 7]],
    ['3-5', [3, 5]],
    ['- 32 is a bullet', [32]],
    ['1,234,567.5', [1234567.5]],
    ['1,5 and 1,2,3', [1, 5, 1, 2, 3]],
    ["12'345 and 1\u202f000", [12345, 1000]],
    ['$5.20, €-3, -£4, ¥1,000', [5.2, -3, -4, 1000]],
    ['1e3, 2.5E-2', [1000, 0.025]],
    ['.5 of 7', [0.5, 7]],
    ['RC232 has 12kg', [12]],
    ['共有5个', [5]],
    ['１２３．５', [123.5]],
    ['10:45', [10, 45]],
    ['1e999 is too much', []],
    ['nothing', []],
    ['', []],
  ])('of %j are %j', (text, numbers) => {
    expect(extractNumbers(text).map((number) => number.value)).toEqual(numbers);
  });

  test('know percentages', () => {
    expect(extractNumbers('60% or 12.5 percent of 3')).toEqual([
      { value: 60, percent: true },
      { value: 12.5, percent: true },
      { value: 3, percent: false },
    ]);
  });

  test('may have a decimal comma', () => {
    expect(extractNumbers('1.234,5 und 0,25', 'comma').map((number) => number.value)).toEqual([1234.5, 0.25]);
  });

  test('survive being written', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(extractNumbers(`it is ${number} then`).map(({ value }) => value + 0)).toEqual([number + 0]);
      }),
    );
  });

  test('are found in grouped form', () => {
    fc.assert(
      fc.property(fc.integer(), (number) => {
        expect(extractNumbers(number.toLocaleString('en-US')).map(({ value }) => value + 0)).toEqual([number]);
        expect(extractNumbers(number.toLocaleString('de-DE'), 'comma').map(({ value }) => value + 0)).toEqual([number]);
      }),
    );
  });
});

describe('numeric', () => {
  test.each([
    ['The answer is 1,000.', '1000', 1],
    ['first 3, then 42', '42', 1],
    ['42, not 3', '42', 0],
    ['$42.00', '42', 1],
    ['41', '42', 0],
    ['-42', '42', 0],
  ])('%j against %j is %d: the last number counts', async (answer, target, expected) => {
    expect(await value(answer, target)).toBe(expected);
  });

  test('an answer without a number cannot be judged', async () => {
    expect(await value('I do not know', '42')).toBeNull();
    expect(await value('', '42')).toBeNull();
  });

  test('a target without a number is compared as text', async () => {
    expect(await value('Yes.', 'yes')).toBe(1);
    expect(await value('no', 'yes')).toBe(0);
    expect(await value('none', ['0', 'None'])).toBe(1);
    expect(await value('nil', ['0', 'None'])).toBe(0);
  });

  test('percentages are read as percentages and as shares', async () => {
    expect(await value('60%', '60')).toBe(1);
    expect(await value('60%', '0.6')).toBe(1);
    expect(await value('0.6', '60%')).toBe(1);
    expect(await value('60', '60 %')).toBe(1);
    expect(await value('60%', '6000')).toBe(0);
    expect(await value('28 + 32 = 60%', '32')).toBe(1);
  });

  test.each([
    [{ pick: 'first' }, 1],
    [{ pick: 'last' }, 0],
    [{ pick: 'any' }, 1],
  ])('%j decides which number counts', async (options, expected) => {
    expect(await value('3 of 5', '3', options)).toBe(expected);
  });

  test.each([
    [{ relative: 0.05 }, '105', '100', 1],
    [{ relative: 0.05 }, '1.05', '1', 1],
    [{ relative: 0.05 }, '105.1', '100', 0],
    [{ relative: 0.05 }, '-95', '-100', 1],
    [{ relative: 0.05 }, '0.01', '0', 0],
    [{ absolute: 0.01 }, '0.01', '0', 1],
    [{ absolute: 0.1 }, '0.3', '0.2', 1],
    [{ absolute: 2, relative: 0.01 }, '102', '100', 1],
  ])('with %j %j against %j is %d: tolerances are inclusive', async (options, answer, target, expected) => {
    expect(await value(answer, target, options)).toBe(expected);
  });
});
