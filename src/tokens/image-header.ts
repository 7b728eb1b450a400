/** Reads size and orientation of an image from its header; no pixels are decoded, so a decompression bomb is harmless. */

import { imageSize } from 'image-size';
import type { ByteSource } from '../media/byte-source.ts';
import { exifOrientation } from '../media/exif-orientation.ts';
import { isGifCutOff } from './gif-blocks.ts';
import type { MediaFacts } from './media-facts.ts';

/** Enough for all of 1,000 mixed files; only a JPEG with a large colour profile needs the whole file. */
const HEADER_BYTES = 64 * 1024;
/** The end mark is in these last bytes unless data was appended. */
const TAIL_BYTES = 4096;

/** Media types by the names of image-size. Its looser detectors (TGA, ICO) accept noise and are left out. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  heic: 'image/heic',
  heif: 'image/heif',
  avif: 'image/avif',
};

/** The facts in the header of an image, or why it cannot be used. */
export async function imageHeader(source: ByteSource): Promise<MediaFacts> {
  const head = await source.read(0, HEADER_BYTES);
  const size =
    sizeOf(head) ?? (source.byteLength > HEADER_BYTES ? sizeOf(await source.read(0, source.byteLength)) : null);
  if (size === null) return { type: 'unreadable', message: 'it has no valid image header' };
  const { width, height, mediaType } = size;
  if (mediaType === 'image/tiff' && (await hasMorePages(source)))
    return { type: 'unreadable', message: 'it has several pages: make each a file' };
  if (!(width > 0 && height > 0)) return { type: 'unreadable', message: `its size is ${width} x ${height} pixels` };
  if (!(await isComplete(source, mediaType)))
    return { type: 'unreadable', message: 'it is cut off: the end of the image is missing' };
  return { type: 'image', width, height, orientation: await exifOrientation(source, mediaType) };
}

/** A TIFF of one page has one directory (TIFF 6.0, section 2); a second one may be a thumbnail, which a reader would also skip. */
async function hasMorePages(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, 8);
  const isLittle = head.toString('latin1', 0, 2) === 'II';
  const short = (bytes: Buffer) => (isLittle ? bytes.readUInt16LE() : bytes.readUInt16BE());
  const long = (bytes: Buffer) => (isLittle ? bytes.readUInt32LE() : bytes.readUInt32BE());
  const directory = long(head.subarray(4));
  const count = await source.read(directory, 2);
  const next = count.length < 2 ? count : await source.read(directory + 2 + 12 * short(count), 4);
  return next.length === 4 && long(next) !== 0;
}

interface HeaderSize {
  readonly width: number;
  readonly height: number;
  readonly mediaType: string;
}

function sizeOf(bytes: Uint8Array): HeaderSize | null {
  try {
    const { width, height, type } = imageSize(bytes);
    const mediaType = MEDIA_TYPES[type ?? ''];
    return mediaType === undefined ? null : { width, height, mediaType };
  } catch {
    // The library throws for every invalid header; the caller reports the file.
    return null;
  }
}

async function isComplete(source: ByteSource, mediaType: string): Promise<boolean> {
  if (mediaType === 'image/webp') return (await source.read(4, 4)).readUInt32LE(0) + 8 <= source.byteLength;
  if (mediaType === 'image/gif') return !isGifCutOff(await source.read(0, source.byteLength));
  const mark = END_MARKS[mediaType];
  if (mark === undefined) return true;
  const tail = await source.read(Math.max(0, source.byteLength - TAIL_BYTES), TAIL_BYTES);
  if (tail.includes(mark)) return true;
  // Cameras append videos and maker data: the mark may be far from the end.
  const whole = await source.read(0, source.byteLength);
  return whole.indexOf(mark, mediaType === 'image/jpeg' ? startOfScan(whole) : 0) !== -1;
}

/** Neither can occur by chance inside compressed data: JPEG stuffs 0xFF, IEND is a chunk name. */
const END_MARKS: Readonly<Record<string, Buffer>> = {
  'image/png': Buffer.from('IEND', 'latin1'),
  'image/jpeg': Buffer.from([0xff, 0xd9]),
};

/** Skips the segments before the picture, which may contain thumbnails with end marks. */
function startOfScan(jpeg: Buffer): number {
  let offset = 2;
  while (offset + 4 <= jpeg.length && jpeg[offset] === 0xff && jpeg[offset + 1] !== 0xda)
    offset += 2 + jpeg.readUInt16BE(offset + 2);
  return offset;
}
