/** Images whose headers claim 50,000 x 50,000 pixels, or as many as their form can say, in a few hundred bytes. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { bmpFile } from './bmp.ts';
import { pngBytes } from './media.ts';

const EDGE = 50_000;

/** Picture of four colours: red, green, blue and white, clockwise but for the last two. 64 x 48 pixels. */
export const HEIC = readFileSync(fileURLToPath(new URL('../fixtures/pictures/quarters.heic', import.meta.url)));

const small = () => sharp({ create: { width: 64, height: 48, channels: 3, background: '#336699' } });

/** Where a mark begins; it must be there. */
function placeOf(bytes: Buffer, mark: string | Buffer, from = 0): number {
  const at = bytes.indexOf(mark, from);
  if (at < 0) throw new Error(`no ${String(mark)}`);
  return at;
}

function png(): Buffer {
  const bytes = pngBytes();
  bytes.writeUInt32BE(EDGE, 16);
  bytes.writeUInt32BE(EDGE, 20);
  return bytes;
}

async function jpeg(): Promise<Buffer> {
  const bytes = await small().jpeg().toBuffer();
  const frame = placeOf(bytes, Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(EDGE, frame + 5);
  bytes.writeUInt16BE(EDGE, frame + 7);
  return bytes;
}

async function webp(): Promise<Buffer> {
  const bytes = await small().webp().toBuffer();
  const start = placeOf(bytes, Buffer.from([0x9d, 0x01, 0x2a]));
  bytes.writeUInt16LE(16_383, start + 3);
  bytes.writeUInt16LE(16_383, start + 5);
  return bytes;
}

/** Both the screen and the picture on it. */
async function gif(): Promise<Buffer> {
  const bytes = await small().gif().toBuffer();
  const colors = 3 * 2 ** (1 + ((bytes[10] ?? 0) & 7));
  const picture = placeOf(bytes, ',', 13 + ((bytes[10] ?? 0) & 128 ? colors : 0));
  for (const at of [6, 8, picture + 5, picture + 7]) bytes.writeUInt16LE(EDGE, at);
  return bytes;
}

async function tiff(): Promise<Buffer> {
  const bytes = await small().tiff().toBuffer();
  const directory = bytes.readUInt32LE(4);
  for (let entry = 0; entry < bytes.readUInt16LE(directory); entry += 1) {
    const at = directory + 2 + 12 * entry;
    // ImageWidth and ImageLength.
    if (![256, 257].includes(bytes.readUInt16LE(at))) continue;
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(EDGE, at + 8);
  }
  return bytes;
}

/** Every item of AVIF and HEIC has its size in a property. */
function container(original: Buffer): Buffer {
  const bytes = Buffer.from(original);
  for (let at = placeOf(bytes, 'ispe'); at >= 0; at = bytes.indexOf('ispe', at + 4)) {
    bytes.writeUInt32BE(EDGE, at + 8);
    bytes.writeUInt32BE(EDGE, at + 12);
  }
  return bytes;
}

/** By media type. */
export const IMAGE_BOMBS: Readonly<Record<string, () => Promise<Buffer> | Buffer>> = {
  'image/png': png,
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/gif': gif,
  'image/tiff': tiff,
  'image/avif': async () => container(await small().avif({ effort: 0 }).toBuffer()),
  'image/heic': () => container(HEIC),
  'image/bmp': () => bmpFile({ width: EDGE, height: EDGE, bits: 24, data: Buffer.alloc(64) }),
};
