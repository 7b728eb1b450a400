import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NumberOptions, readNumbers } from '../../../src/scorers/numbers/read-numbers.ts';

const values = (text: string, options?: NumberOptions) => readNumbers(text, options).map(({ value }) => value);
const POINT: NumberOptions = { decimal: 'point', magnitudes: 'words' };
const COMMA: NumberOptions = { decimal: 'comma', magnitudes: 'words' };

describe('signs and currencies', () => {
  test.each<[string, number[]]>([
    ['the total is 42.', [42]],
    ['-5 and −6, +7', [-5, -6, 7]],
    ['It is –5 °C.', [-5]],
    ['-US$5', [-5]],
    ['-EUR 5', [-5]],
    ['EUR -5 or 5 EUR', [-5, 5]],
    ['$5.20, €-3, -£4, ¥1,000', [5.2, -3, -4, 1000]],
    ['minus 5', [-5]],
    ['8 minus 5', [8, 5]],
    ['- 32 is a bullet', [32]],
    ['—5 and --5', [5, 5]],
    ['x = -5', [-5]],
    ['**-5** and _5_', [-5, 5]],
    ['-½', [-0.5]],
  ])('of %j are %j', (text, numbers) => {
    expect(values(text)).toEqual(numbers);
  });

  test.each<[string, number[]]>([
    ['Net: (1,200)', [-1200]],
    ['(US$ 5) lost', [-5]],
    ['(5)', [-5]],
    ['The answer is (5).', [-5]],
    ['five (5)', [5]],
    ['42 (42)', [42, 42]],
    ['(1) The first', [1]],
    ['Smith (2020)', [2020]],
    ['f(5)', [5]],
  ])('parentheses in %j mean %j', (text, numbers) => {
    expect(values(text)).toEqual(numbers);
  });
});

describe('groups and decimals', () => {
  test.each<[string, number[]]>([
    ['1,234,567.5', [1234567.5]],
    ['99 500', [99500]],
    ['12\u202f500 and 1\u2009000', [12500, 1000]],
    ["12'345.50", [12345.5]],
    ['1_000_000', [1000000]],
    ['12,34,567', [1234567]],
    ['1.234,5', [1234.5]],
    ['1.234.567', [1234567]],
    ['1.234', [1.234]],
    ['1,5 and 0,125', [1.5, 0.125]],
    ['1,2,3', [1, 2, 3]],
    ['in 2020 500 people', [2020, 500]],
    ['2019,2020', [2019, 2020]],
    ['.5 of 7', [0.5, 7]],
    ['the end.5 apples', [5]],
    ['１２３．５ and ١٢٣', [123.5, 123]],
    ['共有5个', [5]],
  ])('of %j are %j', (text, numbers) => {
    expect(values(text)).toEqual(numbers);
  });

  test('a decimal comma is an option where one separator stands', () => {
    expect(values('1.234,5 und 0,25 und 1.234 und 1,234', COMMA)).toEqual([1234.5, 0.25, 1234, 1.234]);
  });
});

describe('powers, fractions, shares and magnitudes', () => {
  test.each<[string, number[]]>([
    ['1e3, 2.5E-2, 6.02e23', [1000, 0.025, 6.02e23]],
    ['5 × 10^3 and 5x10^-3', [5000, 0.005]],
    ['10³ m²', [1000]],
    ['1/2, ½, 2½, 2 1/2', [0.5, 0.5, 2.5, 2.5]],
    ['9{,}500 and 9\\,500', [9500, 9500]],
    ['5 \\times 10^{3}', [5000]],
    ['\\frac{1}{2} and 3\\frac{1}{2}', [0.5, 3.5]],
    ['\\boxed{42}', [42]],
    ['\\boxed{-\\frac{1}{2}}', [-0.5]],
    ['$9,500$', [9500]],
    ['5 million, $2.5bn', [5000000, 2500000000]],
  ])('of %j are %j', (text, numbers) => {
    expect(values(text)).toEqual(numbers);
  });

  test('percent and per mille are known', () => {
    expect(readNumbers('60% or 12.5 percent, 5 \\%, 7‰, 8 percentage points')).toEqual([
      { value: 60, per: 100 },
      { value: 12.5, per: 100 },
      { value: 5, per: 100 },
      { value: 7, per: 1000 },
      { value: 8, per: 1 },
    ]);
  });

  test('which magnitudes count is an option', () => {
    expect(values('5k, 5 M, 5 million', { ...POINT, magnitudes: 'all' })).toEqual([5000, 5e6, 5e6]);
    expect(values('5k, 5 million', { ...POINT, magnitudes: 'none' })).toEqual([5, 5]);
    expect(values('5k', POINT)).toEqual([5]);
  });
});

test.each([
  ...[
    '12/31/2020',
    '2020-01-31',
    '31.12.2020',
    '5 January 2020',
    'January 5, 2020',
    '10:45',
    '1:2',
    '3-5',
    '3–5',
    '3 – 5',
  ],
  ...[
    '$3-$5',
    '3%–5%',
    '3€–5€',
    '192.168.0.1',
    'v1.2',
    'COVID-19',
    'RC232',
    '0x1F',
    '1920x1080',
    "5'10",
    'x^2',
    'x_1',
    '2^10',
  ],
  ...['√2', '1/0', '1e999', 'nothing', ''],
])('%j has no number', (text) => {
  expect(values(text)).toEqual([]);
});

test('numbers around what is none are read', () => {
  expect(values('On 2020-01-31 at 10:45 we had 7 of 3-5.')).toEqual([7]);
  expect(values('5 - 3 = 2')).toEqual([5, 3, 2]);
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const integer = fc.integer({ min: 0, max: 2 ** 50 });
const cents = fc.integer({ min: 0, max: 10 ** 12 }).map((amount) => amount / 100);

/** Ways to write a number that is not negative. */
const FORMS: Readonly<Record<string, (number: number) => string>> = {
  english: (number) => number.toLocaleString('en-US', { maximumFractionDigits: 20 }),
  indian: (number) => number.toLocaleString('en-IN', { maximumFractionDigits: 20 }),
  french: (number) => number.toLocaleString('fr-FR', { maximumFractionDigits: 0 }),
  swiss: (number) => number.toLocaleString('de-CH', { maximumFractionDigits: 20 }),
  arabic: (number) => number.toLocaleString('ar-EG', { maximumFractionDigits: 20 }),
  hindi: (number) => number.toLocaleString('hi-IN-u-nu-deva', { maximumFractionDigits: 20 }),
  spaced: (number) => number.toLocaleString('en-US', { maximumFractionDigits: 20 }).replaceAll(',', ' '),
  underscored: (number) => number.toLocaleString('en-US', { maximumFractionDigits: 20 }).replaceAll(',', '_'),
  latex: (number) => number.toLocaleString('en-US', { maximumFractionDigits: 20 }).replaceAll(',', '{,}'),
  fullWidth: (number) =>
    String(number).replace(/[0-9.]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  powerOfTen: (number) => `${number} × 10^0`,
};

describe.each(Object.entries(FORMS))('a number in form %s', (name, write) => {
  const numbers = name === 'french' ? integer : fc.oneof(integer, cents);

  test('is read back, and nothing else', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        fc.pre(!/e/u.test(String(number)));
        expect(values(`it is ${write(number)}, then`)).toEqual([number]);
      }),
    );
  });

  test.each(['-', '−', '–'])('is negative behind %s', (sign) => {
    fc.assert(
      fc.property(numbers, (number) => {
        fc.pre(!/e/u.test(String(number)));
        expect(values(`it is ${sign}${write(number)}.`).map((value) => value + 0)).toEqual([-number + 0]);
        expect(values(`${sign}$${write(number)}`).map((value) => value + 0)).toEqual([-number + 0]);
      }),
    );
  });
});

test('every number that the language writes is read back', () => {
  fc.assert(
    fc.property(finite, (number) => {
      expect(values(`it is ${number} then`).map((value) => value + 0)).toEqual([number + 0]);
    }),
  );
});

test('German numbers are read back with a decimal comma', () => {
  fc.assert(
    fc.property(fc.oneof(integer, cents), (number) => {
      const written = number.toLocaleString('de-DE', { maximumFractionDigits: 20 });
      expect(values(written, COMMA)).toEqual([number]);
    }),
  );
});

test('accounting parentheses around a grouped number are read back as negative', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 10 ** 9 }), (number) => {
      expect(values(`a loss of (${number.toLocaleString('en-US')})`)).toEqual([-number]);
    }),
  );
});

test('no part of a date, time, ratio, range, version or name is read', () => {
  const part = fc.integer({ min: 1, max: 9999 });
  const whole = fc.oneof(
    fc.tuple(part, part, part).map(([a, b, c]) => `${a}-${b}-${c}`),
    fc.tuple(part, part).map(([a, b]) => `${a}:${b}`),
    fc.tuple(part, part).map(([a, b]) => `${a}–${b}`),
    fc.tuple(part, part, part, part).map((parts) => parts.map((one) => one % 100).join('.')),
    fc.tuple(part, part, part).map(([a, b, c]) => `${a}/${b}/${c}`),
    part.map((a) => `Model-${a}`),
    part.map((a) => `RC${a}`),
  );
  fc.assert(
    fc.property(whole, (text) => {
      expect(values(`see ${text} here`)).toEqual([]);
    }),
  );
});

test('any text is read without an error', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => values(text).every(Number.isFinite)));
});
