/** Reads how a camera was held (EXIF tag 274) from the head of a JPEG, PNG, WebP or TIFF; no pixels are decoded. */

import type { ByteSource } from './byte-source.ts';

/** 1 = upright. 2 to 8 mirror or rotate the stored pixels; 5 to 8 exchange width and height. */
const UPRIGHT = 1;

/** Segments or chunks that are visited; each is a read of its own, and real files have fewer than a hundred. */
const MAX_PARTS = 1000;
/** Entries of a directory that are searched; cameras write some twenty. */
const MAX_ENTRIES = 500;

/** 1 to 8; 1 for other types, and where nothing valid is recorded. HEIC and AVIF are turned by their decoders. */
export async function exifOrientation(source: ByteSource, mediaType: string): Promise<number> {
  const start = await (FINDERS[mediaType]?.(source) ?? null);
  return start === null ? UPRIGHT : orientationAt(source, start);
}

/** Finds the offset of the TIFF structure; null = there is none. */
type Finder = (source: ByteSource) => Promise<number | null>;

const FINDERS: Readonly<Record<string, Finder>> = {
  'image/jpeg': exifOfJpeg,
  // The structure is the file.
  'image/tiff': async () => 0,
  'image/png': (source) => exifOfChunks(source, { first: 8, name: 'eXIf', end: 'IDAT', nameAt: 4, extraBytes: 4 }),
  'image/webp': (source) => exifOfChunks(source, { first: 12, name: 'EXIF', end: null, nameAt: 0, extraBytes: 0 }),
};

const EXIF_MARK = 'Exif\0\0';
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

/** JPEG: segments of a marker and a length; Exif 2.32, 4.5.4. */
async function exifOfJpeg(source: ByteSource): Promise<number | null> {
  let offset = 2;
  for (let parts = 0; parts < MAX_PARTS; parts += 1) {
    const head = await source.read(offset, 4 + EXIF_MARK.length);
    if (head.length < 4 || head[0] !== 0xff || head[1] === START_OF_SCAN) return null;
    if (head[1] === 0xff) {
      // A fill byte before the marker.
      offset += 1;
      continue;
    }
    if (head[1] === APP1 && head.toString('latin1', 4) === EXIF_MARK) return offset + head.length;
    offset += 2 + head.readUInt16BE(2);
  }
  return null;
}

interface ChunkFormat {
  /** Offset of the first chunk. */
  readonly first: number;
  readonly name: string;
  /** Name of the chunk after which nothing is searched. */
  readonly end: string | null;
  /** The name stands before or after the length, which is big-endian in PNG. */
  readonly nameAt: 0 | 4;
  /** After the data: the checksum of PNG. */
  readonly extraBytes: number;
}

/** PNG (third edition, 11.3.4.5) and WebP (RIFF, chunks at even offsets). */
async function exifOfChunks(source: ByteSource, format: ChunkFormat): Promise<number | null> {
  let offset = format.first;
  for (let parts = 0; parts < MAX_PARTS; parts += 1) {
    const head = await source.read(offset, 8 + EXIF_MARK.length);
    if (head.length < 8) return null;
    const name = head.toString('latin1', format.nameAt, format.nameAt + 4);
    if (name === format.end) return null;
    // Some writers of WebP put the mark of JPEG before the structure.
    if (name === format.name) return offset + 8 + (head.toString('latin1', 8) === EXIF_MARK ? EXIF_MARK.length : 0);
    const length = format.nameAt === 4 ? head.readUInt32BE(0) : head.readUInt32LE(4) + (head.readUInt32LE(4) % 2);
    offset += 8 + length + format.extraBytes;
  }
  return null;
}

const ORIENTATION = 274;
const SHORT = 3;
const LONG = 4;

/** Searches the first directory of a TIFF structure (TIFF 6.0, section 2). */
async function orientationAt(source: ByteSource, start: number): Promise<number> {
  const head = await source.read(start, 8);
  const order = head.toString('latin1', 0, 2);
  if (head.length < 8 || (order !== 'II' && order !== 'MM')) return UPRIGHT;
  const isLittle = order === 'II';
  const short = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (bytes: Buffer, at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const directory = start + long(head, 4);
  const count = await source.read(directory, 2);
  if (short(head, 2) !== 42 || count.length < 2) return UPRIGHT;
  const entries = await source.read(directory + 2, 12 * Math.min(short(count, 0), MAX_ENTRIES));
  for (let at = 0; at + 12 <= entries.length; at += 12) {
    if (short(entries, at) !== ORIENTATION) continue;
    const type = short(entries, at + 2);
    const value = type === SHORT ? short(entries, at + 8) : type === LONG ? long(entries, at + 8) : UPRIGHT;
    return value >= 1 && value <= 8 ? value : UPRIGHT;
  }
  return UPRIGHT;
}
