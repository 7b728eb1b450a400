import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { loadUnpackers, requireLz4Size, requireZstdSize } from '../../../../src/dataset/foreign/parquet/unpack.ts';
import { makeFolder, readAll } from '../../folder.ts';

/** SHA-256 of the three pictures in each file; pyarrow wrote them. */
const PICTURES = [
  'ffdcd213a0e776c6f063ff2dd8abcd33b7976df8f68b36598ffe40b645b1ec3a',
  '43f34fbde1dc07f27030dbdb0b516f0a6d40c922dad8faf8f2d30b42368280bb',
  '4e2af9ed6a50f51ddfa9e9325ddc9c0b14ad2fe6bc46cf1ecddb734e23a1b2e6',
];

test.each(['zstd.parquet', 'lz4.parquet'])('%s of pyarrow gives its pictures', async (name) => {
  const bytes = readFileSync(fileURLToPath(new URL(`../../../fixtures/parquet/${name}`, import.meta.url)));

  const { samples, problems } = await readAll({ path: `${makeFolder({ [name]: bytes })}/${name}`, displayPath: name });

  expect(problems).toEqual([]);
  const hashes = samples.flatMap(({ messages }) =>
    messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'text' || part.media.type === 'url' ? [] : [part.media.sha256])),
    ),
  );
  expect(hashes).toEqual(PICTURES);
  expect(samples.map(({ target }) => target)).toEqual([['pattern 0'], ['pattern 1'], ['pattern 2']]);
});

const codecs = new Set(['ZSTD', 'LZ4', 'LZ4_RAW']);
const zeros = Buffer.alloc(10_000_000);

/** A frame of blocks of one repeated byte: four bytes for two million. A window of 1 KiB, without a size. */
function zstdBomb(blocks: number, head = [0, 0]): Uint8Array {
  const size = 2 ** 21 - 1;
  const block = (isLast: boolean) =>
    [(size << 3) | 2 | Number(isLast), 0].flatMap((word, index) =>
      index === 0 ? [word & 255, (word >> 8) & 255, (word >> 16) & 255] : [word],
    );
  return Uint8Array.from([
    ...[0x28, 0xb5, 0x2f, 0xfd],
    ...head,
    ...Array.from({ length: blocks }, (_, index) => block(index === blocks - 1)).flat(),
  ]);
}

/** One literal, repeated: each further byte is 255 more. */
const lz4Bomb = (bytes: number) => Uint8Array.from([0x1f, 0, 1, 0, ...new Uint8Array(bytes).fill(255), 0]);

/** The framing of Hadoop: the lengths before and after, then the block. */
function inHadoopFrame(block: Uint8Array, claimed: number): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(claimed, 0);
  head.writeUInt32BE(block.length, 4);
  return Uint8Array.from([...head, ...block]);
}

test.each<[string, Uint8Array]>([
  ['GZIP', gzipSync(zeros)],
  ['GZIP', deflateSync(zeros)],
  ['BROTLI', brotliCompressSync(zeros)],
  ['ZSTD', zstdBomb(1000)],
  ['LZ4_RAW', lz4Bomb(100_000)],
  ['LZ4', lz4Bomb(100_000)],
  ['LZ4', inHadoopFrame(lz4Bomb(100_000), 100)],
])('a bomb in %s ends at the size that its page claims', async (codec, bytes) => {
  const unpack = new Map(Object.entries(await loadUnpackers(codecs))).get(codec);

  expect(() => unpack?.(bytes, 100)).toThrow('a page is larger than it claims');
});

test.each<[string, Uint8Array]>([
  ['GZIP', gzipSync(zeros.subarray(0, 1000))],
  ['BROTLI', brotliCompressSync(zeros.subarray(0, 1000))],
])('what %s holds may be as large as the page claims', async (codec, bytes) => {
  const unpack = new Map(Object.entries(await loadUnpackers(codecs))).get(codec);

  expect(unpack?.(bytes, 1000)).toEqual(new Uint8Array(1000));
});

test.each<[string, number[], string]>([
  ['2 GiB of memory', [0, 21 << 3], 'a page asks for 2147483648 bytes of memory'],
  ['4 GB of content', [0xa0, 255, 255, 255, 255], 'a page is larger than it claims'],
  ['more content than a number holds', [0xe0, ...new Array<number>(8).fill(255)], 'a page is larger than it claims'],
])('a frame of Zstandard that asks for %s is rejected by its header', (_name, head, message) => {
  expect(() => requireZstdSize(zstdBomb(1, head), 1e9)).toThrow(message);
});

test('data of Zstandard that are cut off, or none at all, are rejected', () => {
  expect(() => requireZstdSize(zstdBomb(3).subarray(0, 9), 1e9)).toThrow(RangeError);
  expect(() => requireZstdSize(new Uint8Array(20), 1e9)).toThrow('its Zstandard data are broken');
});

test('frames that are to be skipped hold nothing', () => {
  const skipped = Uint8Array.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);

  expect(() => requireZstdSize(skipped, 0)).not.toThrow();
});

test('the size of a block of LZ4 is that of its literals and matches', () => {
  // 5 literals, then a match of 4 + 3, then 2 literals.
  const block = Uint8Array.from([0x53, 1, 2, 3, 4, 5, 5, 0, 0x20, 6, 7]);

  expect(() => requireLz4Size(block, 14)).not.toThrow();
  expect(() => requireLz4Size(block, 13)).toThrow('a page is larger than it claims');
});
