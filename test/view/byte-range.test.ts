import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestedSpan } from '../../src/view/byte-range.ts';

test.each([
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['Bytes = 10-19', { start: 10, end: 19 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=100-', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=20-10', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=-', 'whole'],
  ['lines=1-2', 'whole'],
  [undefined, 'whole'],
])('of 100 bytes, %s asks for %o', (header, span) => {
  expect(requestedSpan(header, 100)).toEqual(span);
});

test('an empty file has no ranges', () => {
  expect(requestedSpan('bytes=0-', 0)).toBe('none');
  expect(requestedSpan('bytes=-5', 0)).toBe('none');
});

test('a range is always within the file', () => {
  const side = fc.option(fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String), { nil: '' });
  fc.assert(
    fc.property(side, side, fc.nat(1000), (first, last, size) => {
      const span = requestedSpan(`bytes=${first}-${last}`, size);
      if (typeof span === 'string') return;
      expect(0 <= span.start && span.start <= span.end && span.end < size).toBe(true);
    }),
  );
});
