import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMULA_LIKE, guard, unguard } from '../../src/reporters/formula-guard.ts';

test.each([
  ['a sign', ['=1+1', '+a', '-a', '@SUM(A1)', '+', '-1+1', '+1-1', '-(1)', '--1', '-1,23,4', '-1.2.3']],
  [
    'blanks and control characters before it',
    ['\t=1', '\r=1', '\n=1', ' =1', '\u0001=1', '\u001b=1', '\u007f=1', '\u0085=1'],
  ],
  [
    'odd blanks before it',
    ['\u00a0=1', '\u1680=1', '\u2800=1', '\u3000=1', '\u3164=1', '\uffa0=1', '\u115f=1', '\u180e=1'],
  ],
  [
    'format characters before it',
    ['\u00ad=1', '\u200b=1', '\u202e=1', '\u2060=1', '\ufe0f=1', '\ufeff=1', '\u{e0041}=1'],
  ],
  ['quotes before it', ["'=1", '"=1"', '""=1', "''\n-1", '" \u2800\'=1']],
  ['a sign of another form', ['＝1', '＋1', '－1', '＠a', '﹢1', '﹣1', '﹦1', '﹫a', '−1', '⁺1', '₌1']],
])('puts an apostrophe before %s', (_, texts) => {
  for (const text of texts) expect(guard(text)[0]).toBe("'");
  for (const text of texts) expect(unguard(guard(text))).toBe(text);
});

test.each([
  ['a;=1+1', "a;'=1+1"],
  ['a\t=1+1', "a\t'=1+1"],
  ['a\r\n"=1+1', "a\r'\n'\"=1+1"],
  ['";\u2800-1+1', '";\'\u2800-1+1'],
  ['=1;=1', "'=1;'=1"],
  ['-5;-5', "'-5;'-5"],
])('puts one where another separator would start a cell: %j', (text, guarded) => {
  expect(guard(text)).toBe(guarded);
  expect(unguard(guarded)).toBe(text);
});

test.each(['', '1=1', 'plain', "'tis", "it's -1", '5-3', '<b>', 'a, =1', 'a; b', 'x\ny', '"quoted"', '– a dash'])(
  'leaves %j alone',
  (text) => {
    expect(guard(text)).toBe(text);
  },
);

test.each(['-5', '+3', '-1,234.56', '-0.5', '-.5', '+1e-5', '-1,234,567', '+4930123456', '-007'])(
  'leaves the plain number %j alone',
  (number) => {
    expect(guard(number)).toBe(number);
    expect(unguard(number)).toBe(number);
    expect(unguard(guard(`'${number}`))).toBe(`'${number}`);
  },
);

test('skips every character that Unicode calls control, format, blank or ignorable', () => {
  const skipped = /[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
  const missed: string[] = [];
  for (let code = 0; code < 0x110000; code += 1) {
    const character = String.fromCodePoint(code);
    if (skipped.test(character) && !FORMULA_LIKE.test(`${character}=`)) missed.push(code.toString(16));
  }
  expect(missed).toEqual([]);
});

/** Strings made mostly of what the rule is about. */
const tricky = fc.string({
  unit: fc.constantFrom("'", '"', ' ', '=', '-', '\t', '\r', '\n', ';', ',', '\u200b', '＋', 'a', '1', '.'),
});

test('can always be undone', () => {
  fc.assert(
    fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (text) => {
      expect(unguard(guard(text))).toBe(text);
    }),
    { numRuns: 5000 },
  );
});

test('never makes two texts equal', () => {
  fc.assert(
    fc.property(tricky, tricky, (a, b) => {
      expect(guard(a) === guard(b)).toBe(a === b);
    }),
    { numRuns: 5000 },
  );
});

const NUMBER = /^[+-][\d,.]+$/;

test('no cell starts like a formula, also with another separator, unless it is a plain number', () => {
  fc.assert(
    fc.property(tricky, (text) => {
      const cells = guard(text).split(/[;\t\r\n]/u);
      expect(cells.filter((cell) => /^[\s"\u200b]*[=+\-＋]/u.test(cell) && !NUMBER.test(text))).toEqual([]);
    }),
    { numRuns: 5000 },
  );
});

test('the rule of datapackage.json undoes it', () => {
  fc.assert(
    fc.property(tricky, (text) => {
      const undo = new RegExp(`(^|[;\t\n\r])'(?=${FORMULA_LIKE.source.slice(1)})`, 'gu');
      expect(guard(text).replace(undo, '$1')).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
