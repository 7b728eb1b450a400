import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foreignType } from '../../src/dataset/foreign-types.ts';
import { sniffMediaType } from '../../src/dataset/sniff.ts';
import { FOREIGN_FILES } from '../helpers/foreign-files.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

test.each(FOREIGN_FILES)('$name is $what', ({ what, bytes }) => {
  expect(sniffMediaType(bytes)).toBeUndefined();
  expect(foreignType(bytes)?.name).toBe(what);
});

test('each kind says what to do', () => {
  expect(FOREIGN_FILES.filter(({ bytes }) => (foreignType(bytes)?.hint ?? '') === '')).toEqual([]);
});

test.each([
  ['a word that begins as a bitmap does', latin1('BMW and other cars are in the picture')],
  ['plain text', latin1('hello')],
  ['nothing', Buffer.alloc(0)],
])('%s is not known', (_what, bytes) => {
  expect(foreignType(bytes)).toBeUndefined();
});

test('images and clips that models take are not foreign', () => {
  expect([pngBytes(), wavBytes()].map(foreignType)).toEqual([undefined, undefined]);
});

test('any bytes are looked at without an error', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...FOREIGN_FILES),
      fc.nat(40),
      fc.uint8Array({ maxLength: 80 }),
      ({ bytes }, kept, more) => {
        const mixed = Buffer.concat([bytes.subarray(0, kept), more]);

        expect(() => [sniffMediaType(mixed), foreignType(mixed)]).not.toThrow();
      },
    ),
  );
});
