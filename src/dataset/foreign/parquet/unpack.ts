/** Unpacks pages of a Parquet file within the size that each page claims: a few bytes may unpack to gigabytes. */

import { brotliDecompressSync, unzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { loadOptional } from '../../../optional-package.ts';
import { MAX_UNPACKED_BYTES } from './page-check.ts';

type Unpack = NonNullable<Compressors[keyof Compressors]>;

/** Decompressors for these codecs of a file. @throws {InputError} with the package that a codec needs, when it is not installed. */
export async function loadUnpackers(codecs: ReadonlySet<string>): Promise<Compressors> {
  const { snappyUncompress } = await loadOptional('hyparquet', () => import('hyparquet'), 'a Parquet file needs');
  const own: Compressors = {
    SNAPPY: (input, outputLength) => {
      const output = new Uint8Array(outputLength);
      snappyUncompress(input, output);
      return output;
    },
    GZIP: within((input, maxOutputLength) => unzipSync(input, { maxOutputLength })),
    BROTLI: within((input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength })),
  };
  if (!['ZSTD', 'LZ4', 'LZ4_RAW'].some((codec) => codecs.has(codec))) return own;
  const { compressors } = await loadOptional(
    'hyparquet-compressors',
    () => import('hyparquet-compressors'),
    'a Parquet file of this compression needs',
  );
  return {
    ...own,
    ZSTD: checked(compressors.ZSTD, requireZstdSize),
    LZ4: checked(compressors.LZ4, (input, most) => {
      for (const block of hadoopBlocks(input) ?? [input]) requireLz4Size(block, most);
    }),
    LZ4_RAW: checked(compressors.LZ4_RAW, requireLz4Size),
  };
}

const TOO_LARGE = 'a page is larger than it claims';

/** Node stops at the limit. */
function within(unpack: (input: Uint8Array, maxOutputLength: number) => Uint8Array): Unpack {
  return (input, outputLength) => {
    try {
      const { buffer, byteOffset, length } = unpack(input, Math.max(1, outputLength));
      return new Uint8Array(buffer, byteOffset, length);
    } catch (cause) {
      const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
      throw isTooLarge ? new RangeError(TOO_LARGE, { cause }) : cause;
    }
  };
}

/** The package stops nowhere, so the size is worked out before. */
function checked(unpack: Unpack | undefined, requireSize: (input: Uint8Array, most: number) => void): Unpack {
  return (input, outputLength) => {
    if (unpack === undefined) throw new RangeError('its compression is not known');
    requireSize(input, outputLength);
    return unpack(input, outputLength);
  };
}

/** Most bytes that a compressed block of Zstandard holds (RFC 8878, 3.1.1.2.4). */
const ZSTD_BLOCK_BYTES = 128 * 1024;
const ZSTD_MAGIC = 0xfd2fb528;
/** The last four bits are free. */
const ZSTD_SKIPPED = 0x184d2a50;

/** Walks the frames and blocks (RFC 8878, 3.1.1). @throws {RangeError} for frames that hold, or ask for, more than they may. */
export function requireZstdSize(input: Uint8Array, most: number): void {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let plain = 0;
  let packed = 0;
  for (let at = 0; at < input.length; ) {
    const magic = view.getUint32(at, true);
    if ((magic & ~15) >>> 0 === ZSTD_SKIPPED) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (magic !== ZSTD_MAGIC) throw new RangeError('its Zstandard data are broken');
    const frame = zstdFrame(view, at + 4);
    if (frame.content > most) throw new RangeError(TOO_LARGE);
    if (frame.window > MAX_UNPACKED_BYTES)
      throw new RangeError(`a page asks for ${frame.window} bytes of memory; at most ${MAX_UNPACKED_BYTES} are used`);
    at = frame.blocksAt;
    for (let isLast = false; !isLast; ) {
      const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
      isLast = (header & 1) === 1;
      const kind = (header >> 1) & 3;
      const size = header >>> 3;
      if (kind < 2) plain += size;
      else packed += ZSTD_BLOCK_BYTES;
      if (plain > most || packed > MAX_UNPACKED_BYTES + ZSTD_BLOCK_BYTES) throw new RangeError(TOO_LARGE);
      at += 3 + (kind === 1 ? 1 : size);
    }
    at += frame.checksumBytes;
  }
}

/** The header of a frame, behind its magic number. */
function zstdFrame(view: DataView, at: number) {
  const flags = view.getUint8(at);
  const isSingle = (flags & 32) !== 0;
  const windowByte = isSingle ? 0 : view.getUint8(at + 1);
  const base = 2 ** (10 + (windowByte >> 3));
  const sizeAt = at + 1 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0);
  const sizeBytes = flags >> 6 === 0 ? Number(isSingle) : 2 ** (flags >> 6);
  const content = contentSize(view, sizeAt, sizeBytes);
  return {
    content,
    window: isSingle ? content : base + (base / 8) * (windowByte & 7),
    blocksAt: sizeAt + sizeBytes,
    checksumBytes: (flags & 4) === 0 ? 0 : 4,
  };
}

/** 0 = the frame does not say it. */
function contentSize(view: DataView, at: number, bytes: number): number {
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  if (bytes === 4) return view.getUint32(at, true);
  return bytes === 8 ? Number(view.getBigUint64(at, true)) : 0;
}

/** Walks the sequences of a block (LZ4 block format): literals, then a match. @throws {RangeError} when they are too many. */
export function requireLz4Size(input: Uint8Array, most: number): void {
  let total = 0;
  let at = 0;
  /** Lengths of 15 and more go on in further bytes, until one is not 255. */
  const lengthOf = (nibble: number) => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; length += byte) {
      byte = input[at] ?? 0;
      at += 1;
    }
    return length;
  };
  while (at < input.length) {
    const token = input[at] ?? 0;
    at += 1;
    const literals = lengthOf(token >> 4);
    total += literals;
    at += literals;
    if (at < input.length) {
      at += 2;
      total += lengthOf(token & 15) + 4;
    }
    if (total > most) throw new RangeError(TOO_LARGE);
  }
}

/** The blocks of Hadoop's framing, which older writers have: two lengths, most significant byte first, before each; null = none. */
function hadoopBlocks(input: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < input.length; ) {
    const start = at + 8;
    const end = start > input.length ? Number.POSITIVE_INFINITY : start + view.getUint32(at + 4);
    if (end > input.length) return null;
    blocks.push(input.subarray(start, end));
    at = end;
  }
  return blocks;
}
