import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHash, SHOWN, SORTS, writeHash } from '../../src/report-page/view-state.ts';

test('an address that is written is read as the same state', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(
      fc.record({
        query: text,
        shown: fc.constantFrom(...SHOWN),
        slice: text,
        sort: fc.constantFrom(...SORTS),
        base: text,
        sample: fc.option(text),
        isBlind: fc.boolean(),
      }),
      (state) => {
        expect(readHash(writeHash(state))).toEqual(state);
      },
    ),
  );
});

test('what is unknown in an address is the default', () => {
  expect(readHash('#show=nothing&sort=&x=1')).toMatchObject({ shown: 'all', sort: 'manifest', sample: null });
});

test('the start has no address', () => {
  expect(writeHash(readHash(''))).toBe('');
});
