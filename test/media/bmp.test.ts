import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBmp } from '../../src/media/bmp.ts';
import { type BmpFile, bmpFile } from '../helpers/bmp.ts';

const MOST = 1_000_000;

/** Pixels as `RRGGBB` or `RRGGBBAA` (when not opaque), row by row from the top. */
function pixels(file: BmpFile | Buffer): string[] {
  const { data, width, height } = readBmp(Buffer.isBuffer(file) ? file : bmpFile(file), MOST);
  return Array.from({ length: width * height }, (_, index) =>
    Buffer.from(data.subarray(4 * index, 4 * index + 4))
      .toString('hex')
      .replace(/ff$/, ''),
  );
}

/** Black, red, green, white. */
const PALETTE = Buffer.from('000000000000ff0000ff0000ffffff00', 'hex');
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('a bitmap of', () => {
  test.each<[string, BmpFile, string[]]>([
    [
      '24 bits, rows from the bottom and padded',
      { width: 1, height: 2, bits: 24, data: hex('0000ff00 00ff0000') },
      ['00ff00', 'ff0000'],
    ],
    ['24 bits from the top', { width: 1, height: -2, bits: 24, data: hex('0000ff00 00ff0000') }, ['ff0000', '00ff00']],
    [
      '24 bits of OS/2',
      { width: 2, height: 1, bits: 24, headerBytes: 12, data: hex('0000ff 00ff00 0000') },
      ['ff0000', '00ff00'],
    ],
    ['32 bits', { width: 2, height: 1, bits: 32, data: hex('0000ff00 00ff0000') }, ['ff0000', '00ff00']],
    ['16 bits (5 each)', { width: 2, height: 1, bits: 16, data: hex('007c e003') }, ['ff0000', '00ff00']],
    [
      '16 bits (5, 6, 5)',
      { width: 2, height: 1, bits: 16, compression: 3, masks: [0xf800, 0x07e0, 0x001f], data: hex('00f8 e007') },
      ['ff0000', '00ff00'],
    ],
    [
      '32 bits with opacity',
      {
        width: 2,
        height: 1,
        bits: 32,
        compression: 3,
        headerBytes: 124,
        masks: [0xff0000, 0xff00, 0xff, 0xff000000],
        data: hex('0000ff80 00ff00ff'),
      },
      ['ff000080', '00ff00'],
    ],
    [
      '8 bits',
      { width: 3, height: 1, bits: 8, palette: PALETTE, data: hex('01020300') },
      ['ff0000', '00ff00', 'ffffff'],
    ],
    [
      '4 bits',
      { width: 3, height: 1, bits: 4, palette: PALETTE, data: hex('12300000') },
      ['ff0000', '00ff00', 'ffffff'],
    ],
    [
      '1 bit',
      { width: 3, height: 1, bits: 1, palette: PALETTE, data: hex('a0000000') },
      ['ff0000', '000000', 'ff0000'],
    ],
    [
      '8 bits in runs, with a jump and plain pixels',
      {
        width: 4,
        height: 2,
        bits: 8,
        compression: 1,
        palette: PALETTE,
        // Two of 1, end of line; jump one right; three plain pixels and a pad; end.
        data: hex('0201 0000 000201 00 0003 020303 00 0001'),
      },
      ['000000', '00ff00', 'ffffff', 'ffffff', 'ff0000', 'ff0000', '000000', '000000'],
    ],
    [
      '4 bits in runs',
      { width: 4, height: 1, bits: 4, compression: 2, palette: PALETTE, data: hex('0412 0001') },
      ['ff0000', '00ff00', 'ff0000', '00ff00'],
    ],
  ])('%s', (_name, file, expected) => {
    expect(pixels(file)).toEqual(expected);
  });
});

test.each<[string, Buffer, string]>([
  [
    'too many pixels',
    bmpFile({ width: 50_000, height: 50_000, bits: 24, data: hex('00') }),
    '50000 x 50000 exceeds 1 megapixels',
  ],
  ['missing pixels', bmpFile({ width: 4, height: 4, bits: 24, data: hex('00') }), 'it is cut off: pixels are missing'],
  ['no pixels', bmpFile({ width: 0, height: 4, bits: 24, data: hex('00') }), 'its size is 0 x 4 pixels'],
  [
    'a JPEG inside',
    bmpFile({ width: 4, height: 4, bits: 24, compression: 4, data: hex('00') }),
    'its pixels have an unknown form (24 bits, compression 4)',
  ],
  ['only a head', Buffer.from('BM'), 'it is not a bitmap'],
])('%s are rejected', (_name, bytes, message) => {
  expect(() => readBmp(bytes, MOST)).toThrow(message);
});

test('any bytes behind a header give pixels or a RangeError', () => {
  const file = fc.record({
    width: fc.integer({ min: -3, max: 9 }),
    height: fc.integer({ min: -9, max: 9 }),
    bits: fc.constantFrom(1, 4, 8, 16, 24, 32, 7),
    compression: fc.integer({ min: 0, max: 6 }),
    data: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    palette: fc.constantFrom(PALETTE, Buffer.alloc(0)),
  });
  fc.assert(
    fc.property(file, (one) => {
      try {
        const { data, width, height } = readBmp(bmpFile(one), MOST);
        expect(data).toHaveLength(4 * width * height);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});
