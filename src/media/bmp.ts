/** Reads Windows bitmaps (BMP), which the image library cannot. */

/** Pixels of 8-bit red, green, blue and opacity, row by row from the top. */
export interface RgbaImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const FILE_HEADER = 14;
/** BITMAPCOREHEADER, of OS/2: sizes of 16 bits, palette entries of three bytes. */
const CORE_HEADER = 12;

/** Kinds of compression (BITMAPINFOHEADER, `biCompression`). */
const NONE = 0;
const RUNS_8 = 1;
const RUNS_4 = 2;
const BIT_FIELDS = 3;
const BIT_FIELDS_WITH_ALPHA = 6;

const BITS: readonly number[] = [1, 2, 4, 8, 16, 24, 32];

interface Header {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  readonly headerBytes: number;
  readonly paletteEntryBytes: number;
  /** 0 = as many as the bits allow. */
  readonly colors: number;
  readonly dataAt: number;
}

/** @throws {RangeError} when it is not a bitmap that this can read, is cut off, or has more than `maxPixels`. */
export function readBmp(bytes: Buffer, maxPixels: number): RgbaImage {
  const header = readHeader(bytes);
  const { width, height, bits, compression, isTopDown } = header;
  if (width * height > maxPixels) throw new RangeError(`${width} x ${height} exceeds ${maxPixels / 1e6} megapixels`);
  const palette = bits <= 8 ? readPalette(bytes, header) : [];
  const data = new Uint8Array(4 * width * height);
  const put = (x: number, y: number, color: number) => {
    if (x >= width || y >= height) return;
    const at = 4 * ((isTopDown ? y : height - 1 - y) * width + x);
    data[at] = color >>> 24;
    data[at + 1] = (color >>> 16) & 0xff;
    data[at + 2] = (color >>> 8) & 0xff;
    data[at + 3] = color & 0xff;
  };
  if (compression === RUNS_8 || compression === RUNS_4) {
    const [background = BLACK] = palette;
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) put(x, y, background);
    readRuns(bytes, header, (x, y, index) => put(x, y, palette[index] ?? BLACK));
  } else readRows(bytes, header, palette, put);
  return { data, width, height };
}

const BLACK = 0x000000ff;
const OPAQUE = 0xff;

function readHeader(bytes: Buffer): Header {
  if (bytes.length < FILE_HEADER + CORE_HEADER || bytes.toString('latin1', 0, 2) !== 'BM')
    throw new RangeError('it is not a bitmap');
  const dataAt = bytes.readUInt32LE(10);
  const headerBytes = bytes.readUInt32LE(FILE_HEADER);
  if (bytes.length < FILE_HEADER + headerBytes) throw new RangeError('it is cut off in its header');
  const isCore = headerBytes === CORE_HEADER;
  if (!isCore && headerBytes < 40) throw new RangeError(`its header of ${headerBytes} bytes is not known`);
  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? NONE : bytes.readUInt32LE(30);
  const height = Math.abs(signedHeight);
  if (!(width > 0 && height > 0)) throw new RangeError(`its size is ${width} x ${signedHeight} pixels`);
  if (!BITS.includes(bits) || !isKnown(compression, bits))
    throw new RangeError(`its pixels have an unknown form (${bits} bits, compression ${compression})`);
  return {
    width,
    height,
    bits,
    compression,
    headerBytes,
    isTopDown: signedHeight < 0,
    paletteEntryBytes: isCore ? 3 : 4,
    colors: isCore ? 0 : bytes.readUInt32LE(46),
    dataAt,
  };
}

function isKnown(compression: number, bits: number): boolean {
  if (compression === NONE) return true;
  if (compression === RUNS_8) return bits === 8;
  if (compression === RUNS_4) return bits === 4;
  return (compression === BIT_FIELDS || compression === BIT_FIELDS_WITH_ALPHA) && (bits === 16 || bits === 32);
}

/** Colours as red, green, blue, opacity in one number. */
function readPalette(bytes: Buffer, { headerBytes, bits, colors, paletteEntryBytes }: Header): readonly number[] {
  const count = colors === 0 || colors > 2 ** bits ? 2 ** bits : colors;
  const start = FILE_HEADER + headerBytes;
  const palette: number[] = [];
  for (let at = start; palette.length < count && at + 3 <= bytes.length; at += paletteEntryBytes)
    palette.push(color(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0));
  return palette;
}

function color(red: number, green: number, blue: number, alpha = OPAQUE): number {
  return ((red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0;
}

type Put = (x: number, y: number, color: number) => void;

/** Rows are padded to four bytes. */
function readRows(bytes: Buffer, header: Header, palette: readonly number[], put: Put): void {
  const { width, height, bits, dataAt } = header;
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  if (dataAt + rowBytes * (height - 1) + Math.ceil((width * bits) / 8) > bytes.length)
    throw new RangeError('it is cut off: pixels are missing');
  const pixel = pixelReader(bytes, header, palette);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) put(x, y, pixel(dataAt + y * rowBytes, x));
}

function pixelReader(bytes: Buffer, header: Header, palette: readonly number[]): (row: number, x: number) => number {
  const { bits } = header;
  if (bits <= 8) {
    const perByte = 8 / bits;
    return (row, x) => {
      const byte = bytes[row + Math.floor(x / perByte)] ?? 0;
      return palette[(byte >> (8 - bits * (1 + (x % perByte)))) & (2 ** bits - 1)] ?? BLACK;
    };
  }
  if (bits === 24)
    return (row, x) => color(bytes[row + 3 * x + 2] ?? 0, bytes[row + 3 * x + 1] ?? 0, bytes[row + 3 * x] ?? 0);
  const [red, green, blue, alpha] = masksOf(bytes, header).map(channel);
  return (row, x) => {
    const value = bits === 16 ? bytes.readUInt16LE(row + 2 * x) : bytes.readUInt32LE(row + 4 * x);
    return color(red?.(value) ?? 0, green?.(value) ?? 0, blue?.(value) ?? 0, alpha?.(value) ?? OPAQUE);
  };
}

/** Of red, green and blue, and of opacity where the header has one. */
function masksOf(bytes: Buffer, { bits, compression, headerBytes }: Header): readonly number[] {
  if (compression === NONE) return bits === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0x00ff00, 0x0000ff];
  const at = FILE_HEADER + 40; // behind a header of 40 bytes, or inside a longer one
  const hasAlpha = compression === BIT_FIELDS_WITH_ALPHA || headerBytes >= 56;
  const count = hasAlpha ? 4 : 3;
  if (at + 4 * count > bytes.length) throw new RangeError('it is cut off in its header');
  const masks = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(at + 4 * index));
  return masks[3] === 0 ? masks.slice(0, 3) : masks;
}

/** Scales the bits below a mask to 0 to 255. */
function channel(mask: number): (value: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / most);
}

/** Run-length encoding (RLE8 and RLE4): pairs of count and index, with escapes for line ends, jumps and plain pixels. */
function readRuns(bytes: Buffer, { bits, dataAt, height }: Header, put: (x: number, y: number, index: number) => void) {
  const nibble = (byte: number, index: number) => (index % 2 === 0 ? byte >> 4 : byte & 15);
  const indexOf = (byte: number, at: number) => (bits === 8 ? byte : nibble(byte, at));
  let [x, y] = [0, 0];
  for (let at = dataAt; at + 1 < bytes.length && y < height; ) {
    const [count = 0, value = 0] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) for (let index = 0; index < count; index += 1, x += 1) put(x, y, indexOf(value, index));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) return;
    else if (value === 2) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const length = bits === 8 ? value : Math.ceil(value / 2);
      for (let index = 0; index < value; index += 1, x += 1)
        put(x, y, indexOf(bytes[at + (bits === 8 ? index : index >> 1)] ?? 0, index));
      at += length + (length % 2);
    }
  }
}
