import fc from 'fast-check';
import type { FileMetaData } from 'hyparquet';
import { expect, test } from 'vitest';
import { createPageCheck, limited } from '../../../../src/dataset/foreign/parquet/page-check.ts';

/** A varint in zigzag, as Thrift's compact protocol has numbers. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value < 0 ? BigInt(value) * -2n - 1n : BigInt(value) * 2n;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

/** A header (`PageHeader`, with a `DataPageHeader`) and its data. */
function page(unpacked: number, packed: number, values: number, dataBytes = packed): Uint8Array {
  const header = [0x15, 0, 0x15, ...varint(unpacked), 0x15, ...varint(packed), 0x2c, 0x15, ...varint(values), 0, 0];
  return Uint8Array.from([...header, ...new Uint8Array(dataBytes)]);
}

const checkOf = (start: number, size: number) => {
  const meta_data = { data_page_offset: BigInt(start), total_compressed_size: BigInt(size) };
  return createPageCheck({ row_groups: [{ columns: [{ meta_data }] }] } as unknown as FileMetaData);
};

test.each<[string, Uint8Array, string]>([
  ['2 GB when unpacked', page(2 ** 31 - 1, 10, 1), 'a page claims 2147483647 bytes; at most 268435456 are unpacked'],
  ['less than nothing', page(-1, 10, 1), 'a page claims -1 bytes'],
  ['more than there is', page(10, 2 ** 31 - 1, 1, 10), 'a page claims 2147483647 bytes, which is more than there are'],
  ['2 billion values', page(10, 10, 2 ** 31 - 1), 'a page claims 2147483647 values'],
])('a page that claims %s is rejected before it is decoded', async (_name, bytes, message) => {
  const check = await checkOf(4, bytes.length);
  expect(() => check(bytes.buffer as ArrayBuffer, 4)).toThrow(message);
});

test('pages that claim what they have pass, wherever in them a part of the file begins', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { minLength: 1, maxLength: 9 }), fc.nat(30), async (sizes, before) => {
      const pages = sizes.map((size) => page(size, size, 3));
      const whole = Uint8Array.from([...new Uint8Array(before), ...pages.flatMap((one) => [...one])]);
      const check = await checkOf(4 + before, whole.length - before);
      check(whole.buffer, 4);
      const [first = new Uint8Array(0), ...rest] = pages;
      check(Uint8Array.from(rest.flatMap((one) => [...one])).buffer, 4 + before + first.length);
    }),
  );
});

test('what pages unpack to is limited, each and together', () => {
  const { compressors, reset } = limited({ GZIP: (_input, length) => new Uint8Array(Math.min(length, 9)) });
  const unpack = (length: number) => compressors.GZIP?.(new Uint8Array(1), length);

  expect(() => unpack(2 ** 29)).toThrow('unpack to more than');
  reset();
  unpack(2 ** 28);
  unpack(2 ** 28);
  expect(() => unpack(1)).toThrow('unpack to more than');
  reset();
  expect(unpack(9)).toHaveLength(9);
});

test('a page that is larger than it claims is rejected', () => {
  const { compressors } = limited({ ZSTD: () => new Uint8Array(100) });
  expect(() => compressors.ZSTD?.(new Uint8Array(1), 10)).toThrow('a page is larger than it claims');
});
