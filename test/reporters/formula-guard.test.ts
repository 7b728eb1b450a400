import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORMULA_LIKE, guard, unguard } from '../../src/reporters/formula-guard.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u200b=1', '\ufeff=1', '＝1', "'=1", "''\n-1"])(
  'puts an apostrophe before %j',
  (text) => {
    expect(guard(text)).toBe(`'${text}`);
  },
);

test.each(['', '1=1', 'plain', "'tis", "it's -1", '5-3', '<b>', '"=1"'])('leaves %j alone', (text) => {
  expect(guard(text)).toBe(text);
});

/** Strings made mostly of what the rule is about. */
const tricky = fc.string({ unit: fc.constantFrom("'", ' ', '=', '-', '\t', '\r', '\n', '\u200b', '＋', 'a', '1') });

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

test('no guarded cell starts like a formula', () => {
  fc.assert(
    fc.property(tricky, (text) => {
      expect(FORMULA_LIKE.test(guard(text).replace(/^'/u, 'x'))).toBe(false);
      expect(/^[\s\u200b-\u200d\ufeff]*[=+\-@＝＋－＠]/u.test(guard(text))).toBe(false);
    }),
    { numRuns: 5000 },
  );
});
