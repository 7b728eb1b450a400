import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteCollector } from '../../src/collections/byte-collector.ts';

test('gives the bytes of all pieces in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5000 })), (pieces) => {
      const collector = new ByteCollector();
      for (const piece of pieces) collector.push(Buffer.from(piece));
      expect(collector.bytes().equals(Buffer.concat(pieces))).toBe(true);
      expect(collector.length).toBe(collector.bytes().length);
    }),
  );
});

test('keeps a single piece without a copy', () => {
  const collector = new ByteCollector();
  const piece = Buffer.from('abc');
  collector.push(piece);

  expect(collector.bytes().buffer).toBe(piece.buffer);
});

test('takes at most twice the bytes, also for pieces of one byte', () => {
  const collector = new ByteCollector();
  const piece = Buffer.from('a');
  for (let index = 0; index < 100_000; index += 1) collector.push(piece);

  expect(collector.length).toBe(100_000);
  expect(collector.capacity).toBeLessThanOrEqual(200_000);
});

test('does not change a piece or bytes that it gave before', () => {
  const collector = new ByteCollector();
  const whole = Buffer.from('abcdef');
  collector.push(whole.subarray(0, 2));
  const before = collector.bytes();
  collector.push(Buffer.from('XY'));

  expect(whole.toString()).toBe('abcdef');
  expect(before.toString()).toBe('ab');
});

test('forgets its bytes', () => {
  const collector = new ByteCollector();
  collector.push(Buffer.from('abc'));
  collector.clear();

  expect(collector.capacity).toBe(0);
  expect(collector.bytes().length).toBe(0);
});
